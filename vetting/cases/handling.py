"""Who at the desk has a case: take, open, release, hand over; and an organisation that asks after its case."""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.access import clerks_of
from vetting.cases.models import Case, KeptView, Review
from vetting.cases.rules import MOST_HELD, OPEN, Finding, OpeningReason, ViewName
from vetting.errors import Refused
from vetting.organisations.models import User


def _has_room(user: User) -> bool:
    return Case.objects.filter(handler=user, desk_due__isnull=False).count() < MOST_HELD


def _held(case: Case, user: User | None) -> None:
    case.handler = user
    case.save(update_fields=["handler"])


@transaction.atomic(durable=True)
def open_file(case_ref: UUID, *, reason: OpeningReason, user: User, actor: Actor, at: datetime) -> Case:
    """A clerk opens a case file: reading is an act, with a reason from the closed list. Who opens it to work on it has
    it from then on, unless somebody else has, or they have as many as one person may."""
    case = Case.objects.lock(case_ref)
    if case.handler_id is None and reason is OpeningReason.DECIDE and _has_room(user):
        _held(case, user)
    _opened(case, reason, user, actor, at)
    return case


def _opened(case: Case, reason: OpeningReason, user: User, actor: Actor, at: datetime) -> None:
    """Write down who opens a file and why; one opening in so many is drawn for a supervisor, and nobody knows which."""
    record("file.open", case.ref, actor, at, reason=reason)
    if secrets.randbelow(settings.REVIEW_ONE_IN) == 0:
        Review.objects.create(case=case, opened_by=user, opened_at=at, reason=reason)


@transaction.atomic(durable=True)
def review(review_id: int, *, finding: Finding, user: User, actor: Actor, at: datetime) -> Review:
    """A supervisor says whether there was a reason. Raises Refused("same-person") for who opened the file."""
    drawn = Review.objects.select_for_update().select_related("case").get(pk=review_id)
    if drawn.opened_by_id == user.pk:
        raise Refused("same-person", "Somebody else reviews what you opened.")
    drawn.finding, drawn.reviewed_by, drawn.reviewed_at = finding, user, at
    drawn.save()
    record("file.review", drawn.case.ref, actor, at, code=finding)
    return drawn


@transaction.atomic(durable=True)
def take(case_ref: UUID, *, user: User, actor: Actor, at: datetime) -> Case:
    """Take a case that waits and that nobody has, and open its file.

    Raises Refused: held-by-another, nothing-waits, enough-held when this clerk has as many as one person may.
    """
    case = Case.objects.lock(case_ref)
    if case.handler_id not in (None, user.pk):
        raise Refused("held-by-another", "Somebody else was first.")
    if case.desk_due is None:
        raise Refused("nothing-waits", "Nothing in this case waits for a clerk any more.")
    if case.handler_id is None and not _has_room(user):
        raise Refused("enough-held", "You hold as many cases as one person may. Finish or release one first.")
    _held(case, user)
    _opened(case, OpeningReason.DECIDE, user, actor, at)
    return case


@transaction.atomic(durable=True)
def release(case_ref: UUID, *, user: User, actor: Actor, at: datetime) -> Case:
    """Give a case back to the queue. Raises Refused("not-yours") for who does not have it."""
    case = Case.objects.lock(case_ref)
    if case.handler_id != user.pk:
        raise Refused("not-yours", "Somebody else has this case.")
    _held(case, None)
    record("case.release", case.ref, actor, at)
    return case


@transaction.atomic(durable=True)
def hand_over(case_ref: UUID, *, to: User, actor: Actor, at: datetime) -> Case:
    """Give a case to a colleague. Also takes it from one who is away: the record says who did it.

    Raises Refused("not-a-clerk") for somebody who does not work at the desk of its home State.
    """
    case = Case.objects.lock(case_ref)
    if not clerks_of(case.home).filter(pk=to.pk).exists():
        raise Refused("not-a-clerk", "Choose a colleague.")
    if case.handler_id != to.pk:
        _held(case, to)
        record("case.hand_over", case.ref, actor, at, to=str(to.ref))
    return case


@transaction.atomic(durable=True)
def escalate(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """The organisation asks after a case that takes longer than expected, once. To it, the case looks the same before
    and after, whether there is a result or not; at the desk it is marked while it is open."""
    case = Case.objects.lock(case_ref)
    if case.escalated_at is None:
        case.escalated_at = at
        case.save(update_fields=["escalated_at"])
        record("case.escalate", case.ref, actor, at, code="open" if case.state in OPEN else "over")
    return case


# How a clerk looks at the queue is no act on anybody's case: what follows is kept for them and leaves no record, which
# would only tell how a person likes to work.


def _only(user: User, view: KeptView | None) -> None:
    KeptView.objects.filter(user=user, begins=True).update(begins=False)
    if view is not None:
        view.begins = True
        view.save(update_fields=["begins"])


def _free(user: User, name: ViewName) -> None:
    User.objects.select_for_update().get(pk=user.pk)  # two pages of one clerk do not take a name at once
    if KeptView.objects.filter(user=user, name=name).exists():
        raise Refused("name-taken", "You have a view of that name. Choose another name, or delete that view first.")


@transaction.atomic(durable=True)
def keep_view(user: User, *, name: ViewName, who: str, when: str, task: str, begins: bool) -> KeptView:
    """Keep a view of the queue, and let the desk begin with it if wanted. Raises Refused("name-taken")."""
    _free(user, name)
    view = KeptView.objects.create(user=user, name=name, who=who, when=when, task=task)
    if begins:
        _only(user, view)
    return view


@transaction.atomic(durable=True)
def rename_view(view: KeptView, *, name: ViewName) -> None:
    """Another name for a view. Raises Refused("name-taken")."""
    if view.name != name:
        _free(view.user, name)
        KeptView.objects.filter(pk=view.pk).update(name=name)


@transaction.atomic(durable=True)
def begin_with(user: User, view: KeptView | None) -> None:
    """The desk begins with this view, and no other; with everything that waits where there is none."""
    User.objects.select_for_update().get(pk=user.pk)
    _only(user, view)


@transaction.atomic(durable=True)
def drop_view(view: KeptView) -> None:
    """A view is no longer kept."""
    KeptView.objects.filter(pk=view.pk).delete()
