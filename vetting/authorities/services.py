"""Loading an edition of the directory, and the nodes of other States."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.models import Authority, Edition, NationalRule, Partner
from vetting.authorities.queries import packaged_directory
from vetting.authorities.rules import AuthorityRow, Directory, partner_address
from vetting.errors import Refused
from vetting.organisations.models import User

OWN_COLUMNS = frozenset({"state", "channel", "languages", "reply_days", "exceptions"})


@transaction.atomic(durable=True)
def load_edition(*, at: datetime, actor: Actor) -> Edition:
    """Put the packaged edition in force, whole or not at all. Loading what is in force already changes nothing.

    Raises Refused when another content was loaded under the same number.
    """
    packaged = packaged_directory()
    known = editions_locked()
    edition = known.get(packaged.digest)
    if edition and edition.is_active:
        return edition
    edition = edition or make_edition(packaged, at=at)
    put_in_force(edition, by=None, at=at)
    record("authorities.edition_loaded", None, actor, at, edition=edition.number, digest=edition.digest)
    return edition


def editions_locked() -> dict[str, Edition]:
    """Every edition by its digest. The order of the key makes two who act wait for one another instead of both moving
    the one active edition."""
    return {edition.digest: edition for edition in Edition.objects.select_for_update().order_by("pk")}


def put_in_force(edition: Edition, *, by: User | None, at: datetime) -> None:
    """Let this edition, of those that are locked, take the place of the one in force; `by` is None for a command."""
    Edition.objects.filter(is_active=True).update(is_active=False)
    if by is None:
        edition.proposed_by = edition.proposed_at = None
    edition.is_active, edition.waits, edition.activated_by, edition.activated_at = True, False, by, at
    edition.save()
    for rule in edition.rules.select_related("authority"):
        named = {"name": rule.facts["name"], "native_name": rule.facts["native_name"]}
        Authority.objects.filter(pk=rule.authority_id).update(**named)


def make_edition(said: Directory, *, at: datetime) -> Edition:
    """Write an edition down; nothing is in force by it. Raises Refused("edition-number-taken")."""
    if Edition.objects.filter(number=said.number).exists():
        raise Refused(
            "edition-number-taken",
            "The file of authorities changed but its number did not. Raise `number` in the file, then load it again.",
        )
    edition = Edition.objects.create(number=said.number, digest=said.digest, loaded_at=at)
    NationalRule.objects.bulk_create(_rule(edition, row) for row in said.rows)
    return edition


def _rule(edition: Edition, row: AuthorityRow) -> NationalRule:
    """A row as it is kept. What the authority is called stands in `facts` until the edition is in force."""
    named = {"name": row.name, "native_name": row.native_name}
    authority, _ = Authority.objects.get_or_create(state=row.state, defaults=named)
    facts: dict[str, Any] = {name: value for name, value in asdict(row).items() if name not in OWN_COLUMNS}
    return NationalRule(
        edition=edition,
        authority=authority,
        channel=row.channel,
        languages=list(row.languages),
        reply_days=row.reply_days,
        facts={**facts, "exceptions": [one.as_row() for one in row.exceptions]},
    )


@transaction.atomic(durable=True)
def load_partner(state: str, *, address: str, key_set: Mapping[str, Any], at: datetime, actor: Actor) -> Partner:
    """Write down where the node of `state` lies and by which keys it signs; the set before is replaced as a whole.

    Raises Refused for an unknown or our own State, a bad address, and a key that another partner has.
    """
    authority = Authority.objects.select_for_update().filter(state=state).first()
    if authority is None or state == settings.HOME_STATE:
        raise Refused("partner-state", "A partner is the authority of another State of the loaded directory.")
    points = {(key["x"], key["y"]) for key in key_set["keys"]}
    for other in Partner.objects.exclude(authority=authority):
        if points & {(key["x"], key["y"]) for key in other.key_set["keys"]}:
            raise Refused("key-of-another", "Another State has this key: nobody could tell who signed.")
    row = {
        "address": partner_address(address, plain_loopback=settings.PLAIN_LOOPBACK),
        "key_set": dict(key_set),
        "updated_at": at,
    }
    partner, _ = Partner.objects.update_or_create(authority=authority, defaults=row)
    digest = hashlib.sha256(json.dumps(partner.key_set, sort_keys=True).encode()).hexdigest()
    record("authorities.partner_loaded", None, actor, at, authority=state, number=len(points), digest=digest)
    return partner
