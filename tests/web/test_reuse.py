"""A current certificate is shown again instead of a new check; where there is none, only the applicant learns it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests import given
from vetting.audit.ports import SYSTEM
from vetting.cases import services as cases
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case, Letter
from vetting.cases.queries import Contact
from vetting.cases.rules import LetterKind, RoleKind
from vetting.cases.services import open_case
from vetting.certificates.models import Share
from vetting.certificates.services import reuse
from vetting.consent.models import Consent
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries.models import Enquiry
from vetting.enquiries.ports import Verdict
from vetting.enquiries.receiving import receive
from vetting.enquiries.rules import AnswerKind
from vetting.errors import Refused
from vetting.roster.models import Seat
from vetting.web.applicant.wording import wording_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
BIRTH = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "1990"}


@pytest.fixture
def other(world):
    """Another club, at the same authority and time."""
    found = given.world()
    found.clock = world.clock
    return found


def invited(other, **changes):
    """The same person, invited by another club; the browser in which they opened the link."""
    said: dict[str, Any] = {
        "activity": "sport_coaching",
        "role": RoleKind.VOLUNTARY,
        "given_name": "Ivanka",
        "surname": "Izmišlena",
    }
    said |= changes
    contact = Contact(said.pop("given_name"), said.pop("surname"), "ivanka@invented.example")
    case = open_case(
        other.organisation, ref=uuid4(), contact=contact, language="en", user=other.secretary,
        actor=APPLICANT, at=other.clock.now, **said,
    )  # fmt: skip
    return case, browser_of(case)


def browser_of(case):
    browser = Client()
    session = browser.session
    session["applicant_case"] = str(case.ref)
    session.save()
    return browser


def show(browser, tracking, **typed):
    """Type what the page asks for and agree to what it says."""
    page = browser.get(reverse("applicant:reuse"))
    shown = re.findall(r'name="wording" value="([0-9a-f]{64})"', page.content.decode())
    said = {"reference": tracking, **BIRTH, "wording": shown[0] if shown else "", **typed}
    return browser.post(reverse("applicant:reuse"), said)


def test_an_invitation_that_comes_back_after_its_certificate_was_shown_is_told_to_nobody(world, other, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    case, browser = invited(other)
    show(browser, earlier.tracking)
    letter = case.letters.get(kind=LetterKind.INVITATION)
    cases.letter_bounced(letter.pk, status_class=5, actor=SYSTEM, at=world.clock.now)
    assert not case.letters.filter(kind=LetterKind.UNDELIVERED).exists()


def test_who_holds_a_current_certificate_shows_that_one_and_nobody_is_asked_again(client, world, other, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    case, browser = invited(other)
    assert "Show that one instead" in browser.get(reverse("applicant:home")).content.decode()
    assert show(browser, earlier.tracking).status_code == 302
    page = browser.get(reverse("applicant:home")).content.decode()
    assert "You need to do nothing more" in page
    assert "You show an earlier certificate" in page
    assert "You give your details" not in page
    case.refresh_from_db()
    assert case.state == "closed"
    assert not Enquiry.objects.filter(case=case).exists()
    share = Share.objects.get()
    assert (share.certificate.case, share.case, share.organisation) == (earlier, case, other.organisation)
    assert [one.purpose for one in Consent.objects.filter(case=case)] == ["release"]
    client.force_login(other.secretary)
    seen = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    assert "shared a certificate with you" in seen
    assert "Ivanka Izmislena" in seen, "whom it names, to compare with the document"
    assert "May 1990" in seen
    client.post(reverse("organisation:see", args=[case.ref]))
    assert Seat.objects.get().share == share
    assert [letter.kind for letter in Letter.objects.filter(case=case)] == ["invitation", "shared"]


def test_agreeing_twice_shares_once(world, other, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    _case, browser = invited(other)
    assert [show(browser, earlier.tracking).status_code for _time in range(2)] == [302, 302]
    assert Share.objects.count() == 1


def test_words_that_were_not_shown_cannot_be_agreed_to(world, other, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    _case, browser = invited(other)
    assert show(browser, earlier.tracking, wording="0" * 64).status_code == 422
    assert not Share.objects.exists()


def decided_anew(world):
    """Bulgaria is asked again, so the certificate no longer stands."""
    case = given.case_cleared(world)
    worse = Verdict(
        "answer", message_id="BG-IE-RRS-000000000000123", message_type="RRS", answer=AnswerKind.ENTRY_HELD,
        digest=bytes(32),
    )  # fmt: skip
    receive(given.enquiry(case, "BG").ref, worse, actor=APPLICANT, at=world.clock.forward(minutes=1))
    return given.advance(world, case, minutes=1)


def expired(world):
    case = given.case_cleared(world)
    world.clock.forward(days=800)
    return case


NONE: dict[str, tuple[Any, dict[str, Any], dict[str, str]]] = {
    "not cleared": (given.case_not_cleared, {}, {}),
    "still being checked": (given.case_asked, {}, {}),
    "decided anew": (decided_anew, {}, {}),
    "expired": (expired, {}, {}),
    "for another activity": (given.case_cleared, {"activity": "teaching"}, {}),
    "for paid work": (given.case_cleared, {"role": RoleKind.PAID}, {}),
    "somebody else's": (given.case_cleared, {"given_name": "Petra"}, {}),
    "with another birth date": (given.case_cleared, {}, {"birth_date_2": "1991"}),
    "of an unknown reference": (given.case_cleared, {}, {"reference": "0000-0000-0000"}),
}


@pytest.mark.parametrize("scene", NONE)
def test_where_there_is_none_the_organisation_learns_nothing(client, world, other, time_machine, scene):
    before, asked, typed = NONE[scene]
    earlier = before(world)
    time_machine.move_to(world.clock.now)
    case, browser = invited(other, **asked)
    client.force_login(other.secretary)
    pages = [reverse("organisation:home"), reverse("organisation:case", args=[case.ref])]
    unchanged = [neutral(client.get(page)) for page in pages]
    letters = Letter.objects.filter(case=case).count()
    answer = show(browser, earlier.tracking, **typed)
    assert answer.status_code == 422
    assert "No current certificate for this activity fits these" in answer.content.decode()
    assert [neutral(client.get(page)) for page in pages] == unchanged
    assert Letter.objects.filter(case=case).count() == letters
    assert Case.objects.get(pk=case.pk).state == "invited"
    assert browser.get(reverse("applicant:step", args=["name"])).status_code == 200, "the new check can go on"


def neutral(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_a_check_that_has_begun_goes_its_own_way(world, other, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    begun = given.case_consented(other)
    assert show(browser_of(begun), earlier.tracking).status_code == 302
    wording = wording_for(begun, ConsentPurpose.RELEASE, text="release_earlier")
    with pytest.raises(Refused):
        reuse(begun.ref, earlier=earlier.ref, wording=wording, actor=APPLICANT, at=world.clock.now)
    assert not Share.objects.exists()


def test_when_it_stops_being_current_both_organisations_see_the_same(client, world, other, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    case, browser = invited(other)
    show(browser, earlier.tracking)
    time_machine.move_to(world.clock.now + timedelta(days=800))
    client.force_login(other.secretary)
    seen = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    assert "Not current" in seen
    assert "1990" not in seen
