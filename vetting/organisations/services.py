"""The verbs of organisations: who works there and signs in how, branches, and whether it takes two to submit."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.errors import Refused
from vetting.organisations.access import give_role, people_of, take_role
from vetting.organisations.models import IdentityProvider, Organisation, User
from vetting.organisations.ports import Client, Places
from vetting.organisations.rules import SECRET_NAME, Role, provider_address, sign_in_code


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


@transaction.atomic(durable=True)
def load_provider(
    organisation: Organisation,
    *,
    client: Client,
    secret_name: str,
    places: Places,
    acr: Sequence[str],
    amr: Sequence[str],
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> IdentityProvider:
    """Where the people of an organisation sign in with the account that they have there. Its code stays the same.

    Raises Refused: provider-of-branch, provider-of-another, provider-address, secret-name.
    """  # fmt: skip
    if organisation.parent_id is not None:
        raise Refused("provider-of-branch", "A branch signs in where its organisation does.")
    if secret_name and not SECRET_NAME.fullmatch(secret_name):
        raise Refused("secret-name", "The name of a secret begins with SIGN_IN_SECRET_ and goes on in capitals.")
    for address in (client.issuer, places.authorize, places.token, places.keys):
        provider_address(address, plain_loopback=settings.PLAIN_LOOPBACK)
    others = IdentityProvider.objects.exclude(organisation=organisation)
    if others.filter(issuer=client.issuer, client_id=client.client_id).exists():
        raise Refused("provider-of-another", "Another organisation signs in with this client of this provider.")
    row = {
        "issuer": client.issuer, "client_id": client.client_id, "secret_name": secret_name, "acr": list(acr),
        "amr": list(amr), "authorize_at": places.authorize, "token_at": places.token, "keys_at": places.keys,
        "is_active": is_active,
    }  # fmt: skip
    fresh = {**row, "code": sign_in_code([secrets.randbelow(32) for _ in range(12)])}
    provider, _ = IdentityProvider.objects.update_or_create(
        organisation=organisation, defaults=row, create_defaults=fresh
    )
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    _noted("organisation.sign_in", organisation, actor, at, code="on" if is_active else "off", digest=digest)
    return provider
