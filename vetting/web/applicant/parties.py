"""What a consent receipt says of everybody concerned: who is responsible, who receives what, for how long."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from vetting.authorities.queries import directory
from vetting.cases.models import Case
from vetting.certificates.models import ShareCode
from vetting.certificates.queries import answered_earlier, share_seen
from vetting.certificates.rules import Shows
from vetting.consent.models import Consent
from vetting.consent.rules import ConsentPurpose
from vetting.identity.queries import draft_of
from vetting.web import words

SENT = {
    "name": ("name", "former_names"),
    "birth": ("birth_date", "birth_place", "sex"),
    "nationality": ("nationalities",),
    "document": ("document", "identity_number"),
    "address": ("address",),
    "parents": ("mother", "father"),
    "guardian": (),
}
"""Which items of an identity each step of the form gives."""
OF_EXCHANGE = (ConsentPurpose.EXCHANGE, ConsentPurpose.GUARDIAN)
"""A parent or guardian agrees to the same exchange."""
COMPARED = ("name", "birth_date", "document")
NAMED = ("name", "birth_date")


def _authority(code: str, role: str) -> dict[str, str]:
    row = directory().find(code)
    return {
        "party_id": f"authority-{code}",
        "party_name": f"{row.name} ({words.state_name(code)})" if row else words.state_name(code),
        "party_role": role,
        "party_type": "public-authority",
        "party_address": words.state_name(code),
        "party_contact": settings.BASE_URL,
    }


def _home(code: str) -> dict[str, str]:
    contact = settings.CONTACT
    home = _authority(code, "pii_controller")
    return {
        **home,
        "party_address": contact["address"] or home["party_address"],
        "party_contact": contact["email"] or contact["telephone"] or settings.BASE_URL,
        "party_url": settings.BASE_URL,
    }


def _code_of(consent: Consent) -> ShareCode | None:
    return ShareCode.objects.filter(consent=consent).first()


def _third(party_id: str, name: str, kind: str, address: str) -> dict[str, str]:
    return {
        "party_id": party_id,
        "party_name": name,
        "party_role": "third_party",
        "party_type": kind,
        "party_address": address,
        "party_contact": settings.BASE_URL,
    }


def parties_of(case: Case, consent: Consent) -> list[dict[str, str]]:
    """Everybody named in one record: the authority that is responsible, then those who receive something."""
    if consent.purpose in OF_EXCHANGE:
        return [_home(case.home), *(_authority(code, "third_party") for code in consent.plan.get("ask", ()))]
    if _code_of(consent) is not None:
        return [_home(case.home), _third("holder-of-the-code", _("Whoever has the code"), "person", "–")]
    address = words.state_name(case.organisation.state)
    asker = _third(f"organisation-{case.organisation.ref}", case.organisation.name, "organisation", address)
    return [_home(case.home), asker]


def recipients_of(parties: list[dict[str, str]]) -> list[str]:
    """Those who receive something, by their ids."""
    return [one["party_id"] for one in parties if one["party_role"] == "third_party"]


def data_of(case: Case, consent: Consent) -> list[dict[str, Any]]:
    """Which kinds of data the consent is about. Their values are nowhere on a receipt."""
    if consent.purpose in OF_EXCHANGE:
        given = [item for step in draft_of(case) for item in SENT[step]]
        return [*map(_item, given), {"pii_type": _("What the registers answer, as one word"), "pii_optional": False,
                                     "sensitive_pii_category": "criminal-records"}]  # fmt: skip
    if consent.purpose == ConsentPurpose.IDENTITY_CHECK:
        return [_item(item) for item in COMPARED]
    code = _code_of(consent)
    certificate = {"pii_type": _("Your certificate: what it is for, until when, and whether it is current"),
                   "pii_optional": False, "sensitive_pii_category": "criminal-records"}  # fmt: skip
    named = code.shows == Shows.HOLDER if code else answered_earlier(share_seen(case))
    return [certificate, *(_item(item) for item in NAMED if named)]


def _item(code: str) -> dict[str, Any]:
    return {"pii_type": str(words.PERSON[code][0]), "pii_attribute_id": code, "pii_optional": False}


def basis(consent: Consent) -> str:
    """On what ground the data may be used."""
    if consent.purpose in OF_EXCHANGE:
        return _("Your consent to the exchange between authorities: Directive 2011/93/EU, Article 10(3)")
    if consent.purpose == ConsentPurpose.IDENTITY_CHECK:
        return _("The check that the organisation may ask for: Directive 2011/93/EU, Article 10(2); and your consent")
    return _("Your consent: Regulation (EU) 2016/679, Article 6(1)(a)")


def kept() -> str:
    """For how long, in the words of the retention policy."""
    return _(
        "Your details: until your file is erased, at the latest when the time for sharing is over. "
        "That you agreed, when, and to which words: three years after that."
    )


def withdrawal(consent: Consent) -> str:
    """How to take it back."""
    if consent.purpose == ConsentPurpose.RELEASE:
        return _("On the page of your check, at “Who may look at your certificate”: at any time.")
    return _("On the page of your check, at “Withdraw from this check”: at any time before the answers are in.")


def rights() -> list[str]:
    """What a person may ask for: Regulation (EU) 2016/679, Articles 15 to 18 and 77."""
    return [
        _("You may see and download what is held about you."),
        _("You may have it corrected, and erased once nothing is open."),
        _("You may complain to the data protection authority of the State in which you live."),
    ]
