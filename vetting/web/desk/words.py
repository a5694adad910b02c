"""Codes that only clerks see, in their words."""

from django.utils.translation import gettext_lazy as _

CASE_STATES = {
    "invited": _("Waiting for the applicant"),
    "consented": _("Waiting for the organisation"),
    "submitted": _("To accept or return"),
    "returned": _("Returned"),
    "enquiring": _("Authorities are being asked"),
    "answered": _("All authorities have answered"),
    "assessing": _("To assess"),
    "cleared": _("Cleared"),
    "not_cleared": _("No certificate can be issued"),
    "withdrawn": _("Withdrawn by the applicant"),
    "cancelled": _("Ended by the organisation"),
    "lapsed": _("Lapsed"),
    "closed": _("Closed"),
    "erased": _("Erased"),
}
VIEW_NAMES = {
    "morning": _("My morning"),
    "afternoon": _("My afternoon"),
    "before_leaving": _("Before I leave"),
    "before_the_weekend": _("Before the weekend"),
    "quiet": _("When it is quiet"),
    "busy": _("When it is busy"),
    "helping_out": _("Helping out"),
    "colleague_away": _("While a colleague is away"),
    "first_look": _("First look"),
    "second_look": _("Second look"),
    "weekly": _("Once a week"),
    "other": _("Something else"),
}
OPENING_REASONS = {
    "decide": _("To work on this case"),
    "question": _("Somebody asked about this case"),
    "supervision": _("Supervision"),
}
FINDINGS = {
    "founded": _("There was a reason"),
    "unfounded": _("There was none"),
    "ask": _("I ask the person"),
}
CLEAR_REASONS = {
    "no_bar_under_national_law": _("What was found is no bar under national law"),
    "not_about_this_person": _("What was found is not about this person"),
    "remaining_state_not_needed": _("The remaining State is not needed"),
    "covered_by_document": _("Covered by a document that was shown"),
}
NOT_CLEAR_REASONS = {
    "bar_under_national_law": _("A bar under national law"),
    "no_sufficient_answer": _("No sufficient answer could be had"),
    "identity_not_established": _("Identity could not be established"),
}
QUESTION_STATES = {
    "waiting": _("Waits for an answer"),
    "asked_back": _("More was asked"),
    "proposed": _("Waits for a second person"),
    "answered": _("Answered"),
    "taken_back": _("Taken back"),
    "erased": _("Erased"),
}
QUESTION_REASONS = {
    "answer": _("To answer this question"),
    "question": _("Somebody asked about this question"),
    "supervision": _("Supervision"),
}
SAID_CONSENT = {
    "Yes": _("The other authority says that the person consents to this check."),
    "No": _("The other authority says that the person does not consent. The register may not be searched."),
    "UNKNOWN": _("The other authority does not say whether the person consents. That is not consent."),
}
TROUBLES = {
    "consent-refused": _("The person does not consent, so this question can only be refused."),
    "consent-unknown": _("Nobody says that the person consents, so this question can only be refused."),
    "purpose-unknown": _("The purpose is not recruitment for work with children: it can only be refused here."),
}
GRADES = {
    "definite": _("Definitely this person"),
    "possible": _("Possibly this person"),
}
HELD = {
    "nothing": _("Nothing recorded"),
    "entry": _("An entry is held"),
    "disqualification": _("A disqualification is held"),
}
MESSAGES = {
    "REQ": _("Question"),
    "RDL": _("Date announced"),
    "RRS": _("Answer"),
    "RAI": _("More information asked"),
    "RAR": _("More information given"),
    "CAN": _("Taken back"),
    "FEM": _("Reported as unusable"),
}
STANDINGS = {
    "unknown": _("They do not have the question. It goes out again."),
    "waiting": _("They have the question and are working on it"),
    "asked_back": _("They wait for more information from us"),
    "answered": _("They have answered. The answer comes again."),
    "taken_back": _("They take the question for taken back"),
    "not_said": _("They do not say"),
}
MAILS = {
    "invitation": _("Invitation to a check, and a new link"),
    "questions": _("More information is needed"),
    "news": _("There is an outcome to look at"),
    "confirm": _("The applicant has agreed: look at the document"),
    "returned": _("The request came back"),
    "shared": _("A certificate was shared"),
    "closed": _("Closed without a certificate"),
    "renew": _("A certificate on the roster ends soon"),
    "guardian": _("A parent or guardian is asked to agree"),
    "remind": _("A reminder before sharing ends"),
    "undelivered": _("An invitation could not be delivered"),
    "sign_up": _("Confirm a sign-up"),
    "switched_on": _("The sign-up was accepted"),
    "sign_up_refused": _("The sign-up was refused"),
    "member": _("Somebody was invited to an organisation"),
    "password": _("A new password for an account"),
    "no_account": _("A new password where there is no account"),
}
FOOTER_PARTS = {
    "name": _("Name of the authority"),
    "address": _("Postal address"),
    "telephone": _("Telephone"),
    "hours": _("Opening hours"),
}
FOOTER_STATES = {
    "proposed": _("Proposed"),
    "active": _("In force"),
    "replaced": _("Replaced"),
    "dropped": _("Dropped"),
}
FOOTER_TROUBLES = {
    "too_long": _("This is too long. At most %(most)s characters are accepted."),
    "too_many_lines": _("These are too many lines. The most that is accepted: %(lines)s."),
    "sign": _("There is an invisible sign in this that is not a letter. Delete it and type the text again."),
    "link": _(
        "No address of a page or a mailbox is accepted, nor what looks like one: below every mail it could lead people "
        "astray. After a full stop, write a space."
    ),
    "telephone": _("Only digits, spaces and the signs + ( ) / - . are accepted."),
}
RECIPIENTS = {
    "applicant": _("To the applicant"),
    "organisation": _("To people of an organisation"),
    "account": _("To whoever asked, clerks too"),
    "guardian": _("To a parent or guardian"),
}
