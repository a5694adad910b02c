"""The invented organisations, secretaries and clerks of the demo and of the two nodes."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from vetting.audit.ports import SYSTEM
from vetting.authorities.access import give_desk, give_supervision
from vetting.authorities.models import Authority
from vetting.authorities.queries import active_directory
from vetting.authorities.services import load_edition
from vetting.organisations.access import give_role
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role

WAY_IN = "invented people only"
Member = tuple[str, str, Role]
Clubs = Mapping[str, Sequence[Member]]
Clerks = Sequence[tuple[str, str]]


def seed(clubs: Clubs, clerks: Clerks) -> None:
    """Organisations with their members, and clerks of the home authority, who supervise its desk too: some things there
    take two. Doing it again changes nothing."""
    if active_directory() is None:  # what people put in force since then stays
        load_edition(at=now(), actor=SYSTEM)
    for name, people in clubs.items():
        _club(name, people)
    home = Authority.objects.get(state=settings.HOME_STATE)
    for full_name, address in clerks:
        clerk = _person(full_name, address)
        give_desk(clerk, home)
        give_supervision(clerk, home)


@transaction.atomic
def _club(name: str, people: Sequence[Member]) -> None:
    # Known by its people: its name, and who else works there, may have been changed since.
    if User.objects.filter(email__in=[address for _, address, _ in people]).exists():
        return
    club = Organisation.objects.create(name=name, state=settings.HOME_STATE)
    for full_name, address, role in people:
        give_role(_person(full_name, address), club, role)


def _person(full_name: str, address: str) -> User:
    first, last = full_name.split(" ")
    known = User.objects.filter(email=address).first()
    return known or User.objects.create_user(address, WAY_IN, first_name=first, last_name=last)
