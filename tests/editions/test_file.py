"""An edition as a file: what is read, what is said of a file that is none, and that writing and reading agree."""

import re
from dataclasses import replace
from datetime import date, timedelta
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetting.authorities.ports import CalendarException, ExceptionReason
from vetting.authorities.queries import PACKAGED, packaged_directory
from vetting.authorities.rules import row_from
from vetting.editions.rules import (
    CHECKS,
    MOST_BYTES,
    Fault,
    changed,
    compare,
    differences,
    next_number,
    read_edition,
    written,
)
from vetting.web.desk.edition_rows import fault_text
from vetting.web.desk.rule_words import FAULTS

RAW = PACKAGED.read_text()
WEEKDAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31)).filter(lambda day: day.weekday() < 5)
EXCEPTIONS = st.dictionaries(WEEKDAYS, st.sampled_from(ExceptionReason), max_size=5).map(
    lambda days: tuple(sorted(CalendarException(day, reason) for day, reason in days.items()))
)
TEXTS = st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=40)


def faults(text):
    said, found = read_edition(text if isinstance(text, bytes) else text.encode())
    assert (said is None) == bool(found)
    return found


def test_the_packaged_file_is_read_as_the_product_reads_it():
    said, found = read_edition(RAW.encode())
    assert found == ()
    assert said == packaged_directory()


@settings(max_examples=40, deadline=None)
@given(exceptions=EXCEPTIONS, note=TEXTS, state=st.sampled_from(packaged_directory().states()))
def test_what_is_written_is_read_again(exceptions, note, state):
    rows = tuple(
        replace(row, exceptions=exceptions, note=note) if row.state == state else row
        for row in packaged_directory().rows
    )
    said, found = read_edition(written(replace(packaged_directory(), rows=rows)).encode())
    assert said is not None, found
    assert (said.number, said.rows) == (packaged_directory().number, rows)


def test_unverified_marks_survive_a_change_of_the_calendar():
    one = CalendarException(date(2026, 12, 24), ExceptionReason.HOLIDAY_ONCE)
    made = changed(packaged_directory(), "2026.2-1", "IE", (one,))
    said, _ = read_edition(written(made).encode())
    assert said == made
    assert [row.unverified for row in made.rows] == [row.unverified for row in packaged_directory().rows]
    assert differences(packaged_directory(), made) == ("IE: exceptions changes",)
    [change] = compare(packaged_directory(), made)
    assert (change.gone, change.come, change.fields) == ((), (one,), ())


IRISH = RAW.index('state = "IE"')


def irish(old, new):
    """The packaged file, with one thing otherwise in the row of Ireland."""
    end = RAW.find("[[authority]]", IRISH)
    row = RAW[IRISH:end]
    assert re.search(old, row)
    return RAW[:IRISH] + re.sub(old, lambda _: new, row, count=1) + RAW[end:]


@pytest.mark.parametrize(
    "text,fault",
    [
        (b"\xff", Fault("not-text")),
        ("x" * (MOST_BYTES + 1), Fault("too-big")),
        ('number = "2026.3"\nthis is no TOML', Fault("not-toml", "2")),
        ("[" * 1_900, Fault("not-toml", "1")),
        ("n = " + "9" * 1_900 + ".", Fault("not-toml", "1")),
        (RAW.replace("2026.2", "next"), Fault("number")),
        (RAW.replace("2026-11-27", "2026-11-27T09:00:00"), Fault("date")),
        ("colour = 1\n" + RAW, Fault("unknown-entry", field="colour")),
        ('number = "2026.3"\nauthority = "IE"', Fault("no-rows")),
        ('number = "2026.3"', Fault("no-rows")),
        (irish("state = .*", 'state = "UK"'), Fault("state", "14")),
        (irish("state = .*", 'state = "FR"'), Fault("two-rows", "FR")),
        (irish("member = .*", "colour = 1\nmember = true"), Fault("unknown-field", "IE", "colour")),
        (irish("instrument = .*\n", ""), Fault("missing-field", "IE", "instrument")),
        (irish("instrument = .*", "instrument = 1"), Fault("text", "IE", "instrument")),
        (irish("instrument = .*", f'instrument = "{"a" * 401}"'), Fault("text", "IE", "instrument")),
        (irish("instrument = .*", 'instrument = "two\\nlines"'), Fault("text", "IE", "instrument")),
        (irish("native_name = .*", 'native_name = " "'), Fault("name", "IE", "native_name")),
        (irish("member = .*", "member = 1"), Fault("flag", "IE", "member")),
        (irish("languages = .*", "languages = []"), Fault("languages", "IE", "languages")),
        (irish("languages = .*", 'languages = ["en", "en"]'), Fault("languages", "IE", "languages")),
        (irish("channel = .*", 'channel = "fax"'), Fault("channel", "IE", "channel")),
        (irish("channel = .*", "channel = []"), Fault("channel", "IE", "channel")),
        (irish("reply_days = .*", "reply_days = 15"), Fault("reply-days", "IE", "reply_days")),
        (irish("reply_days = .*", "reply_days = true"), Fault("reply-days", "IE", "reply_days")),
        (irish("confidence = .*", "confidence = nan"), Fault("confidence", "IE", "confidence")),
        (irish("unverified = .*", 'unverified = ["colour"]'), Fault("unverified", "IE", "unverified")),
        (irish("unverified = .*", 'needs = [["a"]]'), Fault("needs", "IE", "needs")),
        (irish("unverified = .*", "validity_months = 0"), Fault("months", "IE", "validity_months")),
        (irish("unverified = .*", "forward_days = 3.0"), Fault("forward-days", "IE", "forward_days")),
    ],
)
def test_every_fault_of_a_file_is_named_with_its_place(text, fault):
    assert fault in faults(text)


@pytest.mark.parametrize(
    "exception",
    [
        'day = 2026-12-26\nreason = "holiday_once"',
        'day = 2026-12-24T09:00:00\nreason = "holiday_once"',
        'day = 1999-12-24\nreason = "holiday_once"',
        'day = 2026-12-24\nreason = "party"',
        "day = 2026-12-24",
        'reason = "holiday_once"',
        'day = 20261224\nreason = "holiday_once"',
        'day = 2026-12-24\nreason = "holiday_once"\nnote = "anything"',
        'day = 2026-12-24\nreason = "holiday_once"\n[[authority.exceptions]]\nday = 2026-12-24\n'
        'reason = "holiday_made"',
    ],
)
def test_an_exception_is_one_weekday_and_a_reason_of_the_list(exception):
    end = RAW.find("[[authority]]", IRISH)
    text = f"{RAW[:end]}[[authority.exceptions]]\n{exception}\n\n{RAW[end:]}"
    assert Fault("exceptions", "IE", "exceptions") in faults(text)
    with pytest.raises(ValueError):  # noqa: PT011  # the sentence differs with the fault
        row_from(
            {**vars(packaged_directory().find("IE")), "exceptions": [{"day": "2026-12-26", "reason": "holiday_once"}]}
        )


def test_every_fault_has_a_sentence_and_every_sentence_a_fault():
    found = {code for code, _ in CHECKS.values()}
    top = {"too-big", "long-line", "not-text", "not-toml", "number", "date", "unknown-entry", "no-rows", "state",
           "two-rows", "unknown-field", "missing-field", "own-number"}  # fmt: skip
    assert found | top == set(FAULTS)
    for code in FAULTS:
        assert "%" not in fault_text(Fault(code, "IE", "note"))


@settings(max_examples=300, deadline=None)
@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_no_bytes_at_all_make_the_reader_fail(junk):
    assert faults(junk)


DOTS = "a." * 990
HOSTILE = (
    "a." * 30_000 + "a = 1",
    "a = " + "{b = " * 20_000,
    '"' * 100_000,
    "[a]\n" * 20_000,
    "\n".join(f"b{number}.{DOTS}a = 1" for number in range(64)),
    "\n".join(f"[b{number}.{DOTS}a]" for number in range(64)),
    "\n".join(f"[a.{'b.' * number}c]" for number in range(400)),
    "a = [" + "\n[" * 60_000,
)


@pytest.mark.parametrize("junk", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_costs_little(junk):
    began = monotonic()
    assert faults(junk)
    assert monotonic() - began < 5


def test_a_file_with_everything_wrong_names_no_more_than_a_page_can_show():
    assert len(faults(RAW.replace('instrument = "', 'colour = "'))) == 20


def test_numbers_that_supervisors_make_are_counted_within_their_edition():
    assert next_number("2026.2", {"2026.2"}) == "2026.2-1"
    assert next_number("2026.2-1", {"2026.2", "2026.2-1"}) == "2026.2-2"
    assert next_number("2026.2", {"2026.2", "2026.2-4"}) == "2026.2-5"
    assert next_number("2026.3", {"2026.2", "2026.2-1", "2026.3"}) == "2026.3-1"


def test_a_comparison_names_what_was_and_what_would_be():
    old = packaged_directory()
    rows = tuple(replace(row, languages=("ga", "en")) if row.state == "IE" else row for row in old.rows)
    [change] = compare(old, replace(old, rows=rows))
    assert [(one.field, one.new) for one in change.fields] == [("languages", ("ga", "en"))]
    less = compare(old, replace(old, rows=tuple(row for row in old.rows if row.state != "IE")))
    assert [(one.state, one.new) for one in less] == [("IE", None)]
    assert [one.old for one in compare(None, old)] == [None] * len(old.rows)
    assert compare(old, old) == ()


def test_an_exception_is_within_the_years_that_calendars_know():
    CalendarException(date(2099, 12, 31), ExceptionReason.HOLIDAY_ONCE)
    with pytest.raises(ValueError, match="2000 to 2099"):
        CalendarException(date(2099, 12, 31) + timedelta(days=1), ExceptionReason.HOLIDAY_ONCE)
