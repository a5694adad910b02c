"""The national rules in words: their fields, what is wrong with a file of them, and reasons of calendar exceptions."""

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "country": _("Country"),
    "name": _("Authority, in English"),
    "native_name": _("Authority, in its own language"),
    "channel": _("How it is asked"),
    "reply_days": _("Working days for a reply"),
    "languages": _("Languages of a request"),
    "needs": _("Needed to find a person"),
    "forward_days": _("Working days to ask abroad"),
    "member": _("Member State of the Union"),
    "bound_by_directive": _("Bound by Directive 2011/93/EU"),
    "in_index": _("Takes part in ECRIS-TCN"),
    "index_note": _("Note on ECRIS-TCN"),
    "instrument": _("Certificate in that State"),
    "legal_basis": _("Legal basis"),
    "validity_months": _("Months a certificate is accepted"),
    "recheck": _("Check again"),
    "tells_employer": _("The authority tells the employer"),
    "note": _("Note"),
    "confidence": _("Confidence in the row, from 0 to 1"),
    "unverified": _("Not yet read in their source"),
    "exceptions": _("Exceptions of the calendar"),
    "state": _("State"),
}
"""In the order in which a page shows them."""
CHANNELS = {
    "exchange": _("By message between authorities"),
    "document": _("The applicant brings a document"),
}
NEEDS = {
    "father_name": _("Father's name"),
    "mother_name": _("Mother's name"),
    "second_surname": _("Second surname"),
}
NO_WORK = _("Is not a working day")
WORKS = _("Is a working day")
REASONS = {
    "holiday_made": _("A law made it a public holiday"),
    "holiday_once": _("It is a public holiday this once"),
    "holiday_missed": _("It is a public holiday that the calendar does not know"),
    "holiday_ended": _("A law ended this public holiday"),
    "holiday_moved": _("The public holiday is on another day this once"),
    "holiday_regional": _("It is not a public holiday in the whole State"),
}
FAULTS = {
    "too-big": _("The file is larger than 128 KiB. An edition of every State of the world is smaller."),
    "not-text": _("The file is not UTF-8 text. Download the edition in force, change it, and save it as UTF-8."),
    "long-line": _("Line %(where)s is longer than 2000 bytes. Write each thing on a line of its own."),
    "not-toml": _("The file is not TOML (about line %(where)s). Mend that line; texts stand between double quotes."),
    "number": _("number: write a year and a number that was not used yet, like 2026.2-7, between double quotes."),
    "own-number": _("number: add a hyphen and a number of your own, like 2026.2-7. Others come with the product."),
    "date": _("date: write a day, like 2026-11-27, without quotes; or leave it out."),
    "unknown-entry": _(
        "%(field)s: unknown. At the top, number, date and source are accepted, then [[authority]] rows."
    ),
    "no-rows": _("There are no [[authority]] rows. Each State has one, as in the file of the edition in force."),
    "state": _("Row %(where)s, state: write the two letters of ISO 3166-1 in capitals, like PL; Greece is GR."),
    "two-rows": _("%(where)s: this State has two rows. Leave one."),
    "unknown-field": _("%(where)s, %(field)s: there is no such field. Correct its name, or leave it out."),
    "missing-field": _("%(where)s, %(field)s: this is missing. Write it as the rows of other States do."),
    "text": _("%(where)s, %(field)s: write one line of text, at most 400 characters, between double quotes."),
    "name": _("%(where)s, %(field)s: write a name, at most 200 characters, between double quotes."),
    "flag": _("%(where)s, %(field)s: write true or false, without quotes."),
    "languages": _('%(where)s, %(field)s: write a list of language codes of two small letters, like ["de", "fr"].'),
    "channel": _('%(where)s, %(field)s: write "exchange" or "document".'),
    "reply-days": _("%(where)s, %(field)s: write 10 or 20 for a State on the exchange, and 0 for any other."),
    "needs": _("%(where)s, %(field)s: write a list of father_name, mother_name and second_surname, or leave it out."),
    "months": _("%(where)s, %(field)s: write whole months from 1 to 120, or leave it out."),
    "forward-days": _("%(where)s, %(field)s: write whole working days from 1 to 20, or leave it out."),
    "confidence": _("%(where)s, %(field)s: write a number from 0 to 1, like 0.85."),
    "unverified": _("%(where)s, %(field)s: write a list of names of fields, each once."),
    "exceptions": _(
        "%(where)s, %(field)s: each has a day, Monday to Friday, written like 2026-12-24 without quotes, and a reason "
        "that the calendar page lists; no day has two."
    ),
}
"""Codes of `vetting.editions.rules.Fault`."""
