"""What was agreed to, to keep: on a page, as PDF, and as JSON with the fields of ISO/IEC TS 27560:2023."""

import hashlib
import json
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vetting.cases.access import applicant
from vetting.cases.models import Case
from vetting.consent.gateways import receipt_printer
from vetting.consent.models import Consent
from vetting.consent.ports import Receipt, Section
from vetting.consent.queries import consents_of
from vetting.consent.rules import ConsentPurpose
from vetting.web import words
from vetting.web.applicant.parties import basis, data_of, kept, parties_of, recipients_of, rights, withdrawal

SCHEMA = "ISO/IEC TS 27560:2023"


def record_of(case: Case, consent: Consent) -> dict[str, Any]:
    """One consent with the fields of the standard, clauses 6.3.3 to 6.3.7. No name: the reference says whose it is."""
    parties = parties_of(case, consent)
    purpose = {
        "purpose": f"{words.CONSENTS[consent.purpose]}: {words.PURPOSES[case.purpose]}",
        "purpose_type": case.purpose,
        "lawful_basis": basis(consent),
        "pii_information": data_of(case, consent),
        "pii_controllers": [one["party_id"] for one in parties if one["party_role"] == "pii_controller"],
        "collection_method": _("On the page of a parent or guardian.")
        if consent.purpose == ConsentPurpose.GUARDIAN
        else _("You typed it in yourself."),
        "storage_locations": [case.home],
        "retention_period": kept(),
        "processing_locations": [case.home, *_asked(consent)],
        "service": settings.SITE_NAME,
        "jurisdiction": case.home,
        "recipient_third_parties": recipients_of(parties),
        "withdrawal_method": withdrawal(consent),
        "privacy_rights": rights(),
    }
    return {
        "schema_version": SCHEMA,
        "record_id": str(uuid5(case.ref, f"consent/{consent.pk}")),
        "pii_principal_id": case.reference,
        "pii_processing": {
            "privacy_notice": f"sha-256:{consent.wording_id}",
            "privacy_notice_text": consent.wording.text,
            "language": consent.language,
            "purposes": [purpose],
        },
        "party_identification": parties,
        "consent_events": _events(case, consent),
    }


def _asked(consent: Consent) -> list[str]:
    return [*consent.plan.get("ask", ())]


def _events(case: Case, consent: Consent) -> list[dict[str, str]]:
    days = (consent.expires_at - consent.granted_at).days
    common = {"validity_duration": f"P{days}D", "entity_id": case.reference, "event_type": "explicit"}
    events = [{"event_time": consent.granted_at.isoformat(), **common, "event_state": "given"}]
    if consent.withdrawn_at:
        events.append({"event_time": consent.withdrawn_at.isoformat(), **common, "event_state": "withdrawn"})
    return events


def receipt_of(case: Case) -> dict[str, Any]:
    """The receipt of everything that was agreed to in a case. The same consents give the same receipt."""
    records = [record_of(case, consent) for consent in consents_of(case)]
    digest = hashlib.sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()
    return {
        "schema_version": SCHEMA,
        "receipt_id": str(uuid5(case.ref, f"receipt/{digest}")),
        "language": (get_language() or "en")[:2],
        "consent_records": records,
    }


def _section(case: Case, consent: Consent, record: dict[str, Any]) -> Section:
    purpose = record["pii_processing"]["purposes"][0]
    names = {one["party_id"]: one["party_name"] for one in record["party_identification"]}
    rows = (
        (_("What you agreed to"), consent.wording.text),
        (_("Purpose"), purpose["purpose"]),
        (_("Legal ground"), purpose["lawful_basis"]),
        (_("Agreed on"), words.moment(consent.granted_at)),
        (_("Holds until"), words.day(consent.expires_at)),
        (_("Withdrawn on"), words.moment(consent.withdrawn_at)),
        (_("Which data"), ", ".join(one["pii_type"] for one in purpose["pii_information"])),
        (_("Who is responsible"), ", ".join(names[one] for one in purpose["pii_controllers"])),
        (_("Who receives it"), ", ".join(names[one] for one in purpose["recipient_third_parties"])),
        (_("How to withdraw"), purpose["withdrawal_method"]),
        (_("Number of this record"), record["record_id"]),
    )
    return Section(str(words.CONSENTS[consent.purpose]), tuple((label, str(value)) for label, value in rows if value))


def page_of(case: Case, receipt: dict[str, Any]) -> Receipt:
    """The receipt in the reader's words."""
    consents = consents_of(case)
    pairs = zip(consents, receipt["consent_records"], strict=True)
    moments = [case.opened_at, *(moment for one in consents for moment in (one.granted_at, one.withdrawn_at) if moment)]
    common = (
        (_("Number of this receipt"), receipt["receipt_id"]),
        (_("Vetting request"), case.reference),
        (_("How long it is kept"), kept()),
        (_("Your rights"), " ".join(rights())),
    )
    return Receipt(
        language=receipt["language"],
        title=_("Receipt of your consent"),
        lead=_("What you agreed to, in which words, and when. The fields follow ISO/IEC TS 27560:2023."),
        number=receipt["receipt_id"],
        issuer=settings.ISSUER_NAME or settings.SITE_NAME,
        dated=localdate(max(moments)),
        sections=(
            Section(_("About this receipt"), common),
            *(_section(case, consent, record) for consent, record in pairs),
        ),
    )


@applicant
@require_safe
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt on a page, with its two files."""
    said = receipt_of(case)
    context = {"case": case, "receipt": page_of(case, said), "given": bool(said["consent_records"])}
    return render(request, "applicant/receipt.html", context)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@applicant
@require_safe
def as_json(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt for machines."""
    said = receipt_of(case)
    content = json.dumps(said, ensure_ascii=False, indent=2).encode()
    return _file(content, "application/json", f"consent-receipt-{case.reference}.json")


@applicant
@require_safe
def as_pdf(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt on paper."""
    content = receipt_printer().receipt(page_of(case, receipt_of(case)))
    return _file(content, "application/pdf", f"consent-receipt-{case.reference}.pdf")
