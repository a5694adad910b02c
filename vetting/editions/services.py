"""Editions of the national rules: proposed by one person, put in force by another."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.models import Edition
from vetting.authorities.queries import contents_of
from vetting.authorities.rules import Directory
from vetting.authorities.services import editions_locked, make_edition, put_in_force
from vetting.errors import Refused
from vetting.organisations.models import User


@transaction.atomic(durable=True)
def propose(said: Directory, *, instead_of: str = "", user: User, actor: Actor, at: datetime) -> Edition:
    """Lay an edition before a second person; nothing is in force by it. An earlier one is proposed in the same way, and
    `instead_of` names one that waits and that this one continues: it waits no longer.

    Raises Refused: edition-in-force, edition-waits, nothing-changes, edition-without-home, edition-number-taken.
    """
    known = editions_locked()
    edition, active = known.get(said.digest), next((one for one in known.values() if one.is_active), None)
    if said.find(settings.HOME_STATE) is None:
        raise Refused("edition-without-home", "An edition says something of this node's own State. This one does not.")
    if edition and edition.is_active:
        raise Refused("edition-in-force", "This edition is in force already.")
    if edition and edition.waits and edition.proposed_by_id is not None:
        raise Refused("edition-waits", "This edition is proposed already. Another supervisor puts it in force.")
    if active and set(contents_of(active).rows) == set(said.rows):
        raise Refused("nothing-changes", "This edition says the same as the one in force.")
    if edition is None and any(one.number == said.number for one in known.values()):
        raise Refused("edition-number-taken", "Another edition has this number. Raise the number in the file.")
    edition = edition or make_edition(said, at=at)
    edition.waits, edition.proposed_by, edition.proposed_at = True, user, at
    edition.save(update_fields=["waits", "proposed_by", "proposed_at"])
    record("authorities.edition_proposed", None, actor, at, edition=edition.number, digest=edition.digest)
    if instead_of and (continued := _find(known, instead_of)).waits:
        _let_go(continued, actor=actor, at=at)
    return edition


@transaction.atomic(durable=True)
def activate(digest: str, *, against: str, user: User, actor: Actor, at: datetime) -> Edition:
    """Put in force what somebody else proposed: these very contents, for a number that was dropped may come again.
    `against` is the number of the edition that they were compared with; empty where none was in force.

    Raises Refused: not-proposed, same-person, edition-moved when another is in force by now.
    """
    known = editions_locked()
    edition, active = known.get(digest), next((one for one in known.values() if one.is_active), None)
    if edition is None or not edition.waits or edition.proposed_by_id is None:
        raise Refused("not-proposed", "Nobody proposes this edition any more. Propose it again.")
    if edition.proposed_by_id == user.pk:
        raise Refused("same-person", "Another supervisor puts in force what you proposed.")
    if against != (active.number if active else ""):
        raise Refused("edition-moved", "Another edition came into force since this comparison. Look at it again.")
    put_in_force(edition, by=user, at=at)
    said = {"edition": edition.number, "digest": edition.digest, "from": against}
    record("authorities.edition_activated", None, actor, at, **said)
    return edition


@transaction.atomic(durable=True)
def drop(number: str, *, actor: Actor, at: datetime) -> None:
    """Take back a proposal. What was never in force goes whole, and its number is free again.

    Raises Refused: edition-gone, not-proposed.
    """
    edition = _find(editions_locked(), number)
    if not edition.waits:
        raise Refused("not-proposed", "Nobody proposes this edition any more.")
    _let_go(edition, actor=actor, at=at)


def _let_go(edition: Edition, *, actor: Actor, at: datetime) -> None:
    record("authorities.edition_dropped", None, actor, at, edition=edition.number, digest=edition.digest)
    if edition.activated_at is None:
        edition.rules.all().delete()
        edition.delete()
    else:
        Edition.objects.filter(pk=edition.pk).update(waits=False)


def _find(known: Mapping[str, Edition], number: str) -> Edition:
    found = next((edition for edition in known.values() if edition.number == number), None)
    if found is None:
        raise Refused("edition-gone", "This edition is no longer here. Somebody dropped it.")
    return found
