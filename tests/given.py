"""Reachable states, reached through the production services only. No test builds a row by hand."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from vetting import pipeline
from vetting.audit.ports import SYSTEM, Actor
from vetting.authorities.access import give_desk
from vetting.authorities.models import Authority
from vetting.authorities.services import load_edition
from vetting.cases import services as cases
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case
from vetting.cases.queries import Contact
from vetting.cases.rules import RoleKind
from vetting.certificates import services as certificates
from vetting.certificates.models import Share
from vetting.consent import services as consents
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries import receiving
from vetting.enquiries import services as enquiries
from vetting.enquiries.models import Enquiry
from vetting.enquiries.ports import Asked, SaidConsent
from vetting.enquiries.rules import AnswerKind
from vetting.identity import services as identity
from vetting.identity.ports import PartialDate, Person, PersonName, Place
from vetting.identity.queries import version_of
from vetting.organisations.access import give_role
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import NotClearReason
from vetting.questions import receiving as their
from vetting.questions.models import Question
from vetting.questions.ports import Candidate, Grade
from vetting.routing.queries import plan_for
from vetting.web.applicant.wording import wording_for, wordings_for

PASSWORD = "invented people only"
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Clock:
    """The time of a test. It only goes forward."""

    now: datetime = START

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class World:
    """One organisation, its people, and the clerks of the home authority."""

    organisation: Organisation
    secretary: User
    clerk: User
    other_clerk: User
    clock: Clock = field(default_factory=Clock)


def user(name: str) -> User:
    """Somebody who can sign in."""
    known = User.objects.filter(email=f"{name}@invented.example").first()
    return known or User.objects.create_user(f"{name}@invented.example", PASSWORD, first_name=name.title())


def world(home: str = "IE", role: Role = Role.MANAGER) -> World:
    """A club in `home` with a secretary, and two clerks at that State's desk."""
    load_edition(at=START, actor=SYSTEM)
    number = next(_numbers)
    club = Organisation.objects.create(name=f"Invented Club {number}", state=home)
    secretary = user(f"secretary{number}")
    give_role(secretary, club, role)
    authority = Authority.objects.get(state=home)
    clerk, other = user(f"clerk{number}"), user(f"other{number}")
    give_desk(clerk, authority)
    give_desk(other, authority)
    return World(club, secretary, clerk, other)


def steps(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A complete identity of nobody: each step can be changed in part."""
    whole: dict[str, dict[str, Any]] = {
        "name": {"forename": "Ivanka", "surname": "Izmislena", "second_surname": "", "former": []},
        "birth": {"date": [1990, 5, 17], "town": "Измислен град", "country": "BG", "sex": "2"},
        "nationality": {"nationalities": ["BG"], "former_nationalities": []},
        "document": {"kind": "passport", "number": "TEST-CLEAN", "issuing_country": "BG", "identity_number": ""},
        "address": {
            "street": "1 Invented Street",
            "postal_code": "X1",
            "town": "Dublin",
            "country": "IE",
            "past_residences": [],
        },
        "parents": {
            "mother": {"forename": "Maya", "surname": "Izmislena"},
            "father": {"forename": "Ivan", "surname": "Izmislen"},
        },
    }
    return {name: {**said, **changes.get(name, {})} for name, said in whole.items()}


def case_opened(world: World, *, activity: str = "sport_coaching", role: RoleKind = RoleKind.VOLUNTARY) -> Case:
    """A case whose applicant is invited."""
    return cases.open_case(
        world.organisation,
        ref=uuid4(),
        activity=activity,
        role=role,
        contact=Contact(given_name="Ivanka", surname="Izmislena", email="ivanka@invented.example"),
        language="en",
        user=world.secretary,
        actor=Actor("member", str(world.secretary.ref)),
        at=world.clock.now,
    )


def case_consented(world: World, **changes: dict[str, Any]) -> Case:
    """A case whose applicant gave everything and agreed."""
    case = case_opened(world)
    for step, said in steps(**changes).items():
        identity.save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.now)
    agree(world, case)
    case.refresh_from_db()
    return case


def agree(world: World, case: Case) -> None:
    """The applicant agrees to the exact words, for the plan their identity leads to."""
    route = plan_for(case)
    plan = {"ask": list(route.ask), "documents": list(route.documents), "needs_person": route.needs_person}
    consents.grant(case.ref, wordings=wordings_for(case, route), plan=plan, actor=APPLICANT, at=world.clock.now)


def case_submitted(world: World, **changes: dict[str, Any]) -> Case:
    """A case on the desk of the home authority."""
    case = case_consented(world, **changes)
    return identity.submit(
        case.ref,
        version=version_of(case),
        user=world.secretary,
        actor=Actor("member", str(world.secretary.ref)),
        at=world.clock.forward(minutes=1),
    )


def case_accepted(world: World, **changes: dict[str, Any]) -> Case:
    """A case whose authorities are to be asked; nothing is sent yet."""
    case = case_submitted(world, **changes)
    return enquiries.accept(case.ref, actor=clerk_of(world), at=world.clock.forward(minutes=1))


def clerk_of(world: World) -> Actor:
    """The clerk as the record names them."""
    return Actor("clerk", str(world.clerk.ref))


def case_asked(world: World, **changes: dict[str, Any]) -> Case:
    """A case whose messages have left and wait for their replies."""
    case = case_accepted(world, **changes)
    advance(world, case)
    return case


def advance(world: World, case: Case, **span: float) -> Case:
    """Let time pass, and the pipeline look at the case."""
    pipeline.advance(case.ref, at=world.clock.forward(**span))
    case.refresh_from_db()
    return case


def own_register_answers(world: World, case: Case, kind: AnswerKind = AnswerKind.NOTHING_RECORDED) -> None:
    """The home clerk answers for the own register."""
    own = Enquiry.objects.get(case=case, channel="own_register")
    receiving.answer_at_desk(own.ref, kind=kind, actor=clerk_of(world), at=world.clock.forward(minutes=1))


def case_decided_by_answers(world: World, **changes: dict[str, Any]) -> Case:
    """A case whose every authority has answered: cleared by rule, or waiting for an assessment."""
    case = case_asked(world, **changes)
    own_register_answers(world, case)
    return advance(world, case, minutes=1)


def case_cleared(world: World) -> Case:
    """A cleared case with a published certificate."""
    return case_decided_by_answers(world)


def shared(world: World, case: Case) -> Share:
    """The applicant shares the certificate with the club that asked."""
    wording = wording_for(case, ConsentPurpose.RELEASE)
    return certificates.share(case.ref, wording=wording, actor=APPLICANT, at=world.clock.forward(minutes=1))


def case_not_cleared(world: World) -> Case:
    """A case for which two clerks found that no certificate can be issued."""
    case = case_decided_by_answers(world, document={"number": "TEST-ENTRY"})
    outcomes.assess(
        case.ref, reason=NotClearReason.BAR, user=world.clerk, actor=clerk_of(world), at=world.clock.forward(minutes=1)
    )
    outcomes.confirm(
        case.ref,
        user=world.other_clerk,
        actor=Actor("clerk", str(world.other_clerk.ref)),
        at=world.clock.forward(minutes=1),
    )
    return advance(world, case)


def enquiry(case: Case, state: str) -> Enquiry:
    """The question put about one State's register."""
    return Enquiry.objects.select_related("case").get(case=case, asked=state)


def person_asked(name: str = "Pierre|Imaginaire", born: str = "1984-02-29", place: str = "FR Villexemple") -> Person:
    """Somebody another State asks about, as the sandbox register may know them (see integrations/registers)."""
    country, _, town = place.partition(" ")
    return Person(
        name=PersonName(*name.split("|")),
        sex=0,
        birth_date=PartialDate(*(int(part) for part in born.split("-"))),
        birth_place=Place(country, town),
        nationalities=(country,),
    )


def question(world: World, person: Person | None = None, *, asker: str = "BG", **said: Any) -> Question:
    """A question of another State on the desk of this node, whose date goes out in the next sweep."""
    message_id = f"{asker}-IE-REQ-{next(_numbers):015d}"
    usual = {"consent": SaidConsent.YES, "purpose": "P-00-000000", "person": person or person_asked()}
    asked = Asked(message_type="REQ", message_id=message_id, **{**usual, **said})
    return their.ask(
        asked, asker=asker, digest=f"{next(_numbers):064x}", evidence="", actor=Actor("authority", asker),
        at=world.clock.now,
    )  # fmt: skip


def unsure(candidate: Candidate) -> Candidate:
    """The same person as the register would show them while it is not sure."""
    return replace(candidate, grade=Grade.POSSIBLE)
