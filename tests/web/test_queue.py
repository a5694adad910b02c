"""The desk's queue: what waits, who has it, and the next one."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import given
from vetting.cases import handling
from vetting.cases import services as cases
from vetting.cases.models import Case
from vetting.cases.rules import MOST_HELD, CaseState, ReturnReason
from vetting.errors import Refused
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import NotClearReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def waits(case):
    return Case.objects.get(pk=case.pk).desk_due is not None


def submitted(world, count):
    """That many cases to accept, each due a day after the one before."""
    made = [given.case_submitted(world) for _ in range(count)]
    for place, case in enumerate(made):
        Case.objects.filter(pk=case.pk).update(desk_due=world.clock.now.date() + timedelta(days=place))
    return made


def shown(client, **query):
    page = client.get(reverse("desk:queue"), query).content.decode()
    return re.findall(r"desk/cases/([0-9a-f-]{36})/", page)


def refs(made):
    return [str(case.ref) for case in made]


def click(client, verb, *args, **typed):
    return client.post(reverse(f"desk:{verb}", args=args), typed)


def as_clerk(client, user):
    client.force_login(user)
    return client


def test_a_case_waits_for_a_clerk_exactly_while_one_has_to_act(world):
    assert not waits(given.case_opened(world))
    assert not waits(given.case_consented(world))
    case = given.case_submitted(world)
    assert waits(case)
    cases.return_case(case.ref, reason=ReturnReason.DOCUMENT_DIFFERS, actor=given.clerk_of(world), at=world.clock.now)
    assert not waits(case)
    case = given.case_accepted(world)
    assert not waits(case)  # the question to the own register is not yet put
    given.advance(world, case)
    assert waits(case)
    given.own_register_answers(world, case)
    assert not waits(case)
    case = given.case_decided_by_answers(world, document={"number": "TEST-ENTRY"})
    assert case.state == CaseState.ASSESSING
    assert waits(case)
    assert not waits(given.case_not_cleared(world))
    assert not waits(given.case_cleared(world))


def test_the_oldest_due_case_that_nobody_has_is_next(client, world):
    first, second, third = submitted(world, 3)
    handling.take(first.ref, user=world.other_clerk, actor=given.clerk_of(world), at=world.clock.now)
    answer = click(as_clerk(client, world.clerk), "take_next")
    assert answer["Location"] == reverse("desk:case", args=[second.ref])
    assert "Accept: ask these authorities" in client.get(answer["Location"]).content.decode()
    assert Case.objects.get(pk=second.pk).handler == world.clerk
    assert Case.objects.get(pk=third.pk).handler is None


def test_two_clerks_never_take_the_same_case(client, world):
    (case,) = submitted(world, 1)
    click(as_clerk(client, world.clerk), "take", case.ref)
    answer = client.get(click(as_clerk(client, world.other_clerk), "take", case.ref)["Location"])
    assert "Somebody else was first." in answer.content.decode()
    assert Case.objects.get().handler == world.clerk


def test_one_clerk_holds_no_more_than_one_person_may_until_something_is_released(client, world):
    made = submitted(world, MOST_HELD + 1)
    as_clerk(client, world.clerk)
    for _ in range(MOST_HELD):
        click(client, "take_next")
    answer = click(client, "take_next")
    assert "who=mine" in answer["Location"]
    assert "You hold as many cases as one person may." in client.get(answer["Location"]).content.decode()
    assert Case.objects.filter(handler=world.clerk).count() == MOST_HELD
    click(client, "release", made[0].ref)
    assert click(client, "take_next")["Location"] == reverse("desk:case", args=[made[0].ref])


def test_who_holds_as_many_as_one_person_may_still_opens_another_but_does_not_hold_it(client, world):
    *held, last = submitted(world, MOST_HELD + 1)
    for case in held:
        handling.take(case.ref, user=world.clerk, actor=given.clerk_of(world), at=world.clock.now)
    click(as_clerk(client, world.clerk), "open", last.ref, reason="decide")
    assert client.get(reverse("desk:case", args=[last.ref])).status_code == 200
    assert Case.objects.get(pk=last.pk).handler is None


def test_a_case_is_released_only_by_who_has_it_and_handed_over_only_to_a_colleague(client, world):
    (case,) = submitted(world, 1)
    click(as_clerk(client, world.clerk), "take", case.ref)
    click(as_clerk(client, world.other_clerk), "release", case.ref)
    assert Case.objects.get().handler == world.clerk
    for nobody in (world.secretary.ref, "6f1f2f5e-0000-4000-8000-000000000000", "x", ""):
        click(client, "hand_over", case.ref, to=str(nobody))
        assert Case.objects.get().handler == world.clerk
    with pytest.raises(Refused, match="not-a-clerk"):
        handling.hand_over(case.ref, to=world.secretary, actor=given.clerk_of(world), at=world.clock.now)
    click(client, "hand_over", case.ref, to=str(world.other_clerk.ref))
    assert Case.objects.get().handler == world.other_clerk


def test_who_looks_for_supervision_does_not_take_the_case(client, world):
    (case,) = submitted(world, 1)
    click(as_clerk(client, world.clerk), "open", case.ref, reason="supervision")
    assert Case.objects.get().handler is None
    click(client, "open", case.ref, reason="decide")
    assert Case.objects.get().handler == world.clerk


def test_what_a_clerk_proposed_is_next_for_everybody_else(client, world):
    case = given.case_decided_by_answers(world, document={"number": "TEST-ENTRY"})
    click(as_clerk(client, world.clerk), "take", case.ref)
    told = {"user": world.clerk, "actor": given.clerk_of(world), "at": world.clock.now}
    outcomes.assess(case.ref, reason=NotClearReason.BAR, **told)
    answer = client.get(click(client, "take_next")["Location"])
    assert "Nothing waits that nobody has." in answer.content.decode()
    answer = click(as_clerk(client, world.other_clerk), "take_next")
    assert answer["Location"] == reverse("desk:case", args=[case.ref])


def test_views_show_what_they_say(client, world):
    today = world.clock.now.date()
    made = submitted(world, 4)
    for case, days in zip(made, (-2, 0, 3, 30), strict=True):
        Case.objects.filter(pk=case.pk).update(desk_due=today + timedelta(days=days))
    handling.take(made[2].ref, user=world.clerk, actor=given.clerk_of(world), at=world.clock.now)
    as_clerk(client, world.clerk)
    overdue, due, soon, later = refs(made)
    assert shown(client) == [overdue, due, soon, later]
    assert shown(client, when="overdue") == [overdue]
    assert shown(client, when="today") == [due]
    assert shown(client, when="week") == [soon]
    assert shown(client, who="mine") == [soon]
    assert shown(client, who="nobody") == [overdue, due, later]
    assert shown(client, task="accept") == [overdue, due, soon, later]
    assert shown(client, task="assess") == []
    assert shown(client, who="evil", when="'", task="x") == [overdue, due, soon, later]
    page = client.get(reverse("desk:queue")).content.decode()
    counts = re.findall(r'at-count[^"]*">([^<]*)<', page)
    assert counts == ["4", "1", "1", "1", "1", "3"]


def test_pages_follow_each_other_without_a_gap_or_an_offset(client, world):
    case = given.case_submitted(world)
    key = Case.objects.values().get(pk=case.pk)
    first = world.clock.now.date()
    Case.objects.bulk_create([
        Case(**{**key, "id": None, "ref": f"6f1f2f5e-0000-4000-8000-{place:012}", "reference": f"A{place}",
                "tracking": f"B{place}", "desk_due": first + timedelta(days=place // 7)})
        for place in range(120)
    ])  # fmt: skip
    as_clerk(client, world.clerk)
    seen, after = [], "?"
    while after:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(reverse("desk:queue") + after).content.decode()
        assert not [one["sql"] for one in queries if "OFFSET" in one["sql"]]
        assert len(queries) <= 18
        seen += re.findall(r"desk/cases/([0-9a-f-]{36})/", page)
        after = next(iter(re.findall(r'href="[^"]*(\?[^"]*after=[^"]*)"', page)), "").replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 121


@pytest.mark.parametrize("after", ["x", ".", "2026-02-30.1", "2026-12-01.x", "2026-12-01." + "9" * 40, "\0.1"])
def test_a_page_that_no_page_led_to_is_the_first_one(client, world, after):
    made = submitted(world, 1)
    assert shown(as_clerk(client, world.clerk), after=after) == refs(made)
