"""What an organisation can see, count or time is the same for "not cleared" and for "did not share"."""

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from tests import given
from vetting import post
from vetting.cases.access import APPLICANT
from vetting.cases.models import Letter
from vetting.cases.rules import TO_APPLICANT
from vetting.consent import services as consents
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import DisputeGround
from vetting.statistics.models import RouteTime

pytestmark = pytest.mark.django_db


def withdrawn(world):
    case = given.case_asked(world)
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(hours=1))
    return given.advance(world, case, seconds=1)


def disputed(world):
    case = given.case_not_cleared(world)
    outcomes.dispute(case.ref, ground=DisputeGround.OTHER, actor=APPLICANT, at=world.clock.forward(hours=1))
    return given.advance(world, case, seconds=1)


def waiting_for_information(world):
    case = given.case_asked(world, document={"number": "TEST-MOREINFO"})
    return given.advance(world, case, seconds=10)


ENDINGS = {
    "cleared, not shared": given.case_cleared,
    "not cleared": given.case_not_cleared,
    "disputed": disputed,
    "withdrawn": withdrawn,
    "an authority is silent": lambda world: given.case_asked(world, document={"number": "TEST-SILENT"}),
    "an authority asks for more": waiting_for_information,
}


SINCE = 45
"""The day on which the secretary asks after the case."""


def neutral(html, case):
    """The page without what is different in every case: reference and form tokens."""
    for own in (case.reference, str(case.ref)):
        html = html.replace(own, "REFERENCE")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def seen_by_organisation(client, world, case, at):
    """Both pages on which a case appears, with their statuses, and every letter to the organisation."""
    with time_machine.travel(at, tick=False):
        client.force_login(world.secretary)  # at that time: an old session would only ever see the way to sign in
        pages = [client.get(reverse("organisation:case", args=[case.ref])), client.get(reverse("organisation:home"))]
    assert {page.status_code for page in pages} == {200}
    letters = Letter.objects.filter(case=case).exclude(kind__in=TO_APPLICANT).order_by("pk")
    return (
        [(page.status_code, neutral(page.content.decode(), case)) for page in pages],
        list(letters.values_list("kind", flat=True)),
    )


@pytest.mark.parametrize("days", [3, 59, 61, 90, 125], ids=lambda days: f"day {days}")
def test_pages_and_letters_are_the_same_for_every_cause(client, days):
    seen = set()
    for ending in ENDINGS.values():
        world = given.world()
        world.organisation.name = "Invented Club"
        world.organisation.save()
        case = ending(world)
        RouteTime.objects.update_or_create(
            home="IE", route=case.route, defaults={"median": 2, "ninth": 40, "counted_at": given.START}
        )
        if days > SINCE:
            with time_machine.travel(given.START + timedelta(days=SINCE), tick=False):
                client.force_login(world.secretary)
                client.post(reverse("organisation:escalate", args=[case.ref]))
        at = given.START.replace(hour=12) + timedelta(days=days)
        world.clock.now = max(world.clock.now, at)
        given.advance(world, case)
        call_command("erase_due", apply=True, stdout=StringIO())
        pages, letters = seen_by_organisation(client, world, case, at)
        seen.add(
            (repr(pages).replace(world.secretary.email, "").replace(str(world.secretary), "SECRETARY"), repr(letters))
        )
    assert len(seen) == 1


def test_every_button_an_organisation_presses_answers_the_same_whatever_the_outcome(client):
    seen = set()
    for ending in ENDINGS.values():
        world = given.world()
        case = ending(world)
        with time_machine.travel(world.clock.now, tick=False):
            client.force_login(world.secretary)
            answers = [
                client.post(reverse(f"organisation:{verb}", args=[case.ref]), {"seen": "on"}, follow=True)
                for verb in ("submit", "invite_again", "escalate", "end")
            ]
        seen.add(
            repr(
                [
                    (one.status_code, re.findall(r"at-notice__body\">(.*?)</div>", one.content.decode()))
                    for one in answers
                ]
            )
        )
    assert len(seen) == 1


def test_an_outcome_sends_the_applicant_the_same_words_and_the_organisation_none():
    bodies = set()
    for ending in (given.case_cleared, given.case_not_cleared):
        world = given.world()
        case = ending(world)
        mail.outbox.clear()
        post.deliver_due(world.clock.now)
        news = [one for one in mail.outbox if one.to == ["ivanka@invented.example"]][-1]
        assert not [one for one in mail.outbox if "certificate was shared" in one.subject]
        bodies.add(re.sub(r"http\S+", "LINK", news.body.replace(case.tracking, "REFERENCE")))
    assert len(bodies) == 1
    assert "lear" not in bodies.pop()


def test_an_organisation_cannot_come_in_as_the_applicant_with_what_it_sees(client):
    """It knows the birth date from the document: the applicant's reference must be nowhere on its side."""
    cache.clear()
    world = given.world()
    case = given.case_submitted(world)
    client.force_login(world.secretary)
    with time_machine.travel(world.clock.now, tick=False):
        client.force_login(world.secretary)
        pages = [client.get(reverse("organisation:case", args=[case.ref])), client.get(reverse("organisation:home"))]
        mail.outbox.clear()
        post.deliver_due(world.clock.now)
        typed = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "1990"}
        answer = client.post(reverse("applicant:track"), {"reference": case.reference, **typed})
    letters = [str(one.body) for one in mail.outbox if one.to == [world.secretary.email]]
    assert letters
    assert not [text for text in (*letters, *(page.content.decode() for page in pages)) if case.tracking in text]
    assert answer.status_code == 422
