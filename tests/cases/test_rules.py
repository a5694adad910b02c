"""The state table, and what an organisation may infer."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetting.cases.rules import (
    MOVES,
    OPEN,
    CaseState,
    IllegalMove,
    Move,
    OrganisationWord,
    Standing,
    after,
    eligible,
    grouped,
    lapses,
    organisation_word,
    tidy_reference,
)
from vetting.errors import Refused

CLOSES = date(2027, 1, 23)
AFTER_SUBMISSION = [
    state for state in CaseState if state not in {CaseState.INVITED, CaseState.CONSENTED, CaseState.RETURNED}
]


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("move", Move)
def test_every_move_from_every_state_leads_somewhere_or_is_refused(state, move):
    if state in MOVES[move].sources:
        assert after(state, move) == MOVES[move].target
    else:
        with pytest.raises(IllegalMove):
            after(state, move)


def test_only_a_person_or_answers_reach_an_outcome():
    assert MOVES[Move.CLEAR].sources == {CaseState.ANSWERED, CaseState.ASSESSING}
    assert MOVES[Move.NOT_CLEAR].sources == {CaseState.ASSESSING}


def test_every_open_case_can_be_withdrawn_cancelled_and_lapse():
    for move in (Move.WITHDRAW, Move.CANCEL, Move.LAPSE):
        assert MOVES[move].sources == OPEN


@settings(max_examples=60)
@given(days=st.integers(0, 200), left=st.booleans())
def test_after_submission_an_organisation_sees_the_same_word_in_every_unshared_state(days, left):
    today = CLOSES - timedelta(days=100) + timedelta(days=days)
    seen = {
        organisation_word(Standing(state, submitted=True, shared=False, left=left, closes_on=CLOSES), today)
        for state in AFTER_SUBMISSION
    }
    assert len(seen) == 1


def test_closed_without_a_certificate_comes_on_the_fixed_date_for_every_cause():
    for state in AFTER_SUBMISSION:
        standing = Standing(state, submitted=True, shared=False, left=False, closes_on=CLOSES)
        assert organisation_word(standing, CLOSES - timedelta(days=1)) is OrganisationWord.WITH_AUTHORITIES
        assert organisation_word(standing, CLOSES) is OrganisationWord.CLOSED


def test_a_result_won_after_the_closing_date_can_still_be_shared():
    standing = Standing(CaseState.CLEARED, submitted=True, shared=True, left=False, closes_on=CLOSES)
    assert organisation_word(standing, CLOSES + timedelta(days=30)) is OrganisationWord.SHARED


@pytest.mark.parametrize("state", CaseState)
def test_what_nobody_acts_on_lapses_on_its_day_and_nothing_else_does(state):
    standing = Standing(state, submitted=True, shared=False, left=False, closes_on=CLOSES)
    ends = CLOSES + timedelta(days=60)
    asked = {CaseState.ENQUIRING, CaseState.ANSWERED, CaseState.ASSESSING}
    assert not lapses(standing, ends_on=ends, today=CLOSES - timedelta(days=1))
    assert lapses(standing, ends_on=ends, today=CLOSES) == (state in OPEN - asked)
    assert lapses(standing, ends_on=ends, today=ends) == (state in OPEN)


def test_an_activity_without_direct_and_regular_contact_is_not_eligible():
    with pytest.raises(Refused, match="activity-not-eligible"):
        eligible("occasional_contact")
    assert eligible("teaching").eligible


@given(st.integers(0, 2**60 - 1))
def test_a_reference_survives_being_read_aloud_and_typed_again(number):
    reference = grouped(number, 3)
    assert len(reference) == 14
    assert tidy_reference(reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == reference
