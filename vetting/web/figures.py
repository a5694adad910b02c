"""The public page of figures: how long each stage takes, how many there are, and when States could not be reached.

Everything on it was counted before anybody asked for it: the page costs the same whatever the number of cases.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from vetting.exchange.queries import ways_down
from vetting.organisations.access import public
from vetting.statistics.models import MonthFigure
from vetting.statistics.queries import figures_of, outages_of
from vetting.statistics.rules import Stage
from vetting.web import words
from vetting.web.desk.flow import FOOT, HEIGHT, chart_of

STAGES = {
    "submitted": (
        _("From the invitation to the submission"),
        _("The applicant gives details and agrees, the organisation looks at the identity document and submits."),
    ),
    "accepted": (
        _("From the submission to the acceptance"),
        _("The authority looks at the request. Time in which a request went back to be completed is included."),
    ),
    "state_answered": (
        _("From the question to the answer of another State"),
        _("Each question to another State's authority, whatever it answered. Time in which it waited is included."),
    ),
    "all_answered": (
        _("From the submission to the last answer"),
        _("All States have answered. Time in which a request waited for the organisation or the applicant is not."),
    ),
}
THINNEST = 3
"""Height of the bar for less than a day; where nothing can be said there is no bar."""


def _month(month: date) -> str:
    return words.partial_day((month.year, month.month))


def _chart(rows: list[MonthFigure]) -> dict[str, Any]:
    """Two bars for each month that has times; nothing when none has."""
    medians, ninths = [row.median for row in rows], [row.ninth for row in rows]
    highest = max((days for days in ninths if days is not None), default=None)
    if highest is None:
        return {}
    chart = chart_of([days or 0 for days in medians], [days or 0 for days in ninths])
    known = [days is not None for pair in zip(medians, ninths, strict=True) for days in pair]
    bars = [bar for bar, there in zip(chart["bars"], known, strict=True) if there]
    for bar in bars:
        bar["height"] = max(bar["height"], THINNEST)
        bar["y"] = HEIGHT - FOOT - bar["height"]
    return {**chart, "bars": bars, "highest": highest}


def _stages(figures: list[MonthFigure]) -> list[dict[str, Any]]:
    stages = []
    for stage, (title, text) in STAGES.items():
        rows = [row for row in figures if row.stage == stage]
        shown = [{"month": _month(row.month), "figure": row} for row in reversed(rows)]
        counted = any(row.volume for row in rows)
        stages.append({"title": title, "text": text, "rows": shown, "counted": counted, "chart": _chart(rows)})
    return stages


@public
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Times and numbers by month and stage, and interruptions by State. No word and no number about an outcome."""
    today = localdate()
    found = figures_of(today)
    outages = [
        {"state_name": words.state_name(row.state), "month": _month(row.month), "hours": row.hours}
        for row in outages_of(today)
    ]
    context = {
        "stages": _stages(found),
        "first": _month(found[0].month) if found else "",
        "last": _month(found[-1].month) if found else "",
        "outages": outages,
        "down": bool(ways_down()),
    }
    return render(request, "figures.html", context)


def _csv(name: str, head: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same by month and stage for programs. An empty field is a number that is not published."""
    head = ["month", "stage", "number_in_tens", "half_within_days", "nine_of_ten_within_days"]
    order = {str(stage): place for place, stage in enumerate(Stage)}
    found = sorted(figures_of(localdate()), key=lambda row: (row.month, order[row.stage]))
    rows = [[f"{row.month:%Y-%m}", row.stage, row.volume, row.median, row.ninth] for row in found]
    return _csv("figures.csv", head, rows)


@public
@require_safe
def interruptions_csv(request: HttpRequest) -> HttpResponse:
    """By month and State for how many begun hours its authority could not be reached from here."""
    rows = [[f"{row.month:%Y-%m}", row.state, row.hours] for row in outages_of(localdate())]
    return _csv("interruptions.csv", ["month", "state", "hours"], rows)
