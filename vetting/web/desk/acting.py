"""What every act of a clerk has in common: who acts, whether the file was opened, and how a refusal is said."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _

from vetting.audit.models import Entry
from vetting.audit.ports import Actor
from vetting.errors import Refused
from vetting.organisations.models import User

OPEN_FOR = timedelta(hours=8)
"""How long one stated reason opens a file for the same clerk."""


def user_of(request: HttpRequest) -> User:
    """The clerk."""
    assert isinstance(request.user, User)
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The clerk as the record names them."""
    return Actor("clerk", str(user_of(request).ref))


def has_opened(request: HttpRequest, chain: UUID, event: str) -> bool:
    """Whether this clerk said why, not long ago. `event` is the opening: file.open or question.open."""
    return Entry.objects.filter(
        chain=chain, event=event, actor_ref=str(user_of(request).ref), at__gt=now() - OPEN_FOR
    ).exists()


def say_refused(request: HttpRequest, refusal: Refused) -> None:
    """The sentence of a refusal, for the next page."""
    messages.warning(request, _(refusal.sentence) if refusal.sentence else _("Nothing was changed."))


def tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do one thing and say so; a refusal becomes its sentence."""
    try:
        act()
    except Refused as refusal:
        say_refused(request, refusal)
        return False
    messages.success(request, done)
    return True
