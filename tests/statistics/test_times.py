"""How long a case takes: an honest range from past cases, the same whatever came of them."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given as holds
from hypothesis import strategies as st

from tests import given
from vetting.cases.models import Case
from vetting.enquiries import receiving
from vetting.enquiries.queries import paused
from vetting.statistics.models import RouteTime
from vetting.statistics.queries import ranges_for
from vetting.statistics.rules import EVERY_ROUTE, FEWEST, range_of
from vetting.statistics.services import COUNTED_EVERY, count_times

days = st.lists(st.integers(0, 400), min_size=FEWEST, max_size=200)


@holds(days)
def test_half_take_at_most_the_median_and_nine_of_ten_at_most_the_other(durations):
    span = range_of(Counter(durations))
    assert span is not None
    for bound, share in ((span.median, 0.5), (span.ninth, 0.9)):
        assert bound in durations
        assert sum(one <= bound for one in durations) >= share * len(durations)
        assert sum(one < bound for one in durations) < share * len(durations)
    first, last = span.after(date(2026, 11, 24))
    assert first <= last


@holds(st.lists(st.integers(0, 400), max_size=FEWEST - 1))
def test_few_cases_say_nothing(durations):
    assert range_of(Counter(durations)) is None


def like(case, count, passed, **changes):
    """Past cases like this one, as far as the figures look."""
    key = Case.objects.values().get(pk=case.pk)
    Case.objects.bulk_create([
        Case(**{**key, "id": None, "ref": f"7f1f2f5e-{passed:04}-4000-8000-{place:012}", "wake_at": None,
                "reference": f"P{passed}-{place}", "tracking": f"Q{passed}-{place}", "passed_days": passed, **changes})
        for place in range(count)
    ])  # fmt: skip


@pytest.mark.django_db
def test_the_last_answer_ends_the_time_and_waiting_for_the_applicant_is_not_counted():
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-MOREINFO"})
    given.own_register_answers(world, case)
    given.advance(world, case, minutes=1)
    (asked,) = case.enquiries.filter(state="more_information")
    since, now = asked.asked_us_at, world.clock.forward(days=9)
    assert since is not None
    assert paused(case.ref, now) == now - since >= timedelta(days=9)
    receiving.stop_waiting(asked.ref, actor=given.clerk_of(world), at=world.clock.now)
    case = given.advance(world, case, minutes=1)
    assert case.passed_days == 0
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    world.clock.forward(days=9)
    given.own_register_answers(world, case)
    case.refresh_from_db()
    (silent,) = case.enquiries.exclude(channel="own_register")
    receiving.stop_waiting(silent.ref, actor=given.clerk_of(world), at=world.clock.now)
    assert given.advance(world, case, minutes=1).passed_days == 9


@pytest.mark.django_db
def test_a_time_is_the_same_for_who_is_cleared_and_for_who_is_not():
    world = given.world()
    cleared, held = given.case_cleared(world), given.case_not_cleared(world)
    assert (cleared.passed_days, cleared.route) == (held.passed_days, held.route) == (0, "BG IE")


@pytest.mark.django_db
def test_a_route_with_enough_cases_has_its_own_time_and_others_that_of_the_home_state():
    world = given.world()
    case = given.case_cleared(world)
    like(case, FEWEST, 4)
    like(case, FEWEST, 12, route="IE PL")
    assert count_times(at=world.clock.now) == 3
    other, unknown = Case(pk=-1, home="IE", route="IE RO"), Case(pk=-2, home="BG", route="")
    known = ranges_for([case, other, unknown])
    assert (known[case.pk].median, known[case.pk].ninth) == (4, 4)
    assert (known[-1].median, known[-1].ninth) == (4, 12)
    assert -2 not in known


@pytest.mark.django_db
def test_figures_move_once_a_week_whatever_happens_in_between():
    world = given.world()
    case = given.case_cleared(world)
    like(case, FEWEST, 4)
    assert count_times(at=world.clock.now) == 2
    like(case, FEWEST * 3, 20)
    assert count_times(at=world.clock.now + COUNTED_EVERY - timedelta(seconds=1)) == 0
    assert RouteTime.objects.get(route=EVERY_ROUTE).median == 4
    count_times(at=world.clock.now + COUNTED_EVERY)
    assert RouteTime.objects.get(route=EVERY_ROUTE).median == 20


@pytest.mark.django_db
def test_a_secretary_is_told_a_range_and_may_ask_once_when_it_has_passed(client, time_machine):
    world = given.world()
    case = given.case_asked(world)
    RouteTime.objects.create(home="IE", route="BG IE", median=3, ninth=9, counted_at=world.clock.now)
    time_machine.move_to(world.clock.now)
    client.force_login(world.secretary)
    home, page = reverse("organisation:home"), reverse("organisation:case", args=[case.ref])
    for address in (home, page):
        assert "Expected between 27 November 2026 and 3 December 2026" in client.get(address).content.decode()
    client.post(reverse("organisation:escalate", args=[case.ref]))
    assert Case.objects.get().escalated_at is None  # it is not late
    time_machine.move_to(world.clock.forward(days=10))
    client.force_login(world.secretary)
    assert "Nine of ten are done by 3 December 2026." in client.get(page).content.decode()
    client.post(reverse("organisation:escalate", args=[case.ref]))
    asked = Case.objects.get().escalated_at
    client.post(reverse("organisation:escalate", args=[case.ref]))
    assert Case.objects.get().escalated_at == asked is not None
    assert "You asked on 4 December 2026." in client.get(page).content.decode()
    client.force_login(world.clerk)
    assert re.search("asked about", client.get(reverse("desk:queue")).content.decode())


@pytest.mark.django_db
def test_where_past_cases_say_nothing_the_page_says_so(client, time_machine):
    world = given.world()
    given.case_asked(world)
    time_machine.move_to(world.clock.now)
    client.force_login(world.secretary)
    page = client.get(reverse("organisation:home")).content.decode()
    assert "too few past cases" in page
    assert "Ask the authority" not in page
    time_machine.move_to(world.clock.forward(days=31))
    client.force_login(world.secretary)
    assert "Ask the authority" in client.get(reverse("organisation:home")).content.decode()
