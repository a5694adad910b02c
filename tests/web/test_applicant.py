"""The applicant's side over HTTP: links, steps, agreement, tracking, sharing, disputing."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import now

from tests import given
from vetting import post
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.certificates.models import Certificate
from vetting.certificates.queries import share_with_asker
from vetting.consent.models import Consent
from vetting.consent.services import withdraw
from vetting.identity.queries import draft_of, person_of
from vetting.identity.services import save_step
from vetting.outcomes.rules import DisputeGround
from vetting.outcomes.services import dispute
from vetting.web.applicant import outcome, steps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def link_of(world):
    """The secret in the newest mail to the applicant."""
    mail.outbox.clear()
    post.deliver_due(now())
    return re.findall(r"/a/([^/\s]+)/", str(mail.outbox[-1].body))[0]


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


TYPED = {
    "name": {"forename": "Ivanka", "surname": "Izmislena", "former_surname_1": "Predishna"},
    "birth": {"date_0": "17", "date_1": "5", "date_2": "1990", "town": "Измислен град", "country": "BG", "sex": "2"},
    "nationality": {"nationality_1": "BG"},
    "document": {"kind": "passport", "number": "TEST-CLEAN", "issuing_country": "BG"},
    "address": {"town": "Dublin", "country": "IE"},
    "parents": {"mother_forename": "Maya", "mother_surname": "Izmislena"},
}


def test_the_link_needs_no_account_and_leaves_no_secret_in_the_next_address(client, world):
    given.case_opened(world)
    answer = client.get(f"/a/{link_of(world)}/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("applicant:home")
    assert "Invented Club" in client.get(answer["Location"]).content.decode()


def test_the_applicant_walks_the_short_steps_and_agrees_to_the_exact_words(client, world):
    case = given.case_opened(world)
    client.get(f"/a/{link_of(world)}/")
    step = "name"
    for _ in range(6):
        answer = client.post(reverse("applicant:step", args=[step]), TYPED[step])
        assert answer.status_code == 302, answer.content.decode()
        step = answer["Location"].rstrip("/").split("/")[-1]
    assert step == "agree", "Bulgaria needs the parents' names, so there were six steps"
    page = client.get(reverse("applicant:agree")).content.decode()
    digests = dict(re.findall(r'name="(\w+)" value="([0-9a-f]{64})"', page))
    assert set(digests) == {"exchange", "identity_check"}
    assert "Bulgaria" in page
    assert client.post(reverse("applicant:agree"), {"exchange": digests["exchange"]}).status_code == 422
    assert client.post(reverse("applicant:agree"), digests).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.CONSENTED
    consent = Consent.objects.get(case=case, purpose="exchange")
    assert consent.wording.digest == digests["exchange"]
    assert consent.language == "en"
    assert consent.wording.text in re.sub(r"&#x27;", "'", page)
    assert person_of(case).former_names[0].surname == "Predishna"


def test_words_that_were_not_shown_cannot_be_agreed_to(client, world):
    case = given.case_opened(world)
    client.get(f"/a/{link_of(world)}/")
    for step, typed in TYPED.items():
        client.post(reverse("applicant:step", args=[step]), typed)
    answer = client.post(reverse("applicant:agree"), {"exchange": "0" * 64, "identity_check": "0" * 64})
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.state == CaseState.INVITED


@pytest.mark.parametrize(
    "step,typed,sentence",
    [
        ("birth", {"date_0": "30", "date_1": "2", "date_2": "1990"}, "Days from 1 to 28 are accepted"),
        ("birth", {"date_2": "90"}, "four digits"),
        ("birth", {"date_2": "2990"}, "in the future"),
        ("name", {"forename": "A" * 300}, "at most 200 characters"),
        ("name", {"surname": "<b>Izmislena</b>"}, "contains the sign"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_typed_is_lost(client, world, step, typed, sentence):
    given.case_opened(world)
    client.get(f"/a/{link_of(world)}/")
    answer = client.post(reverse("applicant:step", args=[step]), {**TYPED[step], **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    kept = {**TYPED[step], **typed}
    assert all(
        f'value="{value}"' in page for value in kept.values() if value.isascii() and "<" not in value and value != "BG"
    )


@pytest.mark.parametrize("name", ["Ó Néill-Ní", "Иванка", "Μαρία", "محمد", "李", "N'Golo", "J.", "Đặng", "Łucja Åse"])
def test_names_in_any_script_are_kept_as_written(client, world, name):
    case = given.case_opened(world)
    client.get(f"/a/{link_of(world)}/")
    assert client.post(reverse("applicant:step", args=["name"]), {"forename": name, "surname": name}).status_code == 302
    assert draft_of(case)["name"]["surname"] == name


def test_two_tabs_do_not_undo_each_other(client, world):
    case = given.case_opened(world)
    client.get(f"/a/{link_of(world)}/")
    client.post(reverse("applicant:step", args=["name"]), TYPED["name"])
    client.post(reverse("applicant:step", args=["birth"]), TYPED["birth"])
    client.post(reverse("applicant:step", args=["name"]), {**TYPED["name"], "forename": "Ivana"})
    assert set(draft_of(case)) == {"name", "birth"}


def test_an_expired_link_is_revived_in_one_click_and_loses_nothing(client, world, time_machine):
    case = given.case_opened(world)
    secret = link_of(world)
    client.get(f"/a/{secret}/")
    client.post(reverse("applicant:step", args=["name"]), TYPED["name"])
    client.cookies.clear()
    time_machine.move_to(world.clock.forward(days=4))
    page = client.get(f"/a/{secret}/")
    assert page.status_code == 410
    client.post(f"/a/{secret}/")
    client.post(f"/a/{secret}/")
    fresh = link_of(world)
    assert len([one for one in mail.outbox if "/a/" in one.body]) == 1, "two clicks are one mail"
    assert fresh != secret
    assert client.get(f"/a/{fresh}/").status_code == 302
    assert draft_of(case)["name"]["forename"] == "Ivanka"


def test_an_unknown_link_and_a_missing_session_are_the_same_404(client, world):
    assert client.get("/a/nothing/").status_code == 404
    assert client.get(reverse("applicant:home")).status_code == 404
    assert client.get(reverse("applicant:certificate")).status_code == 404


def track(client, reference, day="17"):
    return client.post(
        reverse("applicant:track"),
        {"reference": reference, "birth_date_0": day, "birth_date_1": "5", "birth_date_2": "1990"},
    )


def test_tracking_by_reference_and_birth_date_and_one_sentence_for_every_miss(client, world):
    case = given.case_submitted(world)
    wrong_date = track(client, case.tracking, day="18")
    unknown = track(client, "0000-0000-0000")
    assert wrong_date.status_code == unknown.status_code == 422
    tell = [re.sub(r'value="[^"]*"', "", one.content.decode()) for one in (wrong_date, unknown)]
    assert tell[0] == tell[1]
    assert track(client, case.tracking.lower().replace("-", " ")).status_code == 302
    assert "Your check" in client.get(reverse("applicant:home")).content.decode()


def test_guessing_birth_dates_is_stopped(client, world):
    case = given.case_submitted(world)
    answers = [track(client, case.tracking, day=str(day)).status_code for day in range(1, 13)]
    assert answers[-1] == 429
    assert track(client, case.tracking).status_code == 429, "the right date is not told from a wrong one any more"


def test_the_outcome_comes_first_then_sharing_and_doing_nothing_destroys_nothing(client, world):
    case = given.case_cleared(world)
    track(client, case.tracking)
    page = client.get(reverse("applicant:home")).content.decode()
    assert "Your certificate" in page
    pdf = client.get(reverse("applicant:certificate"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Cache-Control"] == "no-store"
    wording = client.get(reverse("applicant:share")).content.decode()
    assert "I do not have to share it" in wording
    assert share_with_asker(case) is None
    assert client.post(reverse("applicant:share"), {"wording": "of another day"}).status_code == 422
    assert share_with_asker(case) is None, "words that were not shown cannot be agreed to"
    shown = re.findall(r'name="wording" value="([0-9a-f]{64})"', wording)
    for _ in range(2):
        client.post(reverse("applicant:share"), {"wording": shown[0]})
    assert share_with_asker(case) is not None
    assert Consent.objects.filter(case=case, purpose="release").count() == 1


def test_not_cleared_says_so_calmly_and_offers_a_dispute(client, world):
    case = given.case_not_cleared(world)
    track(client, case.tracking)
    page = client.get(reverse("applicant:home")).content.decode()
    assert "does not say that you are unsuitable" in page
    assert "entry" not in page.lower()
    client.post(reverse("applicant:dispute"), {"ground": "not_me"})
    assert Case.objects.get(pk=case.pk).state == CaseState.ASSESSING
    assert not Certificate.objects.filter(case=case).exists()


def test_an_authoritys_questions_show_only_what_was_asked(client, world):
    case = given.case_asked(world, document={"number": "TEST-MOREINFO@BG"})
    case = given.advance(world, case, seconds=10)
    track(client, case.tracking)
    ref = given.enquiry(case, "BG").ref
    page = client.get(reverse("applicant:questions", args=[ref])).content.decode()
    names = set(re.findall(r'name="((?:name|birth|document|parents|nationality|address)-\w+)"', page))
    assert names == {"birth-town", "birth-country", "parents-mother_forename", "parents-mother_surname"}
    answer = client.post(
        reverse("applicant:questions", args=[ref]),
        {
            "birth-town": "Друг град",
            "birth-country": "BG",
            "parents-mother_forename": "Maya",
            "parents-mother_surname": "Stara",
        },
    )
    assert answer.status_code == 302
    person = person_of(case)
    assert person.birth_place.town == "Друг град"
    assert person.birth_date.day == 17
    assert person.mother_name is not None
    assert person.mother_name.surname == "Stara"


def test_withdrawing_is_confirmed_first_and_refused_when_the_outcome_is_there(client, world):
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    track(client, case.tracking)
    assert "cannot be undone" in client.get(reverse("applicant:withdraw")).content.decode()
    client.post(reverse("applicant:withdraw"))
    assert Case.objects.get(pk=case.pk).state == CaseState.WITHDRAWN
    assert "Nothing to withdraw" in client.get(reverse("applicant:withdraw")).content.decode()


def meanwhile(monkeypatch, module, act):
    """Another tab does `act` after this one was looked at and before it is acted on."""

    def first():
        monkeypatch.setattr(module, "now", now)
        act()
        return now()

    monkeypatch.setattr(module, "now", first)


def test_an_agreement_sent_twice_at_once_is_one_agreement_and_no_error(client, world, monkeypatch):
    case = given.case_opened(world)
    for step, said in given.steps().items():
        save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.now)
    client.get(f"/a/{link_of(world)}/")
    page = client.get(reverse("applicant:agree")).content.decode()
    digests = dict(re.findall(r'name="(\w+)" value="([0-9a-f]{64})"', page))
    meanwhile(monkeypatch, steps, lambda: given.agree(world, case))
    assert client.post(reverse("applicant:agree"), digests)["Location"] == reverse("applicant:home")
    assert Consent.objects.filter(case=case).count() == 2


def test_a_step_sent_after_another_tab_has_withdrawn_is_no_error(client, world, monkeypatch):
    case = given.case_opened(world)
    client.get(f"/a/{link_of(world)}/")
    meanwhile(monkeypatch, steps, lambda: withdraw(case.ref, actor=APPLICANT, at=world.clock.now))
    answer = client.post(reverse("applicant:step", args=["name"]), TYPED["name"])
    assert answer["Location"] == reverse("applicant:home")
    assert draft_of(case) == {}


def test_a_dispute_sent_twice_at_once_is_one_dispute_and_no_error(client, world, monkeypatch):
    case = given.case_not_cleared(world)
    track(client, case.tracking)
    ground = DisputeGround.NOT_ME
    meanwhile(
        monkeypatch, outcome, lambda: dispute(case.ref, ground=ground, actor=APPLICANT, at=world.clock.forward(hours=1))
    )
    assert client.post(reverse("applicant:dispute"), {"ground": "other"})["Location"] == reverse("applicant:home")
    assert [one.ground for one in case.disputes.all()] == [ground]
