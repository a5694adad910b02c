"""Every mail as it looks, and what stands below it: proposed by one supervisor, activated by another."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.authorities.access import supervisor
from vetting.errors import Refused
from vetting.footers import services
from vetting.footers.models import MailFooter
from vetting.footers.queries import active_footer
from vetting.footers.rules import PARTS, Block, FooterState
from vetting.web import words
from vetting.web.desk import words as desk_words
from vetting.web.desk.acting import actor_of, say_refused, tried, user_of
from vetting.web.desk.forms import FooterForm
from vetting.web.desk.samples import samples

VERSIONS = 20


def _chosen(said: QueryDict, states: list[str]) -> tuple[str, str]:
    """State and language that an address names; the first State and the page's language where it names none."""
    state, language = said.get("state", ""), said.get("language", "")
    known = language in dict(settings.LANGUAGES)
    return state if state in states else states[0], language if known else get_language() or settings.LANGUAGE_CODE


@supervisor
@require_safe
def letters(request: HttpRequest, states: list[str]) -> HttpResponse:
    """The footer of one language with its versions, and every mail in that language."""
    return _page(request, states, _chosen(request.GET, states), None)


def _page(request: HttpRequest, states: list[str], chosen: tuple[str, str], form: FooterForm | None) -> HttpResponse:
    state, language = chosen
    footer = active_footer(state, language)
    own = footer if footer and footer.language == language else None
    known = MailFooter.objects.filter(authority__state=state, language=language)
    versions = list(known.select_related("proposed_by", "decided_by").order_by("-version")[:VERSIONS])
    proposed = next((one for one in versions if one.state == FooterState.PROPOSED), None)
    ahead = proposed is not None and request.GET.get("with") == "proposed"
    shown = proposed if ahead else footer
    context = {
        "state": state,
        "states": [(code, words.state_name(code)) for code in states],
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "languages": settings.LANGUAGES,
        "footer": footer,
        "borrowed": footer is not own,
        "proposed": proposed,
        "own_proposal": proposed is not None and proposed.proposed_by == user_of(request),
        "differences": _differences(own.block if own else Block(), proposed.block) if proposed else [],
        "ahead": ahead,
        "versions": [_row(one) for one in versions],
        "form": form or FooterForm(initial=vars(own.block) if own else {}),
        "mails": samples(language, shown.block.text() if shown else ""),
    }
    return render(request, "desk/letters.html", context, status=422 if form else 200)


def _differences(before: Block, proposed: Block) -> list[dict[str, Any]]:
    pairs = {part: (getattr(before, part), getattr(proposed, part)) for part in PARTS}
    return [
        {"label": desk_words.FOOTER_PARTS[part], "left": linebreaksbr(left), "right": linebreaksbr(right),
         "differs": left != right}
        for part, (left, right) in pairs.items()
    ]  # fmt: skip


def _row(footer: MailFooter) -> dict[str, Any]:
    return {
        "footer": footer,
        "state_text": desk_words.FOOTER_STATES[footer.state],
        "text": footer.block.text(),
        "proposed": words.moment(footer.proposed_at),
        "by": str(footer.proposed_by or "–"),
        "decided": words.moment(footer.decided_at) if footer.decided_at else "",
        "decider": str(footer.decided_by or "–"),
        "may_again": footer.state in (FooterState.REPLACED, FooterState.DROPPED),
    }


def _to(state: str, language: str) -> HttpResponse:
    return redirect(f"{reverse('desk:letters')}?{urlencode({'state': state, 'language': language})}")


@supervisor
@require_POST
def propose(request: HttpRequest, states: list[str]) -> HttpResponse:
    """Propose what will stand below the mails of one language."""
    state, language = _chosen(request.POST, states)
    form = FooterForm(request.POST)
    if not form.is_valid():
        return _page(request, states, (state, language), form)
    try:
        _propose(request, state, language, form.block)
    except Refused as refusal:
        say_refused(request, refusal)
        return _page(request, states, (state, language), form)
    return _to(state, language)


def _propose(request: HttpRequest, state: str, language: str, block: Block) -> None:
    user, actor = user_of(request), actor_of(request)
    services.propose(state, language=language, block=block, user=user, actor=actor, at=now())
    messages.success(request, _("Proposed. Another supervisor looks at it and activates it."))


def _find(states: list[str], pk: int) -> MailFooter:
    found = MailFooter.objects.filter(pk=pk, authority__state__in=states).select_related("authority").first()
    if found is None:
        raise Http404
    return found


@supervisor
@require_POST
def activate(request: HttpRequest, pk: int, states: list[str]) -> HttpResponse:
    """Let every mail carry it from now on."""
    found, user = _find(states, pk), user_of(request)
    done = _("In force. Every mail in this language carries it from now on.")
    tried(request, lambda: services.activate(pk, user=user, actor=actor_of(request), at=now()), done)
    return _to(found.authority.state, found.language)


@supervisor
@require_POST
def drop(request: HttpRequest, pk: int, states: list[str]) -> HttpResponse:
    """Let a proposal come to nothing."""
    found, user = _find(states, pk), user_of(request)
    tried(request, lambda: services.drop(pk, user=user, actor=actor_of(request), at=now()), _("Dropped."))
    return _to(found.authority.state, found.language)


@supervisor
@require_POST
def again(request: HttpRequest, pk: int, states: list[str]) -> HttpResponse:
    """Propose an earlier version anew: it takes two people again."""
    found = _find(states, pk)
    try:
        _propose(request, found.authority.state, found.language, found.block)
    except Refused as refusal:
        say_refused(request, refusal)
    return _to(found.authority.state, found.language)
