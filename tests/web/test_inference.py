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
from vetting import pipeline, post
from vetting.cases.access import APPLICANT
from vetting.cases.models import Letter
from vetting.cases.rules import TO_APPLICANT
from vetting.cases.services import leave
from vetting.consent import services as consents
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import DisputeGround
from vetting.retention.rules import Wish
from vetting.retention.services import forget
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


def erased(ending, wish):
    """The applicant has had their file erased as soon as nothing was open any more."""

    def come_to(world):
        case = ending(world)
        forget(case.ref, wish=wish, actor=APPLICANT, at=world.clock.forward(hours=1))
        return given.advance(world, case, seconds=1)

    return come_to


ENDINGS = {
    "cleared, not shared": given.case_cleared,
    "not cleared": given.case_not_cleared,
    "disputed": disputed,
    "withdrawn": withdrawn,
    "an authority is silent": lambda world: given.case_asked(world, document={"number": "TEST-SILENT"}),
    "an authority asks for more": waiting_for_information,
    "cleared, erased with the certificate": erased(given.case_cleared, Wish.END),
    "cleared, erased without it": erased(given.case_cleared, Wish.KEEP),
    "not cleared, erased": erased(given.case_not_cleared, Wish.KEEP),
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


def letters_to_the_applicant(world, case):
    """Every letter from the outcome on: what it is and when it was owed, as the pipeline wakes."""
    since = world.clock.now
    while case.wake_at is not None:
        pipeline.advance(case.ref, at=case.wake_at)
        case.refresh_from_db()
    letters = Letter.objects.filter(case=case, kind__in=TO_APPLICANT, owed_at__gt=since).order_by("pk")
    return tuple(letters.values_list("kind", "owed_at"))


def test_reminders_come_to_everybody_at_the_same_moments_whatever_the_case_came_to(settings):
    """Whoever sees that mail comes, and when, cannot tell by it what happened."""
    settings.POLL_SECONDS = 86_400
    seen = {}
    for hours, name in enumerate(("cleared, not shared", "not cleared", "withdrawn", "an authority is silent")):
        world = given.world()
        world.clock.forward(hours=hours)
        seen[name] = letters_to_the_applicant(world, ENDINGS[name](world))
    assert len(seen) == 4
    assert len(set(seen.values())) == 1
    assert [kind for kind, _ in seen["withdrawn"]] == ["remind", "remind"]


def test_a_reminder_says_the_same_to_everybody():
    bodies = set()
    for name in ("cleared, not shared", "not cleared", "withdrawn"):
        world = given.world()
        world.organisation.name = "Invented Club"
        world.organisation.save()
        case = ENDINGS[name](world)
        letters_to_the_applicant(world, case)
        mail.outbox.clear()
        post.deliver_due(world.clock.forward(days=125))
        mails = [one for one in mail.outbox if one.subject == "A date of your check comes near"]
        bodies |= {re.sub(r"http\S+", "LINK", str(one.body).replace(case.tracking, "REFERENCE")) for one in mails}
    assert len(bodies) == 1


def test_who_has_shared_or_whose_organisation_has_left_is_not_reminded():
    world = given.world()
    case = given.case_cleared(world)
    given.shared(world, case)
    case.refresh_from_db()
    left = given.case_cleared(world)
    leave(left.ref, actor=APPLICANT, at=world.clock.forward(minutes=1))
    left.refresh_from_db()
    assert letters_to_the_applicant(world, case) == letters_to_the_applicant(world, left) == ()


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
