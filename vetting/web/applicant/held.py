"""Everything held about an applicant, as far as their own pages show it: read once, written as JSON and as a page.

What an authority answered is not in it: that an answer came is told, what it said is the authority's to tell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.cases.rules import TO_APPLICANT
from vetting.certificates.models import Certificate
from vetting.certificates.queries import codes_of, contents_of, shares_of
from vetting.consent.queries import consents_of
from vetting.enquiries.models import Enquiry
from vetting.enquiries.queries import enquiries_of
from vetting.enquiries.rules import EnquiryState
from vetting.identity.queries import draft_of
from vetting.outcomes.models import Dispute
from vetting.roster.models import Interim, Seat
from vetting.web import words
from vetting.web.applicant.record import openings_of, verifications_of
from vetting.web.applicant.words import CERTIFICATE_STATES, LETTERS, OPENINGS, READERS, SHARE_PURPOSES, SHOWS, STATES
from vetting.web.organisation.words import ARRANGEMENTS

Row = dict[str, Any]
"""One thing that is held: stable names, with dates, codes and texts as values."""


@dataclass(frozen=True)
class Part:
    """A heading of the page, and the rows below it; `code` names it in the file."""

    code: str
    heading: Any
    rows: list[Row]


def held(case: Case) -> list[Part]:
    """Every part, also those in which there is nothing."""
    contact = contact_of(case)
    return [
        Part("check", _("Your check"), [_check(case)]),
        Part(
            "invitation", _("How you were invited"), [{name: value for name, value in vars(contact).items() if value}]
        ),
        Part("identity", _("What you said about yourself"), _identity(draft_of(case))),
        Part("consents", _("What you agreed to"), [_consent(one) for one in consents_of(case)]),
        Part("enquiries", _("Who was asked"), [_enquiry(one) for one in enquiries_of(case)]),
        Part("disputes", _("What you disputed"), [_dispute(one) for one in Dispute.objects.filter(case=case)]),
        Part("certificates", _("Your certificates"), [_certificate(one) for one in case.certificates.order_by("pk")]),
        Part("shares", _("With whom you shared"), [_share(one) for one in shares_of(case)]),
        Part("codes", _("Codes you made"), [_code(one) for one in codes_of(case)]),
        Part("openings", _("Who opened your file"), [_opening(one) for one in openings_of(case)]),
        Part("verifications", _("Your certificate was verified"), _verified(case)),
        Part("arrangements", _("What the organisation arranged until then"), _arranged(case)),
        Part("mails", _("Mails to you"), _mails(case)),
    ]


def _check(case: Case) -> Row:
    return {
        "reference": case.tracking, "reference_of_the_organisation": case.reference,
        "organisation": case.organisation.name, "home": case.home, "activity": case.activity, "role": case.role,
        "purpose": case.purpose, "language": case.language, "state": case.state, "opened_at": case.opened_at,
        "submitted_at": case.submitted_at, "closes_on": case.closes_on, "ends_on": case.ends_on,
    }  # fmt: skip


def _identity(draft: Mapping[str, Any]) -> list[Row]:
    """Step by step, as it was given; a birth date to the precision it is known."""
    rows = []
    for step, said in draft.items():
        row: Row = {"step": step, **said}
        if "date" in row:
            row["date"] = "-".join(f"{part:02d}" for part in row["date"] if part)
        for parent in ("mother", "father"):
            if parent in row:
                row[parent] = " ".join(filter(None, row[parent].values()))
        if "former" in row:
            row["former"] = [" ".join(one.values()) for one in row["former"]]
        rows.append(row)
    return rows


def _consent(one: Any) -> Row:
    return {"consent": one.purpose, "words": one.wording.text, "language": one.language, "granted_at": one.granted_at,
            "expires_at": one.expires_at, "withdrawn_at": one.withdrawn_at}  # fmt: skip


def _enquiry(one: Enquiry) -> Row:
    """How far an enquiry is. That it ended is told, how it ended is not."""
    state = EnquiryState.ANSWERED if one.state == EnquiryState.REFUSED else one.state
    return {
        "asked": one.asked, "channel": one.channel, "status": str(state), "opened_at": one.opened_at,
        "sent_at": one.sent_at, "due_on": one.announced_on or one.due_on, "answered_at": one.answered_at,
    }  # fmt: skip


def _dispute(one: Dispute) -> Row:
    return {"ground": one.ground, "opened_at": one.opened_at, "closed_at": one.closed_at}


def _certificate(one: Certificate) -> Row:
    said = contents_of(one)
    return {
        "number": one.number, "standing": one.state, "activity": one.activity, "role": one.role,
        "issued_on": one.issued_on, "valid_until": one.valid_until, "holder_name": said.holder_name,
        "holder_birth_date": said.holder_birth_date, "issuer": said.issuer,
        "covers": [row.state for row in said.coverage],
    }  # fmt: skip


def _share(one: Any) -> Row:
    seat = Seat.objects.filter(share=one).first()
    return {"organisation": one.organisation.name, "number": one.certificate.number, "shared_at": one.shared_at,
            "revoked_at": one.revoked_at, "on_its_roster_since": seat.seen_at if seat else None,
            "left_its_roster_at": seat.left_at if seat else None}  # fmt: skip


def _code(one: Any) -> Row:
    return {"share_purpose": one.purpose, "shows": one.shows, "number": one.certificate.number, "made_at": one.made_at,
            "until": one.ends_on, "revoked_at": one.revoked_at}  # fmt: skip


def _opening(one: Any) -> Row:
    return {"at": one.at, "reader": one.reader, "home": one.state, "reason": one.reason}


def _verified(case: Case) -> list[Row]:
    return [{"day": day, "times": count} for day, count in verifications_of(case)]


def _arranged(case: Case) -> list[Row]:
    return [
        {"arrangement": one.arrangement, "agreed_at": one.agreed_at, "ended_at": one.ended_at}
        for one in Interim.objects.filter(case=case).order_by("pk")
    ]


def _mails(case: Case) -> list[Row]:
    mails = case.letters.filter(kind__in=TO_APPLICANT).order_by("pk")
    return [{"mail": one.kind, "owed_at": one.owed_at, "sent_at": one.sent_at} for one in mails]


STEPS = {
    "name": _("Name"),
    "birth": _("Birth"),
    "nationality": _("Nationalities"),
    "document": _("Identity document"),
    "address": _("Address"),
    "parents": _("Parents"),
    "guardian": _("A parent or guardian"),
}
CODED: dict[str, Mapping[str, Any]] = {
    "activity": words.ACTIVITIES,
    "role": words.ROLES,
    "purpose": words.PURPOSES,
    "state": STATES,
    "step": STEPS,
    "sex": words.SEXES,
    "kind": words.DOCUMENT_KINDS,
    "consent": words.CONSENTS,
    "channel": words.CHANNELS,
    "status": words.ENQUIRY_STATES,
    "ground": words.DISPUTE_GROUNDS,
    "standing": CERTIFICATE_STATES,
    "share_purpose": SHARE_PURPOSES,
    "shows": SHOWS,
    "reader": READERS,
    "reason": OPENINGS,
    "arrangement": ARRANGEMENTS,
    "mail": LETTERS,
}
"""Which values are codes, and their words."""


def _states(value: str | list[str]) -> str:
    return words.state_names([value] if isinstance(value, str) else value)


def _birth_date(value: str) -> str:
    return words.partial_day([*map(int, value.split("-"))])


def _language(value: str) -> str:
    return str(words.locale().languages.get(value, value))


STATES_OF = "home asked covers country issuing_country nationalities former_nationalities past_residences".split()
WRITTEN: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(STATES_OF, _states),
    **dict.fromkeys(("date", "holder_birth_date"), _birth_date),
    "language": _language,
}
"""Values that are written in a manner of their own: States, birth dates as far as they are known, languages."""


def shown(name: str, value: Any) -> str:
    """A value in the reader's words; empty for nothing."""
    if value is None or value in ("", []):
        return ""
    if name in CODED:
        return str(CODED[name][value])
    if name in WRITTEN:
        return WRITTEN[name](value)
    if isinstance(value, date):
        return words.moment(value) if isinstance(value, datetime) else words.day(value)
    return ", ".join(value) if isinstance(value, list) else str(value)
