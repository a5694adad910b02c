"""National rules on the supervisors' pages: a proposal, its comparison, another person, and a calendar."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import given
from vetting.audit.models import Entry
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority, Edition
from vetting.authorities.ports import CalendarException, ExceptionReason
from vetting.authorities.queries import PACKAGED, contents_of, directory, packaged_directory
from vetting.authorities.rules import Channel
from vetting.editions.rules import read_edition, written


@pytest.fixture
def world(db, time_machine):
    """Two supervisors of the home authority."""
    world = given.world()
    time_machine.move_to(world.clock.now)
    for user in (world.clerk, world.other_clerk):
        give_supervision(user, Authority.objects.get(state="IE"))
    return world


@pytest.fixture
def desk(client, world):
    """The pages as one of the two sees them: text without marks, and the answer itself."""

    class Desk:
        def become(self, user):
            client.force_login(user)

        def see(self, name, *args, **said):
            return self.text(client.get(reverse(f"desk:{name}", args=args), said))

        def do(self, name, *args, **said):
            self.answer = client.post(reverse(f"desk:{name}", args=args), said, follow=True)
            return self.text(self.answer)

        def text(self, answer):
            self.answer = answer
            return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())

        def send(self, text):
            raw = text if isinstance(text, bytes) else text.encode()
            return self.do("editions", file=SimpleUploadedFile("rules.toml", raw))

        def decide(self, number):
            said = dict(re.findall(r'name="(digest|against)" value="([^"]*)"', client.get(
                reverse("desk:edition", args=[number])).content.decode()))  # fmt: skip
            return self.do("edition_activate", number, **said)

    client.force_login(world.clerk)
    return Desk()


def file(number="2026.3-1", **rows):
    made = tuple(replace(row, **rows.get(row.state, {})) for row in packaged_directory().rows)
    return written(replace(packaged_directory(), number=number, rows=made))


PAGES = [
    ("editions", []),
    ("edition", ["2026.2"]),
    ("edition_file", ["2026.2"]),
    ("edition_state", ["2026.2", "IE"]),
]


@pytest.mark.parametrize("name,args", PAGES)
def test_only_supervisors_of_this_nodes_own_state_come_in(client, world, name, args):
    elsewhere = given.user("elsewhere")
    give_supervision(elsewhere, Authority.objects.get(state="BG"))
    plain = given.user("plain")
    for user, status in ((world.clerk, 200), (elsewhere, 404), (world.secretary, 404), (plain, 404)):
        client.force_login(user)
        assert client.get(reverse(f"desk:{name}", args=args)).status_code == status


def test_the_list_says_which_is_in_force_and_who_did_what(desk, world):
    assert "2026.2 In force 24 Nov 2026, 09:00 – An operator's command" in desk.see("editions")
    desk.send(file(IE={"note": "new"}))
    desk.become(world.other_clerk)
    desk.decide("2026.3-1")
    said = desk.see("editions")
    assert f"2026.3-1 In force 24 Nov 2026, 09:00 {world.clerk} 24 Nov 2026, 09:00 {world.other_clerk}" in said
    assert "2026.2 Earlier" in said


def test_a_comparison_shows_old_and_new_what_is_unverified_and_what_runs(desk, world):
    given.case_asked(world)
    ireland = next(row for row in packaged_directory().rows if row.state == "IE")
    rows = [replace(row, languages=("fr", "ga"), unverified=(*row.unverified, "languages")) if row == ireland else row
            for row in packaged_directory().rows if row.state != "CH"]  # fmt: skip
    rows = [replace(row, channel=Channel.DOCUMENT, reply_days=0) if row.state == "BG" else row for row in rows]
    rows.append(replace(ireland, state="US", country="United States", channel=Channel.DOCUMENT, reply_days=0))
    said = desk.send(written(replace(packaged_directory(), number="2026.3-1", rows=tuple(rows))))
    assert "Proposed. Another supervisor compares it and puts it in force." in said
    assert "What would change against edition 2026.2, which is in force" in said
    assert "Languages of a request English, Irish French, Irish not verified" in said
    assert "How it is asked By message between authorities The applicant brings a document" in said
    assert "Bulgaria One open enquiry to it, 0 open requests of its organisations." in said
    assert "Ireland One open enquiry to it, one open request of its organisations." in said
    assert "Switzerland no longer listed" in said
    assert "United States new State Nothing is running there now. What it says of this State" in said
    assert "A date already counted is not counted again." in said
    assert "It will not be asked by message any more" not in said, "it never was"


def test_who_proposes_cannot_put_it_in_force_and_another_can(desk, world):
    said = desk.send(file(IE={"note": "new"}))
    assert "so somebody else compares it" in said
    assert "Put edition 2026.3-1 in force" not in said
    digest = Edition.objects.get(number="2026.3-1").digest
    assert "Another supervisor puts in force what you proposed." in desk.do(
        "edition_activate", "2026.3-1", digest=digest, against="2026.2"
    )
    assert directory().number == "2026.2"
    desk.become(world.other_clerk)
    assert "Put edition 2026.3-1 in force" in desk.see("edition", "2026.3-1")
    assert "Edition 2026.3-1 is in force." in desk.decide("2026.3-1")
    assert _ireland().note == "new"
    assert Entry.objects.get(event="authorities.edition_activated").actor_ref == str(world.other_clerk.ref)


def test_a_comparison_that_another_edition_overtook_is_refused_with_a_sentence(desk, world):
    desk.send(file("2026.3-1", IE={"note": "a"}))
    desk.send(file("2026.4-1", IE={"note": "b"}))
    desk.become(world.other_clerk)
    desk.decide("2026.3-1")
    said = desk.do(
        "edition_activate", "2026.4-1", digest=Edition.objects.get(number="2026.4-1").digest, against="2026.2"
    )
    assert "Another edition came into force since this comparison. Look at it again." in said
    assert directory().number == "2026.3-1"


def test_going_back_is_proposed_and_decided_like_any_other(desk, world):
    desk.send(file(IE={"note": "new"}))
    desk.become(world.other_clerk)
    desk.decide("2026.3-1")
    assert "Propose to go back to it" in desk.see("edition", "2026.2")
    assert "Proposed" in desk.do("edition_propose", "2026.2")
    desk.become(world.clerk)
    desk.decide("2026.2")
    assert directory().number == "2026.2"


def test_what_came_with_the_product_is_offered_when_it_was_never_here(desk, world):
    assert "came with the product" not in desk.see("editions")
    Edition.objects.filter(number="2026.2").update(digest="7" * 64, number="2025.7")
    assert "Edition 2026.2 came with the product" in desk.see("editions")
    assert "the same as the one in force" in desk.do("edition_packaged")


def test_a_proposal_is_taken_back_by_its_proposer_and_rejected_by_another(desk, world):
    assert "Take the proposal back" in desk.send(file(IE={"note": "a"}))
    assert "The proposal 2026.3-1 was taken back." in desk.do("edition_drop", "2026.3-1")
    desk.send(file(IE={"note": "a"}))
    desk.become(world.other_clerk)
    assert "Reject the proposal" in desk.see("edition", "2026.3-1")
    desk.do("edition_drop", "2026.3-1")
    desk.see("edition", "2026.3-1")
    assert desk.answer.status_code == 404
    assert "Nobody proposes" in desk.do("edition_drop", "2026.2")


@pytest.mark.parametrize(
    "text,sentence",
    [
        (b"", "This file is empty."),
        (b"\xff\xfe", "The file is not UTF-8 text."),
        (b"PK\x03\x04", "The file is not TOML (about line 1)."),
        (b"#" * 3_000_000, "Choose a file of at most 128 KiB."),
        (b"#" * 200_000, "The file is larger than 128 KiB."),
        (PACKAGED.read_text().replace("true", '"yes"'), "AT, bound_by_directive: write true or false"),
        (PACKAGED.read_text().replace('"2026.2"', '"second"'), "write a year and a number"),
        (file("2026.3"), "number: add a hyphen and a number of your own, like 2026.2-7."),
        (file().replace("member =", "<b>member ="), "The file is not TOML"),
        (file().replace("member =", '"<b>" ='), "AT, <b>: there is no such field."),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_is_wrong_and_where(desk, text, sentence):
    said = desk.send(text)
    assert desk.answer.status_code == 422
    assert sentence in unescape(said) or sentence in unescape(unescape(desk.answer.content.decode()))
    assert "<b>" not in desk.answer.content.decode()
    assert Edition.objects.count() == 1


def test_a_downloaded_edition_can_be_sent_again(desk, client, world):
    raw = client.get(reverse("desk:edition_file", args=["2026.2"])).content
    said, faults = read_edition(raw)
    assert said is not None, faults
    assert {row.state: row for row in said.rows} == {row.state: row for row in packaged_directory().rows}
    desk.become(world.other_clerk)
    assert "says the same as the one in force" in desk.send(raw.replace(b"2026.2", b"2026.2-9"))


def test_a_states_page_shows_the_days_that_do_not_count_and_the_marks(desk):
    said = desk.see("edition_state", "2026.2", "IE", year="2026")
    assert "25 December 2026 Friday Christmas Day –" in said
    assert "15 August" not in said, "a Saturday"
    assert "Takes part in ECRIS-TCN No not verified" in said
    assert "24 April 2027" not in desk.see("edition_state", "2026.2", "IE", year="2027")
    assert "25 December 2026" in desk.see("edition_state", "2026.2", "IE", year="x")
    desk.see("edition_state", "2026.2", "ZZ")
    assert desk.answer.status_code == 404


def test_an_exception_makes_a_new_edition_that_waits_and_a_second_one_continues_it(desk, world):
    said = desk.do("edition_state", "2026.2", "IE", day="2026-12-01", reason="holiday_once")
    assert "Edition 2026.2-1 Proposed" in said
    usual = "A working day Is not a working day: It is a public holiday this once"
    assert f"1 December 2026 {usual}" in said
    desk.become(world.other_clerk)
    desk.do("edition_state", "2026.2-1", "IE", day="2026-12-25", reason="holiday_ended")
    assert set(Edition.objects.values_list("number", flat=True)) == {"2026.2", "2026.2-2"}
    desk.become(world.clerk)
    desk.decide("2026.2-2")
    assert _ireland().exceptions == (
        CalendarException(given.START.date().replace(month=12, day=1), ExceptionReason.HOLIDAY_ONCE),
        CalendarException(given.START.date().replace(month=12, day=25), ExceptionReason.HOLIDAY_ENDED),
    )
    said = desk.see("edition_state", "2026.2-2", "IE")
    assert "1 December 2026 Tuesday A working day Is not a working day" in said
    assert "25 December 2026 Friday Christmas Day Is a working day: A law ended this public holiday" in said


def test_an_exception_is_taken_back_by_another_new_edition(desk, world):
    desk.do("edition_state", "2026.2", "IE", day="2026-12-01", reason="holiday_once")
    desk.do("edition_state", "2026.2-1", "IE", day="2026-12-02", reason="holiday_once")
    desk.become(world.other_clerk)
    desk.decide("2026.2-2")
    desk.do("edition_undo", "2026.2-2", "IE", day="2026-12-01")
    made = contents_of(Edition.objects.get(number="2026.2-3"))
    assert [len(row.exceptions) for row in made.rows if row.state == "IE"] == [1]
    for day in ("2026-12-09", "nonsense", ""):
        desk.do("edition_undo", "2026.2-2", "IE", day=day)
        assert desk.answer.status_code == 404


def _ireland():
    return next(row for row in directory().rows if row.state == "IE")


@pytest.mark.parametrize(
    "day,reason,sentence",
    [
        ("", "holiday_once", "This is empty. Fill in: Day"),
        ("31 December", "holiday_once", "This is not a day. Write year-month-day, like 2026-12-24."),
        ("2026-12-26", "holiday_once", "This is a Saturday or a Sunday, which never counts."),
        ("2026-12-25", "holiday_once", "This is a public holiday already."),
        ("2026-12-01", "holiday_ended", "This is a working day already."),
        ("1999-12-01", "holiday_once", "Give a day of the years 2000 to 2099."),
        ("2001-12-04", "", "Choose an answer: What is otherwise, and why"),
        ("2026-12-01", "party", "Select a valid choice"),
    ],
)
def test_what_is_no_exception_is_said_beside_the_day(desk, day, reason, sentence):
    said = desk.do("edition_state", "2026.2", "IE", day=day, reason=reason)
    assert desk.answer.status_code == 422
    assert sentence in said
    assert f'value="{day}"' in desk.answer.content.decode() or not day, "what was typed is still there"
    assert Edition.objects.count() == 1


def test_a_day_has_one_exception_and_an_earlier_edition_takes_none(desk, world):
    desk.do("edition_state", "2026.2", "IE", day="2026-12-01", reason="holiday_once")
    said = desk.do("edition_state", "2026.2-1", "IE", day="2026-12-01", reason="holiday_made")
    assert "This day has an exception already." in said
    desk.become(world.other_clerk)
    desk.decide("2026.2-1")
    said = desk.do("edition_state", "2026.2", "IE", day="2026-12-02", reason="holiday_made")
    assert "Exceptions are proposed from the edition in force" in said
    assert Edition.objects.count() == 2


def test_the_pages_are_read_in_other_languages(desk, client, settings):
    desk.do("edition_state", "2026.2", "IE", day="2026-12-01", reason="holiday_once")
    for language in ("de", "bg"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for name, args in [*PAGES[:2], PAGES[3], ("edition", ["2026.2-1"])]:
            desk.see(name, *args)
            assert f'<html lang="{language}"' in desk.answer.content.decode()


def test_supervision_leads_there_and_says_that_something_waits(desk):
    assert "National rules" in desk.see("supervision")
    desk.send(file(IE={"note": "a"}))
    assert "National rules: one proposal" in desk.see("supervision")
