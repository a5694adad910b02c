"""The verbs of organisations: who works there, their branches, and whether it takes two to submit."""

from datetime import datetime

from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.errors import Refused
from vetting.organisations.access import give_role, people_of, take_role
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role


def _noted(event: str, organisation: Organisation, actor: Actor, at: datetime, **facts: object) -> None:
    record(event, None, actor, at, organisation=str(organisation.ref), **facts)


@transaction.atomic(durable=True)
def invite(
    organisation: Organisation, *, email: str, first_name: str, last_name: str, role: Role, actor: Actor, at: datetime
) -> User:
    """Give somebody a role, and an account where they have none; they choose its password themselves.

    Somebody who has an account keeps their name. Doing it again changes the role.
    Raises Refused("last-manager").
    """
    address = email.strip().lower()
    known = User.objects.filter(email=address).first()
    user = known or User.objects.create_user(address, None, first_name=first_name, last_name=last_name)
    _change(organisation, user, role)
    _noted("member.invite", organisation, actor, at, to=str(user.ref), role=role)
    return user


def _change(organisation: Organisation, user: User, role: Role | None) -> None:
    """One role, no other; or none. Raises Refused("last-manager") when nobody would be left who decides."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # two managers do not remove each other at once
    others = people_of(organisation, Role.MANAGER).exclude(pk=user.pk)
    was_manager = people_of(organisation, Role.MANAGER).filter(pk=user.pk).exists()
    if was_manager and role is not Role.MANAGER and not others.exists():
        raise Refused("last-manager", "Somebody has to be manager. Make somebody else manager first.")
    for one in Role:
        take_role(user, organisation, one)
    if role is not None:
        give_role(user, organisation, role)


@transaction.atomic(durable=True)
def change_role(organisation: Organisation, *, user: User, role: Role, actor: Actor, at: datetime) -> None:
    """Another role for somebody who works here. Raises Refused("last-manager")."""
    _change(organisation, user, role)
    _noted("member.role", organisation, actor, at, to=str(user.ref), role=role)


@transaction.atomic(durable=True)
def remove(organisation: Organisation, *, user: User, actor: Actor, at: datetime) -> None:
    """Somebody no longer works here. Raises Refused("last-manager")."""
    _change(organisation, user, None)
    _noted("member.remove", organisation, actor, at, to=str(user.ref))


@transaction.atomic(durable=True)
def open_branch(organisation: Organisation, *, name: str, actor: Actor, at: datetime) -> Organisation:
    """A branch, in the same State. Who works at the organisation works for its branches; the reverse is not so.

    Raises Refused: branch-of-branch, branch-known.
    """
    if organisation.parent_id is not None:
        raise Refused("branch-of-branch", "A branch has no branches of its own.")
    if organisation.branches.filter(name=name).exists():
        raise Refused("branch-known", "There is a branch of that name.")
    branch = Organisation.objects.create(name=name, state=organisation.state, parent=organisation)
    _noted("organisation.branch", organisation, actor, at, to=str(branch.ref))
    return branch


@transaction.atomic(durable=True)
def ask_two(organisation: Organisation, *, two: bool, actor: Actor, at: datetime) -> None:
    """Whether a case is submitted by somebody else than who opened it; for the branches too."""
    Organisation.objects.filter(pk=organisation.pk).update(two_to_submit=two)
    organisation.branches.update(two_to_submit=two)
    _noted("organisation.two", organisation, actor, at, code="yes" if two else "no")
