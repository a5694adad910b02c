"""Which authorities must be asked about a person, and why. Pure and total: same words in, same plan out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from vetting.authorities.rules import UNKNOWN, WITHOUT_STATE, Directory, IdentityField, nationality_code, state_code
from vetting.errors import Refused
from vetting.routing.ports import Circumstances, RoutePlan, Step

__all__ = ["Circumstances", "RoutePlan", "Step", "plan", "what_is_needed"]

UNITED_KINGDOM = frozenset({"GB"})

DIRECTIVE = "Directive 2011/93/EU, art. 10"
NOTIFIED = "Framework Decision 2009/315/JHA, arts 4 to 7"
INDEX = "Regulation (EU) 2019/816, arts 2, 5 and 7"


class Reason(NamedTuple):
    """A rule's stable id, its sentence (`{}` becomes the names of the States) and where it stands."""

    rule: str
    sentence: str
    source: str


NO_CONSENT = Reason(
    "no-consent", "Without the applicant's consent nothing is asked of anybody; a person decides.", DIRECTIVE
)
OWN_REGISTER = Reason("own-register", "{}: the home State looks into its own register.", DIRECTIVE)
NATIONALITY = Reason(
    "eu-nationality", "{}: a State keeps all convictions of its nationals in the whole Union, so it is asked.", NOTIFIED
)
FORMER_NATIONALITY = Reason(
    "former-eu-nationality",
    "{}: convictions were notified there while the applicant was a national, so it is asked.",
    NOTIFIED,
)
RESIDENCE = Reason(
    "eu-residence",
    "{}: the applicant lives there, and that State answers for its own register, so it is asked.",
    "Framework Decision 2009/315/JHA, art. 7(4)",
)
PAST_RESIDENCE = Reason(
    "eu-past-residence-covered",
    "{}: the applicant lived there and it is not asked, because the State of nationality holds all convictions of its "
    "nationals in the whole Union.",
    NOTIFIED,
)
TCA = Reason(
    "united-kingdom",
    "{}: a nationality or a residence leads there. It is asked by message and has 20 working days.",
    "Trade and Cooperation Agreement between the Union and the United Kingdom, Part Three, Title IX",
)
HOME_OUTSIDE = Reason(
    "tcn-home-outside",
    "{} does not take part in ECRIS-TCN, so the other States cannot be searched; unknown is never clear.",
    INDEX,
)
NOT_LIVE = Reason(
    "tcn-not-live",
    "ECRIS-TCN does not answer searches yet, so the other States cannot be searched; unknown is never clear.",
    INDEX,
)
LIVED_THERE = Reason(
    "tcn-residence",
    "{}: the applicant lives or lived there. Without a search, the States of residence are asked instead.",
    "Framework Decision 2009/315/JHA, art. 7(4a)",
)
SEARCH = Reason(
    "tcn-search",
    "The applicant is no citizen of the Union, or not only: ECRIS-TCN is searched, and the States it names are asked.",
    INDEX,
)
HIT = Reason("tcn-hit", "{}: named by ECRIS-TCN, so it is asked.", INDEX)
OUTSIDE_INDEX = Reason(
    "tcn-residence-outside-index",
    "{}: the applicant lives or lived there and ECRIS-TCN does not cover it, so it is asked.",
    "Framework Decision 2009/315/JHA, art. 7(4a)",
)
INDEX_COVERS = Reason(
    "tcn-residence-covered",
    "{}: not asked for a residence there alone, because ECRIS-TCN names it when it holds something.",
    INDEX,
)
HITS_IGNORED = Reason(
    "tcn-hits-ignored",
    "{}: said to be named by ECRIS-TCN, which could not be searched here. Not asked for that; a person looks into it.",
    INDEX,
)
BRING_DOCUMENT = Reason(
    "document",
    "{}: a nationality or a residence leads there and no message can. The applicant brings a document.",
    "No exchange with this State; its own law on certificates",
)
NO_NATIONALITY = Reason(
    "no-nationality",
    "No nationality is established, so there is none to ask about and no document to bring for it.",
    INDEX,
)
NO_FORMER_NATIONALITY = Reason(
    "no-former-nationality",
    "The applicant once had no established nationality: for that time no State holds everything.",
    NOTIFIED,
)
NOT_BOUND = Reason(
    "not-bound", "{}: not bound by Directive 2011/93/EU; it answers under its own law and may decline.", DIRECTIVE
)


@dataclass(frozen=True)
class _Ties:
    """The circumstances as sets of codes, and the directory they are held against."""

    home: str
    current: frozenset[str]
    former: frozenset[str]
    residence: frozenset[str]
    past: frozenset[str]
    live: bool
    hits: frozenset[str]
    directory: Directory

    @property
    def abroad(self) -> frozenset[str]:
        """Member States other than the home State."""
        return self.directory.members() - {self.home}

    @property
    def third(self) -> frozenset[str]:
        """Every nationality outside the Union, and the words for none and for an unknown one."""
        return self.current - self.directory.members()

    @property
    def searched(self) -> bool:
        """Whether ECRIS-TCN is searched: for third-country nationals, once live, by a State that takes part."""
        return bool(self.third) and self.live and self.home in self.directory.indexed()


def plan(circumstances: Circumstances, directory: Directory) -> RoutePlan:
    """Every authority to ask and every document to bring, each with its reason, in the order the rules are applied.

    Raises Refused for a home State outside the Union and for a word that is no State or nationality.
    """
    ties = _ties(circumstances, directory)
    route = RoutePlan(home=ties.home)
    if not circumstances.consent:
        return _doubt(route, NO_CONSENT, (), ties)
    route = _say(route, OWN_REGISTER, {ties.home}, ties)
    for rule in (_nationalities, _residence, _united_kingdom, _third_country, _hits, _documents, _past, _not_bound):
        route = rule(route, ties)
    return route


def what_is_needed(states: Iterable[str], directory: Directory) -> frozenset[IdentityField]:
    """The identity data which at least one of the asked `states` needs to find the person, for the applicant's form."""
    rows = (directory.find(state) for state in states)
    return frozenset(field for row in rows if row for field in row.needs)


def _ties(given: Circumstances, directory: Directory) -> _Ties:
    home = state_code(given.home)
    if home not in directory.members():
        raise Refused("home-not-member", "The home State runs the check: it is one of the 27 Member States.")
    hits = frozenset(map(state_code, given.tcn_hits))
    if not hits <= directory.members():
        raise Refused("hit-not-member", "ECRIS-TCN names Member States only: a hit is one of the 27.")
    return _Ties(
        home=home,
        current=frozenset(map(nationality_code, given.nationalities)) or frozenset({UNKNOWN}),
        former=frozenset(map(nationality_code, given.former_nationalities)),
        residence=frozenset({state_code(given.residence)} if given.residence else ()),
        past=frozenset(map(state_code, given.past_residences)),
        live=given.tcn_live,
        hits=hits,
        directory=directory,
    )


def _say(route: RoutePlan, reason: Reason, states: Iterable[str], ties: _Ties) -> RoutePlan:
    """`route` with one more step."""
    found = tuple(sorted(states))
    step = Step(reason.rule, found, reason.sentence.format(ties.directory.names(found)), reason.source)
    return replace(route, rules=(*route.rules, step))


def _ask(route: RoutePlan, reason: Reason, states: frozenset[str], ties: _Ties) -> RoutePlan:
    """`route` which also asks `states`; unchanged when there are none."""
    if not states:
        return route
    return replace(_say(route, reason, states, ties), ask=tuple(sorted({*route.ask, *states})))


def _doubt(route: RoutePlan, reason: Reason, states: Iterable[str], ties: _Ties) -> RoutePlan:
    """`route` with one more step, which only a person can resolve."""
    return replace(_say(route, reason, states, ties), needs_person=True)


def _nationalities(route: RoutePlan, ties: _Ties) -> RoutePlan:
    route = _ask(route, NATIONALITY, ties.current & ties.abroad, ties)
    return _ask(route, FORMER_NATIONALITY, (ties.former & ties.abroad) - ties.current, ties)


def _residence(route: RoutePlan, ties: _Ties) -> RoutePlan:
    """For every citizen of the Union, also one who is a third-country national besides: such a person is both."""
    if ties.current <= ties.third:
        return route
    return _ask(route, RESIDENCE, (ties.residence & ties.abroad) - {*route.ask}, ties)


def _united_kingdom(route: RoutePlan, ties: _Ties) -> RoutePlan:
    return _ask(route, TCA, UNITED_KINGDOM & (ties.current | ties.former | ties.residence | ties.past), ties)


def _third_country(route: RoutePlan, ties: _Ties) -> RoutePlan:
    """No State holds every conviction of a third-country national: an index says which States hold some."""
    if not ties.third:
        return route
    if ties.searched:
        return _search(route, ties)
    if ties.home not in ties.directory.indexed():
        route = _doubt(route, HOME_OUTSIDE, {ties.home}, ties)
    if not ties.live:
        route = _doubt(route, NOT_LIVE, (), ties)
    return _ask(route, LIVED_THERE, ((ties.residence | ties.past) & ties.abroad) - {*route.ask}, ties)


def _search(route: RoutePlan, ties: _Ties) -> RoutePlan:
    route = replace(_say(route, SEARCH, (), ties), tcn_search=True)
    route = _ask(route, HIT, ties.hits & ties.abroad, ties)
    lived = ((ties.residence | ties.past) & ties.abroad) - {*route.ask}
    route = _ask(route, OUTSIDE_INDEX, lived - ties.directory.indexed(), ties)
    covered = lived & ties.directory.indexed()
    return _say(route, INDEX_COVERS, covered, ties) if covered else route


def _hits(route: RoutePlan, ties: _Ties) -> RoutePlan:
    return route if ties.searched or not ties.hits else _doubt(route, HITS_IGNORED, ties.hits, ties)


def _documents(route: RoutePlan, ties: _Ties) -> RoutePlan:
    """Where no authority can be asked by message, the applicant brings what that State issues."""
    beyond = (ties.current | ties.former | ties.residence | ties.past) - ties.directory.exchange() - WITHOUT_STATE
    if beyond:
        route = replace(_say(route, BRING_DOCUMENT, beyond, ties), documents=tuple(sorted(beyond)))
    if ties.current & WITHOUT_STATE:
        route = _say(route, NO_NATIONALITY, (), ties)
    if ties.former & WITHOUT_STATE and not ties.searched:
        route = _doubt(route, NO_FORMER_NATIONALITY, (), ties)
    return route


def _past(route: RoutePlan, ties: _Ties) -> RoutePlan:
    """Said so that nobody wonders: for somebody who is a citizen of the Union only, a past residence adds nothing."""
    left = (ties.past & ties.abroad) - {*route.ask}
    return route if ties.third or not left else _say(route, PAST_RESIDENCE, left, ties)


def _not_bound(route: RoutePlan, ties: _Ties) -> RoutePlan:
    free = {row.state for row in ties.directory.rows if row.member and not row.bound_by_directive} & {*route.ask}
    return _say(route, NOT_BOUND, free, ties) if free else route
