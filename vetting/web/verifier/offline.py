"""The page that checks a certificate on the verifier's own device. It sends nothing here; its words are below."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from vetting.certificates.queries import published_lists
from vetting.organisations.access import public
from vetting.web import words
from vetting.web.forms import CalmForm

REASONS = {
    "expired": _("Its last day has passed."),
    "not-yet": _("It begins later than now. If that surprises you, look at the clock of this device."),
    "ended": _("The issuer's status list says so. It does not say why, and nothing may be inferred."),
    "nothing": _("Choose the file of the certificate, or paste its text."),
    "address": _("This is the address from the printed code, not the certificate itself. It needs a connection."),
    "no-cryptography": _("This browser cannot check signatures here. A newer one can."),
    "too-long": _("It is longer than any certificate."),
    "no-token": _("There is no certificate in this PDF file. A photo, a scan or a print of one does not carry it."),
    "several-tokens": _("There is more than one token in this PDF file; a certificate has one."),
    "page-altered": _("The PDF file was altered after the certificate was issued."),
    "page-added-to": _("Something besides a seal was added to the PDF file after the certificate was issued."),
    "shape": _("It is not a whole certificate. Perhaps a part was cut off."),
    "not-canonical": _("Its characters are not as they were issued."),
    "algorithm": _("It is not signed with ES256, the only signature that is accepted."),
    "critical": _("Its header asks for something critical that is not ours."),
    "key-inside": _("It brings its own key. Keys come from the issuer's key set alone."),
    "type": _("It is a token of another kind."),
    "unknown-key": _("Its key is not in the key set. Perhaps the key set is older than the certificate."),
    "header": _("Its header is not the issuer's."),
    "signature": _("The signature does not hold: it was altered, or somebody else signed it."),
    "claims": _("What it says is not in the form of a certificate."),
    "issuer": _("It was issued by another issuer than the one of the key set."),
    "keys": _("The key set is not one. Save it again from the issuer's address."),
    "no-issuer": _("The key set does not say whose it is. Save it again from the issuer's address."),
    "keys-unreachable": _("The key set could not be fetched. Try again, or choose a saved copy of it."),
    "no-status": _("It names no status list: it was issued before there was one. Check it by its number and code."),
    "list-unreachable": _("The status list could not be fetched. Try again, or choose a saved copy of it."),
    "list-elsewhere": _("Its status list lies at another address. Save it from there and choose the copy here:"),
    "list-other": _("The status list is another one than the certificate names."),
    "list-stale": _("The copy of the status list is too old to be relied upon. Fetch it again."),
    "list-early": _("The status list is of a later time than now. Look at the clock of this device."),
    "list-older": _("The copy of the status list is older than the certificate. Fetch it again."),
    "list-broken": _("The status list cannot be read."),
    "list-cannot-inflate": _("This browser cannot unpack the status list. A newer one can."),
    "broken": _("Something unexpected happened. Try again."),
}


class OfflineForm(CalmForm):
    """Nothing of it is ever sent: the page reads the files itself."""

    file = forms.FileField(
        label=_("The certificate as a file"),
        widget=forms.FileInput,
        help_text=_("The PDF as the person received it, or a file with its token. A photo cannot be checked."),
    )
    text = forms.CharField(
        label=_("Or its token as text"),
        help_text=_("One long line of letters and digits with two dots in it."),
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}),
    )
    keys = forms.FileField(label=_("Your saved copy of the key set"), widget=forms.FileInput)
    status = forms.FileField(label=_("Your saved copy of the status list"), widget=forms.FileInput)


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page, the same for everybody; without JavaScript it leads to the check by number and code."""
    said = {
        "heads": {"current": _("Current"), "ended": _("Not current"), "unchecked": _("Could not be checked")},
        "reasons": REASONS,
        "list": _("The status list cannot be used.") + " ",
        "compare": _("Compare the name and the date of birth below with the person's identity document."),
        "sealed": _("The file is as it was issued. Its seal was not judged here; programs that show PDF files do it."),
        "token": _("Only the token was looked at. What is printed on a page may differ: what counts stands here."),
        "online": _("Check it by its number and code instead"),
        "labels": {
            "name": _("Name"),
            "born": _("Date of birth"),
            "scope": _("For"),
            "until": _("Valid until"),
            "issuer": _("Issued by"),
            "number": _("Reference"),
        },
        "activities": words.ACTIVITIES,
        "roles": words.ROLES,
    }
    return render(request, "verifier/offline.html", {"form": OfflineForm(), "said": said, "lists": published_lists()})
