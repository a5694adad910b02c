"""The views of the queue that a clerk keeps: under a name from a list, one of them first."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from vetting.authorities.access import clerk
from vetting.cases import handling
from vetting.cases.models import KeptView
from vetting.cases.queries import kept_views
from vetting.cases.rules import ViewName
from vetting.errors import Refused
from vetting.web.desk.acting import say_refused, tried, user_of
from vetting.web.desk.waiting import View, described
from vetting.web.desk.words import VIEW_NAMES
from vetting.web.forms import CalmForm
from vetting.web.unsent import keeps_typing

KEYS = 9
"""Views that open by a single key."""


class KeepForm(CalmForm):
    """The view that is looked at, under a name that is still free."""

    name = forms.ChoiceField(label=gettext_lazy("Name"))
    begins = forms.BooleanField(label=gettext_lazy("The desk begins with it"), required=False)
    who = forms.CharField(widget=forms.HiddenInput, required=False)
    when = forms.CharField(widget=forms.HiddenInput, required=False)
    task = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, taken: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        assert isinstance(name, forms.ChoiceField)
        name.choices = [(code, text) for code, text in VIEW_NAMES.items() if code not in taken]
        name.error_messages["invalid_choice"] = _("You have a view of that name, or there is no such name. Choose one.")


def view_of(kept: KeptView) -> View:
    """What a kept view shows."""
    return View(kept.who, kept.when, kept.task)


def usual_of(mine: Sequence[KeptView]) -> str:
    """The address of the view that the desk begins with; empty where there is none."""
    return next((view_of(one).query for one in mine if one.begins), "")


def views_of(mine: Sequence[KeptView], view: View | None = None) -> list[dict[str, Any]]:
    """The kept views for a page; `view` is what is looked at. They carry no counts: each would cost a query."""
    return [
        {
            "pk": one.pk, "code": one.name, "name": VIEW_NAMES[one.name], "query": view_of(one).query,
            "shows": described(view_of(one)), "begins": one.begins, "current": view_of(one) == view,
            "key": place if place <= KEYS else "",
        }
        for place, one in enumerate(mine, start=1)
    ]  # fmt: skip


def keep_form(mine: Sequence[KeptView], view: View) -> KeepForm | None:
    """The form that keeps this view; None while it is kept, or where every name is taken."""
    if len(mine) == len(ViewName) or view in map(view_of, mine):
        return None
    return KeepForm(taken=[one.name for one in mine], initial=vars(view))


def _page(request: HttpRequest, wrong: KeepForm | None = None) -> HttpResponse:
    mine = kept_views(user_of(request))
    context = {
        "mine": views_of(mine), "names": VIEW_NAMES.items(), "taken": {one.name for one in mine}, "wrong": wrong,
        "form": wrong, "shows": described(View.of(request.POST)) if wrong else "",
    }  # fmt: skip
    return render(request, "desk/views.html", context, status=422 if wrong else 200)


@clerk
@require_safe
def views(request: HttpRequest, states: list[str]) -> HttpResponse:
    """Every view that this clerk kept, to rename, delete, or begin with."""
    return _page(request)


@clerk
@keeps_typing
@require_POST
def keep(request: HttpRequest, states: list[str]) -> HttpResponse:
    """Keep the view that is looked at."""
    user, view = user_of(request), View.of(request.POST)
    form = KeepForm(request.POST, taken=[one.name for one in kept_views(user)])
    if not form.is_valid():
        return _page(request, form)
    name, begins = ViewName(form.cleaned_data["name"]), form.cleaned_data["begins"]
    tried(request, lambda: handling.keep_view(user, name=name, **vars(view), begins=begins), _("This view is kept."))
    return redirect(f"{reverse('desk:queue')}?{view.query}")


@clerk
@require_POST
def change(request: HttpRequest, pk: int, states: list[str]) -> HttpResponse:
    """Rename a view, delete it, or let the desk begin with it. Nobody reaches somebody else's."""
    user, wanted = user_of(request), request.POST.get("do", "")
    found = KeptView.objects.filter(user=user, pk=pk).first()
    if found is None and wanted == "delete":  # somebody came back and pressed again
        return redirect("desk:views")
    if found is None or wanted not in {"rename", "delete", "first", "not-first"}:
        raise Http404
    try:
        if wanted == "rename":
            handling.rename_view(found, name=_name(request))
        elif wanted == "delete":
            handling.drop_view(found)
        else:
            handling.begin_with(user, found if wanted == "first" else None)
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, _("Deleted.") if wanted == "delete" else _("Saved."))
    return redirect("desk:views")


def _name(request: HttpRequest) -> ViewName:
    try:
        return ViewName(request.POST.get("name", ""))
    except ValueError:
        raise Refused("no-such-name", "Choose a name from the list.") from None
