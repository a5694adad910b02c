"""The verbs of the roster."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.certificates.queries import share_with_asker
from vetting.errors import Refused
from vetting.keys.queries import seal_document
from vetting.keys.services import destroy_key, make_key
from vetting.organisations.models import User
from vetting.roster.models import Seat


@transaction.atomic(durable=True)
def see(case_ref: UUID, *, user: User, actor: Actor, at: datetime) -> Seat:
    """A member has looked at the certificate that was shared: the person is on the roster from then on.

    Doing it again finds the seat. Raises Refused("nothing-shared"), KeyGone once the case is erased.
    """
    case = Case.objects.lock(case_ref)
    share = share_with_asker(case)
    if share is None:
        raise Refused("nothing-shared", "No certificate was shared with you here.")
    seat = Seat.objects.filter(share=share).first()
    if seat is not None:
        return seat
    ref = uuid4()
    make_key(ref, at)
    sealed = seal_document(ref, "person", vars(contact_of(case)))
    record("roster.see", case.ref, actor, at, certificate=share.certificate.number)
    return Seat.objects.create(
        ref=ref, organisation=case.organisation, share=share, sealed_person=sealed, seen_at=at, seen_by=user
    )


@transaction.atomic(durable=True)
def leave(seat_ref: UUID, *, actor: Actor, at: datetime) -> Seat:
    """The person left, or the seat is long over: the name is destroyed, that a certificate was seen and when stays."""
    seat = Seat.objects.select_for_update().get(ref=seat_ref)
    if seat.left_at is None:
        destroy_key(seat.ref)
        seat.left_at, seat.sealed_person = at, b""
        seat.save(update_fields=["left_at", "sealed_person"])
        record("roster.leave", seat.share.certificate.case.ref, actor, at, certificate=seat.share.certificate.number)
    return seat
