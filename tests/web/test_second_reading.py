"""What a second reading found: each of these let something be told, kept or lost."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import given
from tests.web.test_reuse import browser_of, invited, show
from vetting import pipeline
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.cases import services as cases
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case, Letter
from vetting.cases.rules import LetterKind
from vetting.certificates.gateways import authority_seal
from vetting.certificates.models import Certificate
from vetting.checks import proxies_are_counted
from vetting.consent import services as consents
from vetting.enquiries.ports import Verdict
from vetting.enquiries.receiving import receive
from vetting.enquiries.rules import AnswerKind
from vetting.errors import Unavailable
from vetting.identity.services import save_step
from vetting.organisations.rules import looks_like_link
from vetting.retention.rules import Wish
from vetting.retention.services import forget
from vetting.web.logs import _SECRET_PATH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def routes(patterns=None, before=""):
    for one in patterns or get_resolver().url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield path


def test_no_address_that_opens_something_comes_whole_into_a_log():
    opening = [path for path in routes() if re.search(r"<str:(secret|code)>|\(\?P<key>|<str:key>", path)]
    opening = [path for path in opening if not path.startswith("desk/")]  # a State has a code too
    assert len(opening) >= 5
    for path in opening:
        real = "/" + re.sub(r"<[^>]+>|\(\?P<\w+>[^)]*\)", "QQQQ-WWWW", path.replace("^", "").strip("$"))
        assert "QQQQ" not in _SECRET_PATH.sub(r"/\1/…", real), path


def previewed(client, world):
    typed = {"organisation": world.organisation.pk, "activity": "sport_coaching", "role": "voluntary", "language": "en"}
    typed["pasted"] = "Ivanka\tIzmislena\tivanka@invented.example"
    return client.post(reverse("organisation:many"), typed).content.decode()


@pytest.mark.parametrize("reach", [given.case_asked, given.case_cleared, given.case_not_cleared, given.case_submitted])
def test_a_list_says_of_somebody_invited_before_what_the_organisation_knows_and_no_more(client, world, reach):
    case = reach(world)
    client.force_login(world.secretary)
    assert f"Has been invited already: {case.reference}" in previewed(client, world)


def test_after_a_withdrawal_the_list_says_the_same(client, world):
    case = given.case_submitted(world)
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.now)
    client.force_login(world.secretary)
    assert f"Has been invited already: {case.reference}" in previewed(client, world)


def test_who_withdraws_and_erases_does_not_keep_a_certificate_whose_ground_is_gone(world):
    case = given.case_cleared(world)
    worse = Verdict(
        "answer", message_id="BG-IE-RRS-000000000000123", message_type="RRS", answer=AnswerKind.ENTRY_HELD,
        digest=bytes(32),
    )  # fmt: skip
    receive(given.enquiry(case, "BG").ref, worse, actor=APPLICANT, at=world.clock.forward(minutes=1))
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.now)
    forget(case.ref, wish=Wish.KEEP, actor=APPLICANT, at=world.clock.now)
    assert Certificate.objects.get(case=case).state == "superseded"


def test_a_request_that_an_earlier_certificate_answered_is_kept_as_long_as_every_other(world, time_machine):
    earlier = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    other = given.world()
    other.clock = world.clock
    case, browser = invited(other)
    assert show(browser, earlier.tracking).status_code == 302
    call_command("erase_due", "--apply")
    case.refresh_from_db()
    assert case.state == "closed"
    time_machine.move_to(f"{case.ends_on.isoformat()}T10:00:00Z")
    call_command("erase_due", "--apply")
    case.refresh_from_db()
    assert case.state == "erased"


class Unreachable:
    """A seal whose key cannot be reached."""

    made_up = False

    def seal(self, _file, **_at):
        raise Unavailable("seal")


def test_a_seal_that_fails_keeps_no_letter_of_a_fixed_day_back(world, settings):
    case = given.case_asked(world)
    authority_seal.cache_clear()
    settings.SEAL = f"{__name__}.Unreachable"
    try:
        given.own_register_answers(world, case)
        assert not pipeline.look(case.ref, at=world.clock.forward(minutes=1))
        world.clock.forward(days=settings.CLOSING_DAYS + 1)
        pipeline.look(case.ref, at=world.clock.now)
    finally:
        authority_seal.cache_clear()
    assert Case.objects.get(pk=case.pk).state == "cleared"
    assert [one.kind for one in Letter.objects.filter(case=case)].count("closed") == 1


def test_whoever_is_not_of_age_can_see_what_is_held_and_keep_a_receipt(world):
    case = given.case_opened(world)
    for step, said in given.steps(birth={"date": [2009, 5, 17]}).items():
        save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.now)
    save_step(case.ref, step="guardian", said={"email": "p@invented.example"}, actor=APPLICANT, at=world.clock.now)
    given.agree(world, case)
    browser = browser_of(case)
    for name in ("receipt", "receipt_json", "receipt_pdf"):
        assert browser.get(reverse(f"applicant:{name}")).status_code == 200
    born = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "2009"}
    assert browser.post(reverse("applicant:data"), born).status_code == 200


def test_a_letter_to_a_guardian_is_recorded_as_that(world):
    case = given.case_opened(world)
    letter = cases.owe(case, LetterKind.GUARDIAN, world.clock.now)
    cases.letter_sent(letter.pk, actor=SYSTEM, at=world.clock.now)
    said = case_facts(case, "letter.sent")
    assert said["to"] == "guardian"


def case_facts(case, event):
    return Entry.objects.filter(chain=case.ref, event=event).latest("sequence").facts


def test_a_proxy_that_is_not_counted_is_refused_at_boot(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [one.id for one in proxies_are_counted()] == ["vetting.E010"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert proxies_are_counted() == []


@pytest.mark.parametrize("name", ["pay at evil。com", "evil．com", "1.2.3.4/x", "www.evil"])
def test_a_link_in_disguise_is_a_link(name):
    assert looks_like_link(name)


def test_the_rate_of_invitations_is_bounded():
    assert "invite" in settings.ACCOUNT_RATE_LIMITS
