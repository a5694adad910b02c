"""The verbs of the roster."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.cases.rules import LetterKind
from vetting.cases.services import owe
from vetting.certificates.queries import share_seen, standing_of_share
from vetting.errors import Refused
from vetting.keys.queries import seal_document
from vetting.keys.services import destroy_key, make_key
from vetting.organisations.models import User
from vetting.roster.models import Interim, Seat
from vetting.roster.queries import arranged_for
from vetting.roster.rules import Arrangement


@transaction.atomic(durable=True)
def see(case_ref: UUID, *, user: User, actor: Actor, at: datetime) -> Seat:
    """A member has looked at the certificate that was shared: the person is on the roster from then on.

    Doing it again finds the seat. Raises KeyGone once the case is erased, Refused("nothing-shared") also for a
    certificate that is not current any more: why it is not must not show.
    """
    case = Case.objects.lock(case_ref)
    share = share_seen(case)
    seat = Seat.objects.filter(share=share).first() if share else None
    if seat is not None:
        return seat
    if share is None or not standing_of_share(share, localdate(at)).current:
        raise Refused("nothing-shared", "No certificate was shared with you here.")
    for before in Seat.objects.filter(share__case=case, left_at=None):
        _left(before, actor, at)  # shown once more: one person, one seat
    ref = uuid4()
    make_key(ref, at)
    sealed = seal_document(ref, "person", vars(contact_of(case)))
    _arranged(case, frozenset(), user, actor, at)
    record("roster.see", case.ref, actor, at, certificate=share.certificate.number)
    return Seat.objects.create(
        ref=ref, organisation=case.organisation, share=share, sealed_person=sealed, seen_at=at, seen_by=user
    )


@transaction.atomic(durable=True)
def leave(seat_ref: UUID, *, actor: Actor, at: datetime) -> Seat:
    """The person left, or the seat is long over: the name is destroyed, that a certificate was seen and when stays."""
    seat = Seat.objects.select_for_update().get(ref=seat_ref)
    if seat.left_at is None:
        _left(seat, actor, at)
    return seat


def _left(seat: Seat, actor: Actor, at: datetime) -> None:
    destroy_key(seat.ref)
    seat.left_at, seat.sealed_person = at, b""
    seat.save(update_fields=["left_at", "sealed_person"])
    record("roster.leave", seat.share.certificate.case.ref, actor, at, certificate=seat.share.certificate.number)


@transaction.atomic(durable=True)
def arrange(
    case_ref: UUID, arrangements: frozenset[Arrangement], *, user: User, actor: Actor, at: datetime
) -> frozenset[Arrangement]:
    """From now on these hold for the person until their certificate is seen, and no others.

    What the case came to is not looked at. Raises Refused("arranged-no-more") once the certificate was seen, and from a
    day on that is the same for every case.
    """
    case = Case.objects.lock(case_ref)
    if localdate(at) >= case.ends_on or Seat.objects.filter(share=share_seen(case), share__isnull=False).exists():
        raise Refused("arranged-no-more")
    _arranged(case, arrangements, user, actor, at)
    return arrangements


def _arranged(case: Case, wanted: frozenset[Arrangement], user: User, actor: Actor, at: datetime) -> None:
    standing = arranged_for(case)
    for over in sorted(standing - wanted):
        Interim.objects.filter(case=case, arrangement=over, ended_at=None).update(ended_at=at)
        record("roster.arrangement_ends", case.ref, actor, at, kind=over)
    for new in sorted(wanted - standing):
        Interim.objects.create(case=case, arrangement=new, agreed_at=at, agreed_by=user)
        record("roster.arrange", case.ref, actor, at, kind=new)


@transaction.atomic(durable=True)
def remind(seat_ref: UUID, *, actor: Actor, at: datetime) -> bool:
    """Owe the organisation a mail that a certificate ends soon; once for each seat."""
    seat = Seat.objects.select_for_update(of=("self",)).select_related("share__case").get(ref=seat_ref)
    if seat.reminded_at is not None or seat.left_at is not None:
        return False
    seat.reminded_at = at
    seat.save(update_fields=["reminded_at"])
    owe(seat.share.case, LetterKind.RENEW, at)
    record("roster.remind", seat.share.case.ref, actor, at)
    return True
