"""The verbs of organisations: how they come to be, who works there and signs in how, branches, switched on or off."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.errors import Refused
from vetting.organisations.access import forget_place, give_role, managers_of, people_of, take_role
from vetting.organisations.models import IdentityProvider, Organisation, SignUp, User
from vetting.organisations.ports import Client, Places
from vetting.organisations.queries import waiting_sign_up
from vetting.organisations.rules import (
    SECRET_NAME,
    SIGN_UP_LASTS,
    Role,
    SignUpPolicy,
    digest_of,
    looks_like_link,
    provider_address,
    sign_in_code,
)  # fmt: skip


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
    user = _account(email, first_name, last_name)
    _change(organisation, user, role)
    _noted("member.invite", organisation, actor, at, to=str(user.ref), role=role)
    return user


def _account(email: str, first_name: str, last_name: str) -> User:
    address = email.strip().lower()
    known = User.objects.filter(email=address).first()
    return known or User.objects.create_user(address, None, first_name=first_name, last_name=last_name)


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

    Raises Refused: branch-of-branch, branch-known, name-link.
    """
    if organisation.parent_id is not None:
        raise Refused("branch-of-branch", "A branch has no branches of its own.")
    _no_link(name)
    _only_one_branch_named(name, organisation)
    branch = Organisation.objects.create(name=name, state=organisation.state, parent=organisation)
    _noted("organisation.branch", organisation, actor, at, to=str(branch.ref))
    return branch


def _no_link(name: str) -> None:
    """Names go into mails. Raises Refused("name-link") for what a mail program could make a link of."""
    if looks_like_link(name):
        raise Refused("name-link", "A name has no address of a page or a mailbox in it.")


def _only_one_branch_named(name: str, parent: Organisation) -> None:
    if parent.branches.filter(name=name).exists():
        raise Refused("branch-known", "There is a branch of that name.")


@transaction.atomic(durable=True)
def ask_two(organisation: Organisation, *, two: bool, actor: Actor, at: datetime) -> None:
    """Whether a case is submitted by somebody else than who opened it; for the branches too."""
    Organisation.objects.filter(pk=organisation.pk).update(two_to_submit=two)
    organisation.branches.update(two_to_submit=two)
    _noted("organisation.two", organisation, actor, at, code="yes" if two else "no")


@transaction.atomic(durable=True)
def add_organisation(
    *, ref: UUID, name: str, state: str, email: str, first_name: str, last_name: str, actor: Actor, at: datetime
) -> Organisation:
    """An organisation with its first manager. `ref` is made when the form is: sent twice, it adds one."""
    known = Organisation.objects.filter(ref=ref, state=state).first()
    if known is not None:
        return known
    made = Organisation.objects.create(ref=ref, name=name, state=state)
    manager = _account(email, first_name, last_name)
    give_role(manager, made, Role.MANAGER)
    _noted("organisation.add", made, actor, at, to=str(manager.ref))
    return made


@transaction.atomic(durable=True)
def rename(organisation: Organisation, *, name: str, actor: Actor, at: datetime) -> None:
    """Another name; running cases show it too. Raises Refused: branch-known, name-link."""
    place = _locked(organisation)
    if place.name == name:
        return
    _no_link(name)
    if place.parent is not None:
        _only_one_branch_named(name, place.parent)
    Organisation.objects.filter(pk=place.pk).update(name=name)
    _noted("organisation.rename", place, actor, at)


def _locked(organisation: Organisation) -> Organisation:
    found = Organisation.objects.select_for_update().filter(pk=organisation.pk).first()
    if found is None:
        raise Refused("sign-up-decided", "Somebody has decided about this sign-up already.")
    return found


@transaction.atomic(durable=True)
def switch(organisation: Organisation, *, on: bool, actor: Actor, at: datetime) -> bool:
    """Off, and its branches with it: nothing new begins there (see `WHILE_OFF`). On: as before; a branch that was
    switched off by itself stays so. True when that changed something.

    Raises Refused("sign-up-waits") for switching off what was never on: it is refused instead.
    """
    place = _locked(organisation)
    if place.is_active == on:
        if place.waits_since is not None:
            raise Refused("sign-up-waits", "This organisation was never switched on. Refuse its sign-up instead.")
        return False
    Organisation.objects.filter(pk=place.pk).update(is_active=on, waits_since=None)
    _noted("organisation.on" if on else "organisation.off", place, actor, at)
    return True


@transaction.atomic(durable=True)
def appoint(
    organisation: Organisation, *, email: str, first_name: str, last_name: str, actor: Actor, at: datetime
) -> User:
    """Another manager, where nobody is left who could invite one. Raises Refused("has-manager")."""
    place = _locked(organisation)
    # Who never chose a password may have been given a wrong address: they do not stand in the way.
    if managers_of(place).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        raise Refused("has-manager", "There is a manager, who can invite others.")
    user = _account(email, first_name, last_name)
    for one in Role:
        take_role(user, place, one)
    give_role(user, place, Role.MANAGER)
    _noted("organisation.manager", place, actor, at, to=str(user.ref))
    return user


@transaction.atomic(durable=True)
def manager_left(organisation: Organisation, *, user: User, actor: Actor, at: datetime) -> None:
    """A manager no longer works there, also the last one: the authority says so, where nobody there can."""
    place = _locked(organisation)
    take_role(user, place, Role.MANAGER)
    _noted("member.remove", place, actor, at, to=str(user.ref))


@transaction.atomic(durable=True)
def sign_up(
    *, organisation: str, state: str, email: str, first_name: str, last_name: str, actor: Actor, at: datetime
) -> str:
    """Write down what a stranger gave, and return the secret for the link that confirms it. It is not stored.

    Who has an account is not looked up here: nothing that happens now depends on it. The names go into a mail to an
    address that anybody may have typed: raises Refused("sign-up-link") for what could become a link there.
    """
    if any(looks_like_link(name) for name in (organisation, first_name, last_name)):
        raise Refused("sign-up-link", "A name has no address of a page or a mailbox in it.")
    _forget_sign_ups(at)
    secret = secrets.token_urlsafe(24)
    SignUp.objects.create(
        digest=digest_of(secret), organisation=organisation, state=state, email=email.strip().lower(),
        first_name=first_name, last_name=last_name, asked_at=at,
    )  # fmt: skip
    record("organisation.sign_up", None, actor, at, authority=state)
    return secret


@transaction.atomic(durable=True)
def confirm_sign_up(secret: str, *, actor: Actor, at: datetime) -> tuple[Organisation, User]:
    """Who got the mail confirms: there is an organisation, and they are its manager. Where the policy wants a
    supervisor to look at it first, it is switched off until then.

    Raises Refused("sign-up-over") when the link was used before or is too old.
    """
    asked = waiting_sign_up(secret, at)
    asked = asked and SignUp.objects.select_for_update().filter(pk=asked.pk).first()
    if asked is None:
        raise Refused("sign-up-over", "This link was used before, or it is too old.")
    is_open = settings.ORGANISATION_SIGN_UP == SignUpPolicy.OPEN
    made = Organisation.objects.create(
        name=asked.organisation, state=asked.state, is_active=is_open, waits_since=None if is_open else at
    )
    user = _account(asked.email, asked.first_name, asked.last_name)
    give_role(user, made, Role.MANAGER)
    SignUp.objects.filter(email=asked.email, organisation=asked.organisation).delete()
    _noted("organisation.confirm", made, actor, at, to=str(user.ref), code=settings.ORGANISATION_SIGN_UP)
    return made, user


@transaction.atomic(durable=True)
def refuse_sign_up(organisation: Organisation, *, actor: Actor, at: datetime) -> None:
    """Delete an organisation that signed itself up and was never switched on, and accounts that were only for it.

    Raises Refused("sign-up-decided").
    """
    place = _locked(organisation)
    if place.waits_since is None:
        raise Refused("sign-up-decided", "Somebody has decided about this sign-up already.")
    forget_place(place)
    _noted("organisation.refuse", place, actor, at)
    place.delete()


@transaction.atomic(durable=True)
def forget_sign_ups(*, at: datetime) -> int:
    """Delete the sign-ups that nobody confirmed in time."""
    return _forget_sign_ups(at)


def _forget_sign_ups(at: datetime) -> int:
    return SignUp.objects.filter(asked_at__lte=at - SIGN_UP_LASTS).delete()[0]


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
