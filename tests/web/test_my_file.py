"""What the applicant may see, take away and have erased of their own file."""

import json
import re
from datetime import date, datetime
from io import BytesIO

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests import given
from vetting.audit.queries import entries_of
from vetting.cases.access import APPLICANT
from vetting.cases.handling import open_file
from vetting.cases.rules import OpeningReason
from vetting.certificates.models import Certificate
from vetting.certificates.queries import contents_of
from vetting.consent.models import Consent
from vetting.consent.services import withdraw
from vetting.outcomes.rules import DisputeGround
from vetting.outcomes.services import dispute
from vetting.web.applicant.held import held
from vetting.web.applicant.labels import LABELS
from vetting.web.applicant.words import OPENINGS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
BIRTH = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "1990"}


def words(page):
    return re.sub(r"(<[^>]+>|\s)+", " ", page.content.decode()).strip()


def test_every_opening_is_shown_with_its_reason_in_words_and_nothing_else(world, as_applicant):
    case = given.case_cleared(world)
    for reason in OpeningReason:
        open_file(
            case.ref, reason=reason, user=world.clerk, actor=given.clerk_of(world), at=world.clock.forward(hours=1)
        )
    page = words(as_applicant(world, case).get(reverse("applicant:looked")))
    assert all(str(OPENINGS[reason]) in page for reason in OpeningReason)
    assert page.count("A person at the authority · Ireland") == len(OpeningReason)
    assert "24 Nov 2026" in page
    rest = [entry.event for entry in entries_of(case.ref) if entry.event != "file.open"]
    assert len(rest) > 10
    hidden = [str(world.clerk), world.clerk.email, str(world.clerk.ref), *rest]
    assert [one for one in hidden if one in page] == []


def test_a_file_that_nobody_opened_says_so(world, as_applicant):
    page = words(as_applicant(world, given.case_submitted(world)).get(reverse("applicant:looked")))
    assert "Nobody at the authority has opened your file" in page
    assert "Not yet." in page


def test_verifications_are_counted_by_day(world, as_applicant):
    case = given.case_cleared(world)
    browser = as_applicant(world, case)
    said = contents_of(Certificate.objects.get(case=case))
    for _ in range(3):
        Client().get(reverse("verifier:printed", args=[said.number, said.code]))
    assert "24 November 2026 3 times" in words(browser.get(reverse("applicant:looked")))


MANDATORY = {
    "schema_version", "record_id", "pii_principal_id", "privacy_notice", "language", "purpose", "pii_information",
    "pii_type", "pii_controllers", "storage_locations", "retention_period", "jurisdiction", "recipient_third_parties",
    "withdrawal_method", "party_id", "party_address", "party_name", "party_contact", "party_type", "event_time",
    "validity_duration", "entity_id", "event_type", "event_state",
}  # fmt: skip
"""Fields that ISO/IEC TS 27560:2023, clause 6.3, makes mandatory, as the guide of the W3C group on DPV lists them."""


def leaves(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)


def test_the_receipt_has_every_field_of_the_standard_and_the_exact_words(world, as_applicant):
    case = given.case_cleared(world)
    given.shared(world, case)
    browser = as_applicant(world, case)
    answer = browser.get(reverse("applicant:receipt_json"))
    said = json.loads(answer.content)
    assert len(said["consent_records"]) == 3
    for record, consent in zip(said["consent_records"], Consent.objects.order_by("granted_at", "pk"), strict=True):
        filled = {name for name, value in leaves(record) if value not in ("", [], None)}
        assert filled >= MANDATORY
        assert record["pii_processing"]["privacy_notice_text"] == consent.wording.text
        assert record["pii_processing"]["privacy_notice"] == f"sha-256:{consent.wording_id}"
        parties = {one["party_id"] for one in record["party_identification"]}
        purpose = record["pii_processing"]["purposes"][0]
        assert {*purpose["pii_controllers"], *purpose["recipient_third_parties"]} == parties
    exchange = said["consent_records"][0]["pii_processing"]["purposes"][0]
    assert exchange["recipient_third_parties"] == ["authority-BG"]
    assert exchange["processing_locations"] == ["IE", "BG"]
    everything = answer.content.decode()
    assert [one for one in ("Izmislena", "TEST-CLEAN", case.tracking) if one in everything] == []
    assert answer.content == browser.get(reverse("applicant:receipt_json")).content


def test_a_withdrawal_is_an_event_on_the_receipt(world, as_applicant):
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    before = json.loads(as_applicant(world, case).get(reverse("applicant:receipt_json")).content)
    withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(hours=1))
    after = json.loads(as_applicant(world, case).get(reverse("applicant:receipt_json")).content)
    states = [[event["event_state"] for event in one["consent_events"]] for one in after["consent_records"]]
    assert states == [["given", "withdrawn"]] * 2
    assert before["receipt_id"] != after["receipt_id"]


@pytest.mark.parametrize("language", ["en", "el", "bg", "fi", "mt"])
def test_the_receipt_on_paper_says_what_the_page_says_and_is_the_same_each_time(world, as_applicant, language):
    case = given.case_cleared(world)
    given.shared(world, case)
    browser = as_applicant(world, case)
    browser.cookies[configured.LANGUAGE_COOKIE_NAME] = language
    first, second = (browser.get(reverse("applicant:receipt_pdf")).content for _ in range(2))
    assert first == second
    reader = PdfReader(BytesIO(first))
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    for consent in Consent.objects.all():
        assert "".join(consent.wording.text.split()) in text
    said = json.loads(browser.get(reverse("applicant:receipt_json")).content)
    assert said["receipt_id"] in text
    assert all(record["record_id"] in text for record in said["consent_records"])
    assert f"{len(reader.pages)}/{len(reader.pages)}" in text
    assert reader.root_object["/Lang"] == language


def test_who_has_agreed_to_nothing_sees_an_empty_receipt(world, as_applicant):
    browser = as_applicant(world, given.case_opened(world))
    assert "You have not agreed to anything" in words(browser.get(reverse("applicant:receipt")))


def full_case(world):
    """A case with something in every part: disputed, won, shared, by code too."""
    case = given.case_not_cleared(world)
    dispute(case.ref, ground=DisputeGround.NOT_ME, actor=APPLICANT, at=world.clock.forward(hours=1))
    return case


def download(browser, how="file", **typed):
    return browser.post(reverse("applicant:data"), {**BIRTH, "as": how, **typed})


def test_the_download_needs_the_birth_date_once_more(world, as_applicant):
    browser = as_applicant(world, given.case_cleared(world))
    refused = download(browser, birth_date_0="18")
    assert refused.status_code == 422
    assert "not the date of birth that you gave" in words(refused)
    assert "Izmislena" not in words(refused)
    answers = [download(browser, birth_date_0=str(day)).status_code for day in range(1, 13)]
    assert answers[-1] == 429


def test_the_download_holds_what_was_given_and_no_secret_and_no_answer(world, as_applicant):
    case = given.case_cleared(world)
    given.shared(world, case)
    said = json.loads(download(as_applicant(world, case)).content)
    text = json.dumps(said, ensure_ascii=False)
    for given_by_them in (
        "Ivanka",
        "Izmislena",
        "Измислен град",
        "TEST-CLEAN",
        "1990-05-17",
        "ivanka@invented.example",
    ):
        assert given_by_them in text
    assert [one["asked"] for one in said["enquiries"]] == ["IE", "BG"]
    assert said["certificates"][0]["covers"] == ["IE", "BG"]
    contents = contents_of(Certificate.objects.get(case=case))
    secrets = [contents.code, "nothing_recorded", *case.links.values_list("digest", flat=True)]
    secrets += [Certificate.objects.get(case=case).code_digest, str(case.ref)]
    assert [one for one in secrets if one in text] == []


def test_the_download_of_a_case_with_an_entry_does_not_say_so(world, as_applicant):
    case = full_case(world)
    browser = as_applicant(world, case)
    text = (download(browser).content.decode() + words(download(browser, "page"))).replace("TEST-ENTRY", "")
    assert [word for word in ("entry", "bar_under", "identity_not", "proposed") if word in text.lower()] == []
    assert "What was found is not about me" in text


def test_every_name_in_the_download_has_a_label_on_the_page(world, as_applicant):
    names = set()
    for case in (given.case_cleared(world), full_case(world)):
        if Certificate.objects.filter(case=case).exists():
            given.shared(world, case)
        for part in held(case):
            names |= {name for row in part.rows for name in row}
        page = words(download(as_applicant(world, case), "page"))
        assert "Izmislena" in page
        assert not re.search(r"\b(not_cleared|own_register|art10-|sport_coaching|identity_check)\b", page)
    assert names <= set(LABELS)


def test_what_is_held_and_not_downloaded_is_known(world):
    """A new table with something about a person is either in the download, or named here with the reason."""
    shown = {"case", "identity", "consent", "shownwording", "enquiry", "dispute", "certificate", "share", "sharecode",
             "entry", "interim", "seat", "letter"}  # fmt: skip
    not_shown = {
        "assessment": "what clerks proposed: the outcome is shown, the authority explains it",
        "review": "a supervisor's look at a clerk", "link": "a secret's digest", "casekey": "a key",
        "outbound": "the identity in another form", "inbound": "that a reply came: shown as a date",
        "head": "the end of a chain of the record", "keptview": "a clerk's own filter",
        "statuslist": "bits that are nobody's without a certificate",
    }  # fmt: skip
    ours = [app for app in apps.get_app_configs() if app.name.startswith("vetting.")]
    about = {
        model._meta.model_name
        for app in ours
        if app.label not in {"organisations", "authorities", "exchange", "questions", "statistics", "footers"}
        for model in app.get_models()
    }
    assert about - {"checkpoint"} == shown | set(not_shown)


def test_the_status_page_has_one_next_action_and_a_list_behind_more(world, as_applicant):
    page = as_applicant(world, given.case_cleared(world)).get(reverse("applicant:home")).content.decode()
    behind = page[page.index("<details") : page.index("</details>")]
    for name in ("shared", "looked", "receipt", "data", "erase"):
        assert reverse(f"applicant:{name}") in behind
    assert page.count('class="ds-button" href') == 1


def test_dates_in_the_download_are_iso(world, as_applicant):
    case = given.case_cleared(world)
    said = json.loads(download(as_applicant(world, case)).content)
    assert date.fromisoformat(said["check"][0]["closes_on"]) == case.closes_on
    assert datetime.fromisoformat(said["check"][0]["opened_at"]) == case.opened_at
