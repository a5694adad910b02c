"""What an organisation's pages show of a case, formatted once. No fact about an answer or an outcome is read here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vetting.cases.models import Case
from vetting.cases.queries import contact_of, undelivered
from vetting.cases.rules import OrganisationWord
from vetting.keys.models import KeyGone
from vetting.statistics.queries import ranges_for
from vetting.statistics.rules import Range
from vetting.web import words

LONG = timedelta(days=30)
"""Where past cases say nothing, an organisation may ask after a case that is this old."""


def name_of(case: Case, today: date) -> str:
    """Whom the case is about, as the organisation wrote it; empty once that may be erased."""
    if today >= case.ends_on:  # on that day for every case: when a file is erased depends on what happened to it
        return ""
    try:
        contact = contact_of(case)
    except KeyGone:
        return ""
    return f"{contact.given_name} {contact.surname}"


def rows_of(cases: Iterable[Case], shared: set[int], today: date, acts: set[int]) -> list[dict[str, Any]]:
    """Lines of the home screen; `acts`: the organisations for which this person may do something."""
    cases = list(cases)
    ranges = ranges_for(case for case in cases if case.submitted_at)
    back = undelivered(case for case in cases if not case.submitted_at)
    return [
        {
            **row_of(case, case.pk in shared, ranges.get(case.pk), today, acts=case.organisation_id in acts),
            "came_back": case.pk in back,
        }
        for case in cases
    ]


def row_of(case: Case, shared: bool, span: Range | None, today: date, *, acts: bool) -> dict[str, Any]:
    """One case: whose turn it is, what can be done, and by when to expect something."""
    word = case.word_for_organisation(today, shared=shared)
    return {
        "case": case,
        "name": name_of(case, today),
        "activity": words.ACTIVITIES[case.activity],
        "word": word,
        "word_text": words.ORGANISATION_WORDS[word],
        "opened": words.day(case.opened_at),
        "closes": words.day(case.closes_on),
        "acts": acts,
        "your_turn": word is OrganisationWord.WITH_YOU,
        "may_invite": acts and word is OrganisationWord.WITH_APPLICANT,
        **(_expected(case, span, today, acts=acts) if word is OrganisationWord.WITH_AUTHORITIES else {}),
    }


def _expected(case: Case, span: Range | None, today: date, *, acts: bool) -> dict[str, Any]:
    """An honest range, the same whether there is a result already or not."""
    submitted_on = localdate(case.submitted_at)
    first, last = span.after(submitted_on) if span else (None, submitted_on + LONG)
    late = today > last
    if span is None:
        text = _("There are too few past cases to say how long this takes.")
    elif late:
        text = _("Nine of ten are done by %(day)s. This one takes longer.") % {"day": words.day(last)}
    elif first == last:
        text = _("Expected on %(day)s") % {"day": words.day(last)}
    else:
        text = _("Expected between %(first)s and %(last)s") % {"first": words.day(first), "last": words.day(last)}
    return {
        "expected": text,
        "may_escalate": acts and late and case.escalated_at is None,
        "escalated": words.day(case.escalated_at),
    }
