"""The exact words an applicant agrees to, in the language they read."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from vetting.cases.models import Case
from vetting.consent.rules import NEEDED, ConsentPurpose, Wording
from vetting.routing.ports import RoutePlan
from vetting.web import words


def wording_for(case: Case, purpose: ConsentPurpose, route: RoutePlan | None = None, text: str = "") -> Wording:
    """The words for one purpose; `text` names those for a special way to it. They name States, the organisation and
    the purpose, and never the applicant."""
    language = (get_language() or "en")[:2]
    said = {
        "home": words.state_name(case.home),
        "organisation": case.organisation.name,
        "purpose": words.PURPOSES[case.purpose],
        "states": words.state_names(route.ask) if route else "",
        "documents": words.state_names(route.documents) if route else "",
    }
    shown = " ".join(render_to_string(f"consent/{text or purpose}.txt", said).split())
    return Wording(purpose=purpose, language=language, text=shown)


def wordings_for(case: Case, route: RoutePlan) -> list[Wording]:
    """The words for every purpose that is needed before submission."""
    return [wording_for(case, purpose, route) for purpose in NEEDED]
