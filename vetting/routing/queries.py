"""The plan for one applicant, from what they said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from vetting.authorities.queries import directory
from vetting.cases.models import Case
from vetting.identity.queries import draft_of
from vetting.routing.ports import Circumstances, RoutePlan
from vetting.routing.rules import plan


def circumstances_from(home: str, draft: Mapping[str, Any]) -> Circumstances:
    """What routing needs to know, from the steps given so far; nothing given counts as unknown nationality."""
    nationality, address = draft.get("nationality", {}), draft.get("address", {})
    return Circumstances(
        home=home,
        nationalities=tuple(nationality.get("nationalities", ())),
        former_nationalities=tuple(nationality.get("former_nationalities", ())),
        residence=address.get("country") or None,
        past_residences=tuple(address.get("past_residences", ())),
        consent=True,
        tcn_live=settings.TCN_LIVE,
    )


def plan_for(case: Case) -> RoutePlan:
    """Who would be asked about this applicant, and why.

    A search of ECRIS-TCN is a clerk's act: while nobody made it, a person decides.
    """
    route = plan(circumstances_from(case.home, draft_of(case)), directory())
    return replace(route, needs_person=True) if route.tcn_search else route
