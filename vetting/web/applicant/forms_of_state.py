"""The certificate in the forms of public administrations: evidence as XML and JSON-LD, and a multilingual form."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from vetting.authorities.queries import directory
from vetting.cases.access import applicant
from vetting.cases.models import Case
from vetting.certificates.gateways import public_forms, standard_form_printer
from vetting.certificates.models import Certificate
from vetting.certificates.ports import Holder
from vetting.certificates.queries import contents_of, live_certificate
from vetting.identity.queries import person_of
from vetting.organisations.access import public

A_DAY = "public, max-age=86400"


def _live(case: Case) -> Certificate:
    found = live_certificate(case)
    if found is None:
        raise Http404
    return found


def _holder(case: Case) -> Holder:
    name = person_of(case).name
    family = " ".join(part for part in (name.surname, name.second_surname) if part)
    return Holder(given_name=name.forename, family_name=family)


def _file(raw: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@applicant
@require_safe
def forms(request: HttpRequest, case: Case) -> HttpResponse:
    """What there is, and for whom."""
    context = {"certificate": _live(case), "languages": settings.OFFICIAL_LANGUAGES, "reads": get_language()}
    return render(request, "applicant/forms.html", context)


@applicant
@require_safe
def evidence_xml(request: HttpRequest, case: Case) -> HttpResponse:
    """Evidence of the absence of a criminal record, for another administration's program."""
    certificate = _live(case)
    raw = public_forms().evidence_xml(contents_of(certificate), _holder(case))
    return _file(raw, "application/xml", f"evidence-{certificate.number}.xml")


@applicant
@require_safe
def evidence_json(request: HttpRequest, case: Case) -> HttpResponse:
    """The same as JSON-LD."""
    certificate = _live(case)
    raw = public_forms().evidence_json(contents_of(certificate), _holder(case))
    return _file(raw, "application/ld+json", f"evidence-{certificate.number}.jsonld")


@applicant
@require_safe
def standard_form(request: HttpRequest, case: Case) -> HttpResponse:
    """The multilingual form, in a language of the issuing State and the one that was chosen."""
    certificate = _live(case)
    contents = contents_of(certificate)
    home = directory().find(contents.issuer_state)
    own = home.languages[0] if home else contents.language
    chosen = request.GET.get("language", "")
    other = chosen if chosen in dict(settings.OFFICIAL_LANGUAGES) else contents.language
    raw = standard_form_printer().standard_form(contents, own=own, other=other)
    return _file(raw, "application/pdf", f"form-{certificate.number}-{other}.pdf")


@public
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The XML schema of the evidence."""
    return HttpResponse(public_forms().schema(), content_type="application/xml", headers={"Cache-Control": A_DAY})


@public
@require_safe
def context(request: HttpRequest) -> HttpResponse:
    """The JSON-LD context of the evidence, for everybody's programs."""
    headers = {"Cache-Control": A_DAY, "Access-Control-Allow-Origin": "*"}
    return HttpResponse(public_forms().context(), content_type="application/ld+json", headers=headers)
