"""A question on paper, where the electronic route is down."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.authorities.access import clerk
from vetting.cases.models import Case
from vetting.enquiries import services as enquiries
from vetting.enquiries.gateways import form_of
from vetting.enquiries.models import Channel, Enquiry
from vetting.exchange.ports import MessageType
from vetting.web.desk.acting import actor_of, has_opened
from vetting.web.desk.views import act_on, find_case


def _find(case: Case, ref: UUID) -> Enquiry:
    found = Enquiry.objects.select_related("case").filter(ref=ref, case=case).first()
    if found is None:
        raise Http404
    return found


@clerk
@require_POST
def ask(request: HttpRequest, ref: UUID, enquiry: UUID, states: list[str]) -> HttpResponse:
    """The question goes on paper; the form can be printed from then on."""
    case, actor = find_case(states, ref), actor_of(request)
    _find(case, enquiry)
    done = _("Print the form and send it. The answer is recorded here when it comes.")
    return act_on(request, case, lambda: enquiries.by_paper(enquiry, actor=actor, at=now()), done)


@clerk
@require_safe
def form(request: HttpRequest, ref: UUID, enquiry: UUID, states: list[str]) -> HttpResponse:
    """The request form as PDF, in a language of the asked State."""
    case = find_case(states, ref)
    found = _find(case, enquiry)
    if not has_opened(request, case.ref, "file.open"):
        return redirect("desk:case", ref)
    message = found.outbox.filter(kind=MessageType.REQ).select_related("enquiry__case").first()
    if found.channel != Channel.PAPER or message is None:
        raise Http404
    page = HttpResponse(form_of(message), content_type="application/pdf")
    page["Content-Disposition"] = f'inline; filename="{message.message_id}.pdf"'
    page["Cache-Control"] = "no-store"
    return page
