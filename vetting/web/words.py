"""Codes in the reader's words. Every word a page shows for a code comes from here."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

ACTIVITIES = {
    "teaching": _("Teaching"),
    "childcare": _("Childcare"),
    "sport_coaching": _("Sport coaching"),
    "youth_work": _("Youth work"),
    "health_care_children": _("Health care for children"),
    "residential_care": _("Residential care"),
    "transport_children": _("Transport of children"),
    "religious_instruction": _("Religious instruction"),
    "other_direct_regular": _("Other activity with direct and regular contact with children"),
    "office_no_contact": _("Office or site work without contact with children"),
    "occasional_contact": _("Occasional contact, for instance a single visit or event"),
    "adults_only": _("Activity with adults only"),
}
ROLES = {"paid": _("Paid role"), "voluntary": _("Voluntary role")}
PURPOSES = {
    "art10-employment-children": _("Recruitment for paid work with children"),
    "art10-voluntary-children": _("Recruitment for voluntary activity with children"),
}
ORGANISATION_WORDS = {
    "with_applicant": _("With the applicant"),
    "with_you": _("With you"),
    "with_authorities": _("With the authorities"),
    "shared": _("Certificate shared"),
    "closed": _("Closed without a certificate"),
}
RETURN_REASONS = {
    "document_differs": _("The details differ from the identity document. Look at the document again together."),
    "identity_incomplete": _("Some details about the applicant are missing. The applicant completes them."),
    "role_unclear": _("The role does not fit the activity chosen. Contact the authority, or open a new request."),
    "consent_expired": _("The applicant's agreement has expired. The applicant agrees again."),
}
ENQUIRY_STATES = {
    "opened": _("Being sent"),
    "sent": _("Asked"),
    "more_information": _("Waits for the applicant's information"),
    "answered": _("Answered"),
    "refused": _("No answer"),
    "cancelled": _("Taken back"),
}
CHANNELS = {
    "own_register": _("Own register"),
    "exchange": _("Exchange between authorities"),
    "document": _("Document brought by the applicant"),
    "paper": _("On paper"),
}
ANSWERS = {
    "nothing_recorded": _("Nothing recorded"),
    "entry_held": _("An entry is held"),
    "disqualification_held": _("A disqualification is held"),
    "ask_elsewhere": _("Refers to other States"),
    "more_information": _("Asks for more information"),
    "not_identified": _("Person not identified"),
    "refused": _("Gives no information for this purpose"),
    "needs_person": _("Needs to be looked at by a person"),
}
NOT_IDENTIFIED = {
    "not_a_national": _("not a national of that State"),
    "deceased": _("recorded as deceased"),
    "several_persons": _("several persons fit"),
    "fingerprints_differ": _("fingerprints differ"),
}
DISPUTE_GROUNDS = {
    "not_me": _("What was found is not about me"),
    "not_up_to_date": _("What was found is out of date"),
    "no_bar": _("What was found does not stand against this work"),
    "other": _("Another reason, which the authority will ask me about"),
}
DOCUMENT_KINDS = {
    "passport": _("Passport"),
    "identity_card": _("Identity card"),
    "residence_permit": _("Residence permit"),
}
CONSENTS = {
    "exchange": _("Asking the authorities"),
    "identity_check": _("Showing who you are to the organisation"),
    "release": _("Sharing the certificate"),
    "guardian": _("The agreement of a parent or guardian"),
}
SEXES = {"2": _("Female"), "1": _("Male"), "0": _("Not stated on the document")}
PERSON = {
    "name": (_("Name"), "name"),
    "former_names": (_("Former names"), "name"),
    "birth_date": (_("Date of birth"), "birth"),
    "birth_place": (_("Place of birth"), "birth"),
    "sex": (_("Sex"), "birth"),
    "nationalities": (_("Nationalities"), "nationality"),
    "mother": (_("Mother's name"), "parents"),
    "father": (_("Father's name"), "parents"),
    "document": (_("Identity document"), "document"),
    "identity_number": (_("National identity number"), "document"),
    "address": (_("Address"), "address"),
}
"""Lines of an identity: label, and the step of the form in which it is given."""
ITEMS = {
    "Forename": _("Forenames"),
    "Surname": _("Surname"),
    "SecondSurname": _("Second surname"),
    "Sex": _("Sex"),
    "BirthDate": _("Date of birth"),
    "BirthPlace": _("Place of birth"),
    "Nationality": _("Nationality"),
    "FormerName": _("Former names"),
    "MotherName": _("Mother's name"),
    "FatherName": _("Father's name"),
    "IdentityNumber": _("National identity number"),
    "IdentificationDocument": _("Identity document"),
    "Address": _("Address"),
    "Alias": _("Other names used"),
    "Fingerprints": _("Fingerprints"),
    "MoreInformationOnRequestPurpose": _("More about the purpose"),
}


def locale() -> Locale:
    """The reader's locale; where a language has several, the Union's: British dates, the names of Portugal."""
    language = (get_language() or "en")[:2]
    return Locale.parse({"en": "en_GB", "pt": "pt_PT"}.get(language, language))


@lru_cache(maxsize=64)
def _countries(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}


def state_name(code: str) -> str:
    """A State in the reader's language; `stateless` and `unknown` too."""
    if code in ("stateless", "unknown"):
        return gettext("Stateless") if code == "stateless" else gettext("Unknown")
    return _countries(str(locale())).get(code, code)


def state_names(codes: list[str] | tuple[str, ...]) -> str:
    """Several States, sorted by their names."""
    return ", ".join(sorted(state_name(code) for code in codes))


@lru_cache(maxsize=64)
def _choices(language: str, codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
    names = _countries(language)
    return tuple(sorted(((code, names[code]) for code in codes if code in names), key=lambda pair: pair[1]))


def state_choices(codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """States as choices in the reader's language, sorted by name."""
    return _choices(str(locale()), codes)


def day(moment: date | datetime | None) -> str:
    """A date in the reader's words, for instance 24 November 2026; empty for None."""
    if moment is None:
        return ""
    return format_date(localdate(moment) if isinstance(moment, datetime) else moment, format="long", locale=locale())


def weekday(one: date) -> str:
    """The day of the week in the reader's words, for instance Tuesday."""
    return format_date(one, format="EEEE", locale=locale())


def moment(at: datetime | None) -> str:
    """A moment in the reader's words, for instance 24 Nov 2026, 09:00; empty for None."""
    if at is None:
        return ""
    here = localtime(at)
    return f"{format_date(here, format='medium', locale=locale())}, {format_time(here, 'short', locale=locale())}"


def partial_day(parts: list[int | None] | tuple[int | None, ...]) -> str:
    """A birth date to the precision it is known, in the reader's words; a day that no calendar has, in digits."""
    year, month, dayth = (*parts, None, None)[:3]
    if year is None:
        return ""
    if month is None:
        return str(year)
    try:
        known = date(year, month, dayth or 1)
    except ValueError:  # other registers know people who were born on 30 February
        return f"{year}-{month:02d}-{dayth:02d}" if dayth else f"{year}-{month:02d}"
    return day(known) if dayth else format_date(known, format="MMMM y", locale=locale())


def answer_text(words: str) -> str:
    """An answer in fixed words, in the reader's language."""
    if not words:
        return ""
    kind, *detail = words.split(" ")
    text = str(ANSWERS.get(kind, ""))
    if kind == "ask_elsewhere":
        return f"{text}: {state_names(detail)}"
    if kind == "more_information":
        return f"{text}: {', '.join(str(ITEMS[item]) for item in detail)}"
    return f"{text}: {NOT_IDENTIFIED[detail[0]]}" if kind == "not_identified" else text
