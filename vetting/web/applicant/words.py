"""Codes that only applicants, and those they show something to, see, in their words."""

from django.utils.translation import gettext_lazy as _

SHARE_PURPOSES = {
    "organisation": _("An organisation where I want to work or help with children"),
    "agency": _("An agency or association that places people with children"),
    "family": _("A family whose child I look after"),
    "event": _("A trip, a course or an event with children"),
}
SHOWN_FOR = {
    "organisation": _("Work or help with children in an organisation"),
    "agency": _("Being placed with children by an agency or association"),
    "family": _("Looking after a child of a family"),
    "event": _("A trip, a course or an event with children"),
}
"""The same purposes, as whoever has the code reads them."""
SHOWS = {
    "holder": _("That it is current, and my name and date of birth"),
    "scope": _("Only that it is current"),
}
SHOWS_HINTS = {
    "holder": _("They can compare with your identity document that the certificate is yours."),
    "scope": _("Nobody can tell from the code alone that the certificate is yours."),
}
OPENINGS = {
    "decide": _("To work on your check"),
    "question": _("Somebody asked about your check"),
    "supervision": _("Supervision: whether files are opened only with a reason"),
}
READERS = {"clerk": _("A person at the authority")}
"""Who opens a file, by the kind of actor in the record. Never a name."""
STATES = {
    "invited": _("You are invited"),
    "consented": _("You have agreed; the organisation looks at your document"),
    "submitted": _("The authority looks at the request"),
    "returned": _("The authority has returned the request"),
    "enquiring": _("The authorities are asked"),
    "answered": _("All authorities have answered"),
    "assessing": _("A person at the authority looks at the answers"),
    "cleared": _("You have a certificate"),
    "not_cleared": _("No certificate can be issued"),
    "withdrawn": _("You have withdrawn"),
    "cancelled": _("The organisation has ended the check"),
    "lapsed": _("The check has lapsed"),
    "closed": _("The check is over"),
    "erased": _("Erased"),
}
CERTIFICATE_STATES = {
    "intended": _("Being made"),
    "current": _("Current"),
    "superseded": _("Not current"),
    "withdrawn": _("Not current"),
    "expired": _("Not current"),
}
LETTERS = {
    "invitation": _("Invitation"),
    "news": _("News about your check"),
    "questions": _("Questions of an authority"),
    "remind": _("Reminder"),
}
"""Mails to the applicant."""
WISHES = {
    "keep": _("It stays: whoever has the printed one can go on verifying it"),
    "end": _("It ends too: whoever verifies it sees “Not current”"),
}
WISHES_HINTS = {
    "keep": _("Download it first. Nobody can give it to you again, and nobody can end it for you."),
    "end": _("This cannot be undone. For a new one, a new check is needed."),
}
