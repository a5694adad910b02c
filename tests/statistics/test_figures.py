"""What everybody may read: times and numbers in which nobody can be found, and when States could not be reached."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from hypothesis import given as holds
from hypothesis import strategies as st

from tests import given
from tests.statistics.test_times import like
from vetting import pipeline
from vetting.audit.ports import SYSTEM
from vetting.cases.access import APPLICANT
from vetting.enquiries import receiving
from vetting.enquiries import services as enquiries
from vetting.exchange.services import answered, failed
from vetting.identity import services as identity
from vetting.identity.queries import version_of
from vetting.statistics.models import MonthFigure, Outage
from vetting.statistics.rules import MONTHS, Stage, full_months, hours_down, spells_of, volume_of
from vetting.statistics.services import count_months, count_outages

DECEMBER = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


@holds(st.lists(st.integers(0, 10_000), min_size=2, max_size=20))
def test_no_published_number_and_no_difference_or_sum_of_some_is_a_number_under_ten(counts):
    shown = [volume_of(count) or 0 for count in counts]
    assert all(number == 0 or number >= 10 for number in shown)
    assert all(abs(one - other) % 10 == 0 for one in shown for other in shown)
    assert all(volume_of(count) is None for count in counts if count < 10)


@holds(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_full_months_are_the_twelve_before_this_one(today):
    months = full_months(today)
    assert len(months) == MONTHS
    assert months == sorted({month.replace(day=1) for month in months})
    assert months[-1] < today.replace(day=1) <= months[-1] + timedelta(days=31)


@pytest.mark.django_db
def test_a_month_is_counted_once_when_it_is_over_and_never_again():
    world = given.world()
    case = given.case_cleared(world)
    like(case, 24, 3)
    assert count_months(at=world.clock.now) == MONTHS
    assert not MonthFigure.objects.filter(month=date(2026, 11, 1)).exists(), "this month is not over"
    assert count_months(at=DECEMBER) == 1
    assert count_months(at=DECEMBER) == 0
    november = MonthFigure.objects.get(month=date(2026, 11, 1), stage=Stage.SUBMITTED)
    assert (november.volume, november.median, november.ninth) == (20, 0, 0)
    like(case, 24, 9)
    assert count_months(at=DECEMBER + timedelta(days=3)) == 0
    assert MonthFigure.objects.get(pk=november.pk).volume == 20


@pytest.mark.django_db
def test_each_stage_is_counted_from_and_to_the_moments_that_the_page_names():
    world = given.world()
    for _ in range(20):
        world.clock.now = given.START
        case = given.case_opened(world)
        for step, said in given.steps(document={"number": "TEST-SILENT"}).items():
            identity.save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.now)
        given.agree(world, case)
        identity.submit(
            case.ref, version=version_of(case), user=world.secretary, actor=SYSTEM,
            at=world.clock.forward(days=1),
        )  # fmt: skip
        enquiries.accept(case.ref, actor=given.clerk_of(world), at=world.clock.forward(days=2))
        given.advance(world, case)
        world.clock.forward(days=2)
        given.own_register_answers(world, case)
        (silent,) = case.enquiries.exclude(channel="own_register")
        receiving.stop_waiting(silent.ref, actor=given.clerk_of(world), at=world.clock.now)
        given.advance(world, case)
    count_months(at=DECEMBER)
    found = {row.stage: row for row in MonthFigure.objects.filter(month=date(2026, 11, 1))}
    assert {stage: (row.volume, row.median, row.ninth) for stage, row in found.items()} == {
        Stage.SUBMITTED: (20, 1, 1),
        Stage.ACCEPTED: (20, 2, 2),
        Stage.STATE_ANSWERED: (None, None, None),  # it was silent
        Stage.ALL_ANSWERED: (20, 4, 4),
    }


@pytest.mark.parametrize("ending", [given.case_cleared, given.case_not_cleared])
@pytest.mark.django_db
def test_figures_are_the_same_whether_cases_were_cleared_or_not(ending):
    world = given.world()
    for _ in range(10):
        ending(world)
    count_months(at=DECEMBER)
    november = MonthFigure.objects.filter(month=date(2026, 11, 1)).order_by("stage")
    assert list(november.values_list("stage", "volume")) == [(stage, 10) for stage in sorted(Stage)]


HOUR = timedelta(hours=1)
NOVEMBER = {date(2026, 11, 1): (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))}


def test_time_without_a_way_counts_in_the_months_it_lies_in_and_begun_hours_are_hours():
    began = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    turns = [("MT", True, began), ("MT", True, began + HOUR), ("MT", False, began + 3 * HOUR), ("BG", False, began)]
    assert hours_down(spells_of(turns, began + 9 * HOUR), NOVEMBER) == {(date(2026, 11, 1), "MT"): 3}
    assert hours_down(spells_of(turns[:1], began + 9 * HOUR), NOVEMBER) == {(date(2026, 11, 1), "MT"): 9}
    assert hours_down(spells_of([], began), NOVEMBER) == {}


@pytest.fixture
def down(time_machine):
    """The way to Malta was down for four hours in November, that to Bulgaria is down since this morning."""
    given.world()
    for state, began in (("MT", given.START), ("BG", DECEMBER - 2 * HOUR)):
        for _ in range(5):
            failed(state, at=began)
    answered("MT", at=given.START + 4 * HOUR)
    time_machine.move_to(DECEMBER, tick=False)


@pytest.mark.django_db
def test_interruptions_are_told_by_state_and_month_without_blame(client, down):
    assert count_outages(at=DECEMBER) == 2
    assert count_outages(at=DECEMBER) == 2, "counted anew, not once more"
    assert set(Outage.objects.values_list("state", "hours")) == {("MT", 4), ("BG", 2)}
    page = client.get(reverse("figures")).content.decode()
    assert "The cause can lie on either side" in page
    assert re.search(r"Malta</th>.*?November 2026.*?4<", page)
    assert re.search(r"Bulgaria</th>.*?December 2026.*?2<", page)
    assert "Some cannot be reached now" in page
    rows = list(csv.reader(StringIO(client.get(reverse("interruptions_csv")).content.decode())))
    assert rows == [["month", "state", "hours"], ["2026-12", "BG", "2"], ["2026-11", "MT", "4"]]


@pytest.mark.django_db
def test_the_page_and_the_table_show_what_was_counted_and_hide_what_is_small(client, time_machine):
    world = given.world()
    case = given.case_cleared(world)
    like(case, 33, 3)
    pipeline.expire(at=DECEMBER)
    time_machine.move_to(DECEMBER, tick=False)
    page = " ".join(client.get(reverse("figures")).content.decode().split())
    assert "From the invitation to the submission" in page
    assert re.search(r"November 2026</th><td[^>]*>30<", page)
    assert re.search(r"October 2026</th><td[^>]*>fewer than 10<", page)
    rows = list(csv.DictReader(StringIO(client.get(reverse("figures_csv")).content.decode())))
    assert len(rows) == MONTHS * len(Stage)
    (known,) = [row for row in rows if (row["month"], row["stage"]) == ("2026-11", "submitted")]
    assert (known["number_in_tens"], known["half_within_days"]) == ("30", "0")
    (small,) = [row for row in rows if (row["month"], row["stage"]) == ("2026-11", "accepted")]
    assert (small["number_in_tens"], small["half_within_days"]) == ("", "")


@pytest.mark.django_db
def test_the_page_costs_the_same_whatever_the_number_of_cases(client, time_machine, django_assert_num_queries):
    world = given.world()
    case = given.case_cleared(world)
    time_machine.move_to(DECEMBER, tick=False)
    for more in (0, 300):
        like(case, more, 3)
        with django_assert_num_queries(3):
            client.get(reverse("figures"))


@pytest.mark.django_db
def test_before_anything_was_counted_the_page_says_so(client):
    page = client.get(reverse("figures")).content.decode()
    assert page.count("too few to show anything yet") == len(Stage)
    assert "No interruption in the last twelve months" in page
