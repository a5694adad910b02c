"""By when an authority must reply: the rule against an independent count, and the command that explains it."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.calendars import national
from vetting.authorities.ports import CalendarException, ExceptionReason
from vetting.authorities.queries import calendar_of, due_date, forward_date, packaged_directory
from vetting.authorities.rules import Directory, ReplyClock, RequestKind, due, holidays_between, reply_due
from vetting.editions.rules import changed
from vetting.errors import Refused, Unusable

pytestmark = pytest.mark.django_db

ASKED = sorted(packaged_directory().exchange())
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def counted(start: date, last: date, state: str) -> int:
    """Working days after `start` up to `last`, counted the slow way, over the whole list of days."""
    calendar = national(state)
    days = [start + timedelta(days=number) for number in range(1, (last - start).days + 1)]
    return len([day for day in days if day.isoweekday() < 6 and calendar.holiday_name(day) is None])


@settings(max_examples=50, deadline=None)
@given(received=DAYS, state=st.sampled_from(ASKED), kind=st.sampled_from(RequestKind), extended=st.booleans())
def test_the_last_day_is_the_tenth_or_twentieth_working_day(
    received: date, state: str, kind: RequestKind, extended: bool
) -> None:
    last = reply_due(received, kind=kind, calendar=calendar_of(state), extended=extended)
    legal = 20 if extended or kind is RequestKind.OWN_RECORD else 10
    assert counted(received, last, state) == legal
    assert counted(received, last - timedelta(days=1), state) == legal - 1


@settings(max_examples=50, deadline=None)
@given(received=DAYS, wait=st.integers(0, 90), state=st.sampled_from(ASKED))
def test_the_whole_time_begins_again_with_the_information(received: date, wait: int, state: str) -> None:
    informed = received + timedelta(days=wait)
    clock = ReplyClock(received, received, informed)
    fresh = ReplyClock(informed)
    calendar = calendar_of(state)
    told = [due(each, kind=RequestKind.VETTING, calendar=calendar, extended=False) for each in (clock, fresh)]
    assert told[0] == told[1] != None  # noqa: E711  # both are dates


@settings(max_examples=50, deadline=None)
@given(received=DAYS, state=st.sampled_from(ASKED))
def test_every_day_in_the_time_is_a_working_day_a_weekend_or_a_named_holiday(received: date, state: str) -> None:
    calendar = calendar_of(state)
    last = reply_due(received, kind=RequestKind.VETTING, calendar=calendar, extended=False)
    skipped = holidays_between(received, last, calendar=calendar)
    days = [received + timedelta(days=number) for number in range(1, (last - received).days + 1)]
    weekend = sum(day.isoweekday() > 5 for day in days)
    assert len(days) == 10 + weekend + len(skipped)


WEEKDAYS = st.dates(date(2025, 12, 1), date(2027, 1, 31)).filter(lambda day: day.isoweekday() < 6)
EXCEPTIONS = st.dictionaries(WEEKDAYS, st.sampled_from(ExceptionReason), max_size=25)


def excepted(state: str, exceptions: dict[date, ExceptionReason]) -> Directory:
    """The packaged edition, with these exceptions in the calendar of one State."""
    packaged = packaged_directory()
    return changed(packaged, "2026.2-1", state, tuple(CalendarException(*one) for one in exceptions.items()))


@settings(max_examples=100, deadline=None)
@given(
    received=st.dates(date(2025, 12, 15), date(2026, 12, 15)), state=st.sampled_from(ASKED), exceptions=EXCEPTIONS,
    extended=st.booleans(),
)  # fmt: skip
def test_exceptions_of_an_edition_count_day_by_day(
    received: date, state: str, exceptions: dict[date, ExceptionReason], extended: bool
) -> None:
    calendar = calendar_of(state, excepted(state, exceptions))
    last = reply_due(received, kind=RequestKind.VETTING, calendar=calendar, extended=extended)
    usual, worked, skipped = national(state), 0, 0
    for number in range(1, (last - received).days + 1):
        day = received + timedelta(days=number)
        if day.isoweekday() > 5:
            assert not calendar.is_working(day)
            continue
        free = not exceptions[day].works if day in exceptions else usual.holiday_name(day) is not None
        worked, skipped = worked + (not free), skipped + free
    assert worked == (20 if extended else 10)
    assert calendar.is_working(last)
    assert len(holidays_between(received, last, calendar=calendar)) == skipped


def test_exceptions_belong_to_one_state_and_make_no_unknown_year_known() -> None:
    day = date(2026, 12, 1)
    edition = excepted("IE", {day: ExceptionReason.HOLIDAY_ONCE})
    assert not calendar_of("IE", edition).is_working(day)
    assert calendar_of("BG", edition).is_working(day)
    assert calendar_of("IE").is_working(day), "without an edition it is the one in force, or the packaged one"
    with pytest.raises(Unusable):
        calendar_of("IE", edition).is_working(date(2101, 1, 3))


def test_nothing_is_due_while_information_is_awaited() -> None:
    clock = ReplyClock(date(2026, 3, 2), date(2026, 3, 4))
    assert due(clock, kind=RequestKind.VETTING, calendar=calendar_of("PL"), extended=False) is None


@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 3, 2), None, date(2026, 3, 4)),
        (date(2026, 3, 2), date(2026, 3, 1), None),
        (date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 3)),
    ],
)
def test_dates_that_contradict_each_other_are_refused(days: tuple[date, date | None, date | None]) -> None:
    with pytest.raises(Refused):
        ReplyClock(*days)


def test_a_saturday_is_never_a_working_day_and_each_state_has_its_own_holidays() -> None:
    assert not calendar_of("PL").is_working(date(2026, 11, 14))
    assert calendar_of("PL").holiday_name(date(2026, 11, 11)) == "National Independence Day"
    assert calendar_of("DE").is_working(date(2026, 11, 11))


@pytest.mark.parametrize("state", ASKED)
def test_every_asked_state_has_a_calendar(state: str) -> None:
    assert not calendar_of(state).is_working(date(2026, 12, 25))


def test_a_calendar_does_not_guess() -> None:
    with pytest.raises(Unusable):
        calendar_of("ZZ")
    with pytest.raises(Unusable):
        calendar_of("PL").is_working(date(2101, 1, 3))


def test_a_document_has_the_home_states_time_and_the_united_kingdom_its_own(loaded: None) -> None:
    friday = date(2026, 12, 18)
    assert due_date("PL", friday, fallback="IE") == date(2027, 1, 7)
    assert due_date("GB", friday, fallback="IE") == date(2027, 1, 20)
    assert due_date("US", friday, fallback="PL") == due_date("NO", friday, fallback="PL") == date(2027, 1, 7)


def explained(*options: str) -> Any:
    out = StringIO()
    call_command("explain_deadline", *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_christmas_in_poland_is_explained_holiday_by_holiday() -> None:
    answer = explained("--state", "pl", "--received", "2026-12-18", "--kind", "vetting")
    assert answer["due"] == "2027-01-07"
    assert answer["working_days"] == 10
    assert [holiday["date"] for holiday in answer["holidays"]] == [
        "2026-12-24",
        "2026-12-25",
        "2027-01-01",
        "2027-01-06",
    ]
    assert answer["holidays"][0]["name"] == "Christmas Eve"


@pytest.mark.parametrize("state,kind,legal", [("UK", "vetting", 20), ("EL", "own_record", 20), ("EL", "vetting", 10)])
def test_the_legal_time_depends_on_the_state_and_on_why_it_is_asked(state: str, kind: str, legal: int) -> None:
    answer = explained("--state", state, "--received", "2026-03-02", "--kind", kind)
    assert answer["working_days"] == legal
    assert answer["state"] in {"GB", "GR"}
    assert answer["kind"] == kind


def test_a_paused_clock_has_no_date_and_a_restarted_one_counts_from_the_information() -> None:
    common = ["--state", "DE", "--received", "2026-03-02", "--kind", "vetting", "--information-asked", "2026-03-05"]
    assert explained(*common)["due"] is None
    assert explained(*common)["holidays"] == []
    assert explained(*common, "--information-received", "2026-03-09")["due"] == "2026-03-23"


def test_without_json_the_explanation_is_read_by_a_person() -> None:
    out = StringIO()
    call_command("explain_deadline", state="PL", received="2026-12-18", kind="vetting", stdout=out)
    assert "Poland must reply by 2027-01-07: 10 of its working days" in out.getvalue()
    assert "2027-01-06  Epiphany" in out.getvalue()
    call_command(
        "explain_deadline",
        state="PL",
        received="2026-12-18",
        kind="vetting",
        information_asked="2026-12-21",
        stdout=out,
    )
    assert "waits for more information" in out.getvalue()


@pytest.mark.parametrize(
    "change,sentence",
    [
        (["--state", "QQ"], "--state QQ: this is not a State. Accepted: AT, "),
        (["--state", "NO"], "--state NO: this State is not asked by message"),
        (["--received", "2026-02-30"], "--received 2026-02-30: this is not a day. Accepted: year-month-day"),
        (["--received", "2026-W10-1"], "this is not a day"),
        (["--kind", "gossip"], "--kind gossip: this is not a kind of request. Accepted: vetting, own_record."),
        (["--information-received", "2026-03-09"], "that was not asked"),
        (["--information-asked", "2026-03-01"], "the day the request was received, or later"),
        (["--information-asked", "2026-03-05", "--information-received", "2026-03-04"], "was asked, or later"),
        (["--received", "2100-12-30"], "Give dates from 2008 to 2099."),
        (["--received", "9999-12-31"], "Give dates from 2008 to 2099."),
    ],
)
def test_bad_input_gets_a_sentence(change: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as error:
        explained("--state", "PL", "--received", "2026-03-02", "--kind", "vetting", *change)
    assert sentence in str(error.value)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(submitted=DAYS, home=st.sampled_from(ASKED))
def test_the_time_to_ask_abroad_is_the_national_one_where_that_is_shorter(
    loaded: None, submitted: date, home: str
) -> None:
    last = forward_date(home, submitted, within=5)
    row = packaged_directory().find(home)
    assert row is not None
    assert last <= submitted + timedelta(days=5)
    if row.forward_days is None:
        assert last == submitted + timedelta(days=5)
    elif last < submitted + timedelta(days=5):
        assert counted(submitted, last, home) == row.forward_days
        assert counted(submitted, last - timedelta(days=1), home) == row.forward_days - 1
    else:
        assert counted(submitted, last, home) <= row.forward_days


def test_estonia_has_three_working_days_and_greece_too_which_is_unverified(loaded: None) -> None:
    found = {row.state: row.forward_days for row in packaged_directory().rows if row.forward_days is not None}
    assert found == {"EE": 3, "GR": 3}
    greece = packaged_directory().find("GR")
    assert greece is not None
    assert not greece.is_verified("forward_days")
    monday = date(2026, 11, 23)
    assert forward_date("EE", monday, within=5) == date(2026, 11, 26)
    assert forward_date("IE", monday, within=5) == date(2026, 11, 28)
