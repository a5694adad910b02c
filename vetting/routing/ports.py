"""What routing is told, and the plan it makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Circumstances:
    """What routing knows of a person. States and nationalities as people write them: any letter case, EL and UK too.

    `tcn_live` says that ECRIS-TCN answers searches; `tcn_hits` are the States it named, empty before the search.
    """

    home: str
    nationalities: tuple[str, ...]
    consent: bool
    tcn_live: bool
    former_nationalities: tuple[str, ...] = ()
    residence: str | None = None
    past_residences: tuple[str, ...] = ()
    tcn_hits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One rule that was applied: its stable id, the States it touched, why in plain English, and where that stands."""

    rule: str
    states: tuple[str, ...]
    text: str
    source: str


@dataclass(frozen=True)
class RoutePlan:
    """Whom to `ask` by message (never the home State), where the applicant brings `documents` from, and why.

    `tcn_search`: ECRIS-TCN is to be searched. `needs_person`: the rules alone cannot support a clear result.
    """

    home: str
    ask: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    tcn_search: bool = False
    needs_person: bool = False
    rules: tuple[Step, ...] = ()
