"""The invented organisations, secretaries and clerks of the demo and of the two nodes."""

from collections.abc import Mapping, Sequence

from django.conf import settings
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
    """Organisations with their members, and clerks of the home authority, who supervise the desk too: what changes the
    national rules takes two. Doing it again changes nothing."""
    if active_directory() is None:  # what people put in force since then stays
        load_edition(at=now(), actor=SYSTEM)
    for name, people in clubs.items():
        club, _ = Organisation.objects.get_or_create(name=name, state=settings.HOME_STATE)
        for full_name, address, role in people:
            give_role(_person(full_name, address), club, role)
    home = Authority.objects.get(state=settings.HOME_STATE)
    for full_name, address in clerks:
        give_desk(_person(full_name, address), home)
        give_supervision(_person(full_name, address), home)


def _person(full_name: str, address: str) -> User:
    first, last = full_name.split(" ")
    known = User.objects.filter(email=address).first()
    return known or User.objects.create_user(address, WAY_IN, first_name=first, last_name=last)
