"""Doors. The only file that uses guardian: permissions lie on organisations and authorities, never on a case."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any, TypeVar

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from guardian.shortcuts import assign_perm, get_objects_for_user

from vetting.organisations.models import ON, IdentityProvider, Organisation, User
from vetting.organisations.ports import Told
from vetting.organisations.rules import PERMISSIONS, WHILE_OFF, Role

BY = "came_by"
View = Callable[..., HttpResponse]
V = TypeVar("V", bound=View)


def door(name: str, view: V) -> V:
    """Mark `view` with the door it stands behind; the test that walks the URLconf asks for it."""
    view.door = name  # type: ignore[attr-defined]  # functions carry attributes; mypy's Callable does not
    return view


def public(view: V) -> V:
    """Anybody may look: the page shows nothing about a person."""
    return door("public", view)


def _group_name(place: Model, label: str) -> str:
    return f"{place._meta.label_lower}:{place.pk}:{label}"


def people_of(place: Model, label: str) -> "QuerySet[User]":
    """Those who are in the group `label` of `place` and may sign in."""
    return User.objects.filter(groups__name=_group_name(place, label), is_active=True)


def let_in(user: User, place: Model, label: str, permissions: tuple[str, ...]) -> None:
    """Put `user` into the group `label` of `place`, which holds `permissions` on it."""
    group, _ = Group.objects.get_or_create(name=_group_name(place, label))
    for permission in permissions:
        assign_perm(permission, group, place)
    user.groups.add(group)


def places(user: User, permission: str, kind: type[Model]) -> list[int]:
    """Primary keys of the places where `user` holds `permission`: one query, then used with IN."""
    held = get_objects_for_user(user, permission, klass=kind, accept_global_perms=False, with_superuser=False)
    return list(held.values_list("pk", flat=True))


def give_role(user: User, organisation: Organisation, role: Role) -> None:
    """Make `user` manager, submitter or viewer of `organisation`."""
    let_in(user, organisation, role, PERMISSIONS[role])


def take_role(user: User, organisation: Organisation, role: Role) -> None:
    """`user` no longer has this role."""
    user.groups.remove(*Group.objects.filter(name=_group_name(organisation, role)))


def organisations_of(user: User, permission: str) -> list[int]:
    """Keys of the organisations where `user` holds `permission`, with their branches; where one is switched off, only
    what stays then (see `WHILE_OFF`)."""
    mine = places(user, f"organisations.{permission}", Organisation)
    if not mine:
        return []
    kept = Organisation.objects.filter(Q(pk__in=mine) | Q(parent__in=mine))
    if permission not in WHILE_OFF:
        kept = kept.filter(ON)
    return list(kept.values_list("pk", flat=True))


def managers_of(organisation: Organisation) -> "QuerySet[User]":
    """Who decides there: its own managers, and those of the organisation that it is a branch of."""
    own = people_of(organisation, Role.MANAGER)
    if organisation.parent is None:
        return own
    return (own | people_of(organisation.parent, Role.MANAGER)).distinct()


def numbers_of_people(organisations: Iterable[Organisation]) -> dict[int, int]:
    """How many people each of them has who may sign in, by its key; who has none is left out. One query."""
    named = {_group_name(one, role): one.pk for one in organisations for role in Role}
    held = User.groups.through.objects.filter(group__name__in=named, user__is_active=True)
    numbers: dict[int, int] = {}
    for name, number in held.values_list("group__name").annotate(Count("pk")):
        numbers[named[name]] = numbers.get(named[name], 0) + number
    return numbers


def forget_place(organisation: Organisation) -> None:
    """Nobody has a role there any more; whoever had one there only, and never chose a password, has no account."""
    groups = Group.objects.filter(name__in=[_group_name(organisation, role) for role in Role])
    only_here = User.objects.filter(groups__in=groups, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for user in only_here.exclude(is_staff=True).distinct():
        if not user.groups.exclude(pk__in=groups).exists():
            user.delete()
    groups.delete()


def in_charge(organisation: Organisation, user: User | None) -> list[User]:
    """Whom to write to about something that `user` began: that person, or the managers once they no longer act here."""
    if user is not None and user.is_active and organisation.pk in organisations_of(user, "handle_cases"):
        return [user]
    own = list(people_of(organisation, Role.MANAGER))
    return own if own or organisation.parent is None else list(people_of(organisation.parent, Role.MANAGER))


def family(organisation_id: int) -> list[int]:
    """Keys of an organisation and its branches."""
    own = Q(pk=organisation_id) | Q(parent=organisation_id)
    return list(Organisation.objects.filter(own, is_active=True).values_list("pk", flat=True))


def member_by(provider: IdentityProvider, told: Told) -> User | None:
    """Whom a provider may speak for: somebody with this address who works for its organisation and nowhere else.

    A clerk, an operator or anybody who works elsewhere too is nobody here: else one organisation's provider, or a role
    given there to an address, would open the door to the others.
    """
    user = User.objects.filter(email=told.email.strip().lower(), is_active=True).first()
    if user is None or user.is_staff or user.is_superuser or user.user_permissions.exists():
        return None
    places = Organisation.objects.filter(pk__in=family(provider.organisation_id))
    here = {_group_name(place, role) for place in places for role in Role}
    groups = set(user.groups.values_list("name", flat=True))
    return user if groups and groups <= here else None


@dataclass(frozen=True)
class CameBy:
    """By which provider this session was opened, and whether two factors were used there."""

    provider: int
    second_factor: bool


def came_by(request: HttpRequest) -> CameBy | None:
    """How this session was opened; None for a password or passkey of ours."""
    said = request.session.get(BY)
    return CameBy(**said) if said else None


def note_way(request: HttpRequest, way: CameBy | None) -> None:
    """Write down by which provider this session was opened, or that it was by none."""
    request.session.pop(BY, None)
    if way is not None:
        request.session[BY] = asdict(way)


def _within(request: HttpRequest, mine: list[int]) -> list[int]:
    """What a session may reach: one opened by a provider, never more than that provider's own organisation."""
    way = came_by(request)
    if way is None:
        return mine
    provider = IdentityProvider.objects.filter(pk=way.provider, is_active=True).first()
    reach = set(family(provider.organisation_id)) if provider else set()
    return [one for one in mine if one in reach]


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether somebody whose work needs a second factor has none yet, here or where they came from."""
    way = came_by(request)
    there = way is not None and way.second_factor
    return bool(settings.SECOND_FACTOR and not there and not is_mfa_enabled(request.user))


def _guarded(view: View, permission: str, name: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if name == "manager" and lacks_second_factor(request):
            return redirect("mfa_index")
        mine = _within(request, organisations_of(request.user, permission))  # type: ignore[arg-type]  # signed in
        if not mine:
            raise Http404
        return view(request, *args, organisations=mine, **kwargs)

    return door(name, login_required(guarded))


def member(view: View) -> View:
    """Signed in, and at work somewhere; the view gets `organisations`, the keys of those whose cases it may show."""
    return _guarded(view, "see_cases", "member")


def submitter(view: View) -> View:
    """As `member`, for who opens and submits cases: `organisations` are those for which they may."""
    return _guarded(view, "handle_cases", "submitter")


def manager(view: View) -> View:
    """As `member`, for who decides about people: `organisations` are those whose people they may change."""
    return _guarded(view, "manage_people", "manager")
