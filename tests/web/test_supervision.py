"""What a supervisor sees: in and out, who has how much, and openings of files drawn for review."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given as holds
from hypothesis import strategies as st

from tests import given
from vetting.audit.models import Entry
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority
from vetting.cases import handling
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case, Review
from vetting.cases.rules import Finding, OpeningReason, ReturnReason
from vetting.cases.services import return_case
from vetting.errors import Refused
from vetting.identity.queries import version_of
from vetting.identity.services import submit
from vetting.web.desk.flow import AHEAD, HEIGHT, WEEKS, WIDTH, chart_of, forecast_of

numbers = st.lists(st.integers(0, 10_000), min_size=WEEKS, max_size=WEEKS)


@holds(numbers, numbers)
def test_every_bar_of_the_chart_is_inside_it_and_as_high_as_its_number(came, went):
    bars = chart_of(came, went)["bars"]
    assert [bar["number"] for bar in bars] == [number for pair in zip(came, went, strict=True) for number in pair]
    for bar in bars:
        assert 0 <= bar["x"] <= bar["x"] + bar["width"] <= WIDTH
        assert 0 <= bar["y"] <= bar["y"] + bar["height"] <= HEIGHT
    highest = max(bars, key=lambda bar: bar["number"])
    assert all(bar["height"] <= highest["height"] for bar in bars)


@holds(st.integers(0, 10_000), numbers)
def test_what_goes_out_as_fast_as_it_comes_in_leaves_the_backlog_as_it_is(waits, flow):
    assert forecast_of(waits, flow, flow) == [waits] * AHEAD


def test_the_forecast_goes_on_as_the_last_four_full_weeks_and_never_below_nothing():
    came, went = [0] * 7 + [10, 10, 10, 10, 999], [0] * 12
    assert forecast_of(5, came, went) == [15, 25, 35, 45]
    assert forecast_of(5, went, came) == [0, 0, 0, 0]


@pytest.fixture
def world(db, time_machine, settings):
    settings.REVIEW_ONE_IN = 1
    world = given.world()
    time_machine.move_to(world.clock.now)
    give_supervision(world.other_clerk, Authority.objects.get(state="IE"))
    return world


def opened(world, case, reason=OpeningReason.DECIDE, user=None):
    handling.open_file(
        case.ref, reason=reason, user=user or world.clerk, actor=given.clerk_of(world), at=world.clock.now
    )


def page(client, user):
    client.force_login(user)
    return client.get(reverse("desk:supervision"))


def test_only_a_supervisor_sees_it(client, world):
    assert page(client, world.clerk).status_code == 404
    assert page(client, world.secretary).status_code == 404
    assert page(client, world.other_clerk).status_code == 200
    client.force_login(world.clerk)
    assert "Supervision</a>" not in client.get(reverse("desk:queue")).content.decode()


def test_in_and_out_are_counted_by_week_whatever_the_outcome(client, world):
    for ending in (given.case_cleared, given.case_not_cleared, given.case_submitted):
        ending(world)
    html = page(client, world.other_clerk).content.decode()
    week = re.findall(r"Week from\">([^<]*)</td><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td>", html)
    assert len(week) == WEEKS
    assert week[-1] == ("23 November 2026", "3", "2")
    assert {row[1:] for row in week[:-1]} == {("0", "0")}


def test_a_case_that_was_returned_and_submitted_again_came_in_once_and_the_backlog_is_exact(client, world):
    case = given.case_submitted(world)
    return_case(case.ref, reason=ReturnReason.DOCUMENT_DIFFERS, actor=given.clerk_of(world), at=world.clock.now)
    told = {"version": version_of(case), "user": world.secretary, "actor": APPLICANT, "at": world.clock.now}
    submit(case.ref, **told)
    key = Case.objects.values().get(pk=case.pk)
    Case.objects.bulk_create([
        Case(**{**key, "id": None, "ref": f"6f1f2f5e-0000-4000-8000-{place:012}", "reference": f"A{place}",
                "tracking": f"B{place}"}) for place in range(250)
    ])  # fmt: skip
    html = page(client, world.other_clerk).content.decode()
    assert "251 cases wait for a clerk now." in html
    assert re.findall(r"Came in\">(\d+)</td>", html)[-1] == "1"


def test_what_waits_for_whom_and_what_is_late(client, world):
    made = [given.case_submitted(world) for _ in range(3)]
    for case in made[:2]:
        handling.take(case.ref, user=world.clerk, actor=given.clerk_of(world), at=world.clock.now)
    Case.objects.filter(pk=made[0].pk).update(desk_due=world.clock.now.date() - timedelta(days=1))
    html = page(client, world.other_clerk).content.decode()
    assert re.search(rf"{world.clerk}</td><td[^>]*>2</td><td[^>]*>1</td>", html)
    assert re.search(rf"{world.other_clerk}</td><td[^>]*>0</td><td[^>]*>0</td>", html)


def test_an_opening_that_was_drawn_is_reviewed_by_somebody_else_and_recorded(client, world):
    case = given.case_submitted(world)
    opened(world, case, OpeningReason.SUPERVISION)
    opened(world, case, user=world.other_clerk)
    assert case.reference in page(client, world.other_clerk).content.decode()
    drawn, own = Review.objects.order_by("pk")
    client.post(reverse("desk:review", args=[drawn.pk]), {"finding": "evil"})
    client.post(reverse("desk:review", args=[drawn.pk]), {"finding": "unfounded"})
    client.post(reverse("desk:review", args=[own.pk]), {"finding": "founded"})
    assert sorted(Review.objects.values_list("finding", flat=True)) == ["", "unfounded"]
    assert Entry.objects.get(event="file.review").facts == {"code": "unfounded"}
    with pytest.raises(Refused, match="same-person"):
        handling.review(
            own.pk, finding=Finding.ASK, user=world.other_clerk, actor=given.clerk_of(world), at=world.clock.now
        )
    assert case.reference not in page(client, world.other_clerk).content.decode()


def test_a_supervisor_of_another_state_finds_no_review_here(client, world):
    case = given.case_submitted(world)
    opened(world, case)
    other = given.user("elsewhere")
    give_supervision(other, Authority.objects.get(state="BG"))
    assert case.reference not in page(client, other).content.decode()
    assert client.post(reverse("desk:review", args=[Review.objects.get().pk]), {"finding": "ask"}).status_code == 404


def test_about_one_opening_in_so_many_is_drawn(world, settings):
    settings.REVIEW_ONE_IN = 4
    case = given.case_submitted(world)
    for _ in range(200):
        opened(world, case)
    assert 20 < Review.objects.count() < 90
