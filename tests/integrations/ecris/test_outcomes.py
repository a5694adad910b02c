"""What a well-formed reply comes to: sentences of the reduction."""

import pickle
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.parsing import parse
from integrations.ecris.replies import deadline, functional_error, questions, response, withdrawal
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, REQUEST_ID, expectation, request
from vetting.enquiries.ports import Expectation, Item

REQ = request()
WORK_BAN = ("S-00-012000", "S-00-003014")
REPLY_ID = "PL-EE-RRS-000000000000107"


def answer(entries: Sequence[HeldEntry] = (), **said: Any) -> str:
    """The words for a reply with these entries."""
    found = verdict(response(REQ, at=AT, entries=entries, **said), expectation())
    return found.answer or f"{found.kind} {found.code}"


def test_no_conviction_no_state_and_no_remark_is_nothing_recorded() -> None:
    assert answer() == "nothing_recorded"


@pytest.mark.parametrize("offence", ["O-00-270000", "O-00-101000", "O-99-999999"])
def test_any_transmittable_conviction_is_an_entry_whatever_its_offence(offence: str) -> None:
    assert answer([HeldEntry(offences=[offence])]) == "entry_held"


def test_a_conviction_that_names_no_offence_and_no_sanction_is_an_entry() -> None:
    assert answer([HeldEntry(offences=(), sanctions=())]) == "entry_held"


def test_a_ban_on_work_with_minors_makes_it_a_disqualification() -> None:
    assert answer([HeldEntry(), HeldEntry(sanctions=WORK_BAN)]) == "disqualification_held"


def test_an_unknown_transmittable_flag_counts_like_yes() -> None:
    assert answer([HeldEntry("UNKNOWN")]) == "entry_held"
    assert answer([HeldEntry("UNKNOWN", sanctions=WORK_BAN)]) == "disqualification_held"


def test_a_ban_in_a_conviction_that_may_not_be_used_does_not_count() -> None:
    assert answer([HeldEntry(), HeldEntry("No", sanctions=WORK_BAN)]) == "entry_held"


def test_a_conviction_that_may_not_be_used_sends_us_to_the_states_named() -> None:
    assert answer([HeldEntry("No")], other_states=["FR", "PL", "DE", "EE", "FR"]) == "ask_elsewhere DE FR"


def test_a_conviction_that_may_not_be_used_with_no_state_left_needs_a_person() -> None:
    assert answer([HeldEntry("No")]) == "needs_person"
    assert answer([HeldEntry("No")], other_states=["EE", "PL"]) == "needs_person"


def test_states_named_without_any_conviction_are_asked() -> None:
    assert answer(other_states=["GR", "GB"]) == "ask_elsewhere GB GR"


@pytest.mark.parametrize("extra", [{"remark": "Invented remark"}, {"attachment": True}])
def test_a_remark_or_an_attachment_on_a_clean_reply_needs_a_person(extra: dict[str, Any]) -> None:
    assert answer(**extra) == "needs_person"


@pytest.mark.parametrize(
    "element",
    [
        "<d:PersonAlias><d:PersonName><d:Forename>A</d:Forename><d:Surname>B</d:Surname></d:PersonName></d:PersonAlias>",
        "<d:PersonRemarks><k:MultilingualTextLinguisticRepresentation>A</k:MultilingualTextLinguisticRepresentation>"
        "</d:PersonRemarks>",
    ],
)
def test_an_alias_or_a_remark_about_the_person_needs_a_person(element: str) -> None:
    body = response(REQ, at=AT).replace(b"</m:MessageDataPerson>", f"{element}</m:MessageDataPerson>".encode())
    assert verdict(body, expectation()).answer == "needs_person"


def test_a_contact_person_alone_says_nothing_more() -> None:
    contact = (
        "<m:MessageDataContactPerson><m:ContactPersonEmail>desk@example.invalid</m:ContactPersonEmail>"
        "</m:MessageDataContactPerson><m:MessageDataPerson>"
    )
    body = response(REQ, at=AT).replace(b"<m:MessageDataPerson>", contact.encode())
    assert verdict(body, expectation()).answer == "nothing_recorded"


@pytest.mark.parametrize(
    "kind,words",
    [
        ("RRT-00-01", "refused"),
        ("RRT-00-02", "not_identified not_a_national"),
        ("RRT-00-03", "not_identified deceased"),
        ("RRT-00-04", "not_identified fingerprints_differ"),
        ("RRT-00-05", "not_identified several_persons"),
    ],
)
def test_each_other_response_type_is_a_fact_of_its_own(kind: str, words: str) -> None:
    assert answer(response_type=kind) == words
    assert answer([HeldEntry()], response_type=kind) == "rejected contradiction"


def test_the_items_asked_for_come_in_their_fixed_order() -> None:
    found = verdict(questions(REQUEST_ID, at=AT, items=[Item.MOTHER_NAME, Item.BIRTH_PLACE]), expectation())
    assert found.answer == "more_information BirthPlace MotherName"


def test_an_announced_date_is_a_deadline() -> None:
    found = verdict(deadline(REQUEST_ID, at=AT, due=date(2026, 12, 1)), expectation())
    assert (found.kind, found.deadline) == ("deadline", date(2026, 12, 1))


def test_an_announced_date_that_no_calendar_has_is_rejected() -> None:
    body = deadline(REQUEST_ID, at=AT, due=date(2026, 12, 1)).replace(b"2026-12-01", b"12026-12-01")
    assert verdict(body, expectation()).code == "wrong-date"


def test_a_cancellation_may_only_name_a_reply_of_theirs_that_we_hold() -> None:
    body = withdrawal(REPLY_ID, at=AT)
    assert verdict(body, expectation(cancellable=(REPLY_ID,))).kind == "cancelled"
    assert verdict(body, expectation()).code == "wrong-correlation"
    assert verdict(body, Expectation("", "", b"", b"", cancellable=None)).kind == "cancelled"


def test_a_cancellation_can_never_name_our_own_request() -> None:
    body = withdrawal(REPLY_ID, at=AT).replace(REPLY_ID.encode(), REQUEST_ID.encode())
    assert verdict(body, expectation(cancellable=None)).code == "wrong-correlation"


def test_a_functional_error_names_our_request_or_our_later_answer() -> None:
    later = "EE-PL-RAR-000000000000043"
    assert verdict(functional_error(REQUEST_ID, at=AT), expectation()).kind == "functional_error"
    assert verdict(functional_error(later, at=AT), expectation()).code == "wrong-correlation"
    assert verdict(functional_error(later, at=AT), expectation(also_expects=(later,))).kind == "functional_error"


def test_a_functional_error_that_repeats_a_code_is_rejected() -> None:
    body = functional_error(REQUEST_ID, at=AT, codes=["FE-00000", "FE-00000"])
    assert verdict(body, expectation()).code == "repeated-id"


def test_a_reply_is_refused_when_our_own_request_cannot_be_read() -> None:
    assert verdict(response(REQ, at=AT), expectation(b"<a/>")).code == "request-unreadable"


def test_a_disclosure_cannot_be_pickled_or_shown() -> None:
    found = parse(response(REQ, at=AT))
    assert repr(found) == "<Disclosure>"
    with pytest.raises(TypeError):
        pickle.dumps(found)
