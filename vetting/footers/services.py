"""The verbs of mail footers: one supervisor proposes a version, another activates it."""

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.models import Authority
from vetting.errors import Refused
from vetting.footers.models import MailFooter
from vetting.footers.rules import PARTS, Block, FooterState, Move, after, tidy, troubles_of
from vetting.organisations.models import User


@transaction.atomic(durable=True)
def propose(state: str, *, language: str, block: Block, user: User, actor: Actor, at: datetime) -> MailFooter:
    """A new version for the authority of `state`; nothing carries it before somebody else activates it.

    Raises Refused: footer-language, footer-unfit (see `troubles_of`), footer-waits while another is proposed,
    footer-same as the one in force.
    """
    authority = Authority.objects.select_for_update().get(state=state)
    block = Block(*(tidy(getattr(block, part)) for part in PARTS))
    if language not in dict(settings.LANGUAGES):
        raise Refused("footer-language", "Choose a language from the list.")
    if troubles_of(block):
        raise Refused("footer-unfit", "This cannot stand below a mail.")
    known = MailFooter.objects.filter(authority=authority, language=language)
    if known.filter(state=FooterState.PROPOSED).exists():
        raise Refused("footer-waits", "A version waits already. It is activated or dropped first.")
    active = known.filter(state=FooterState.ACTIVE).first()
    if block == (active.block if active else Block()):
        raise Refused("footer-same", "This is what stands below the mails already.")
    footer = MailFooter.objects.create(
        authority=authority, language=language, version=(known.aggregate(last=Max("version"))["last"] or 0) + 1,
        state=FooterState.PROPOSED, proposed_by=user, proposed_at=at, **asdict(block),
    )  # fmt: skip
    _noted("footer.propose", footer, actor, at)
    return footer


@transaction.atomic(durable=True)
def activate(key: int, *, user: User, actor: Actor, at: datetime) -> MailFooter:
    """From now on every mail in this language carries it. Raises Refused: same-person, footer-moved-on."""
    footer = _locked(key)
    _move(footer, Move.ACTIVATE)
    if footer.proposed_by_id == user.pk:
        raise Refused("same-person", "Somebody else has to activate what you proposed.")
    before = MailFooter.objects.filter(
        authority=footer.authority, language=footer.language, state=FooterState.ACTIVE
    ).first()
    if before is not None:
        _move(before, Move.REPLACE)
        before.replaced_at = at
        before.save(update_fields=["state", "replaced_at"])
    _decided(footer, user, at)
    _noted("footer.activate", footer, actor, at)
    return footer


@transaction.atomic(durable=True)
def drop(key: int, *, user: User, actor: Actor, at: datetime) -> MailFooter:
    """A proposed version comes to nothing; who proposed it may drop it too. Raises Refused("footer-moved-on")."""
    footer = _locked(key)
    _move(footer, Move.DROP)
    _decided(footer, user, at)
    _noted("footer.drop", footer, actor, at)
    return footer


def _locked(key: int) -> MailFooter:
    """The version, while nobody else decides about this authority's; MailFooter.DoesNotExist."""
    authority = MailFooter.objects.get(pk=key).authority_id
    Authority.objects.select_for_update().get(pk=authority)
    return MailFooter.objects.select_related("authority").get(pk=key)


def _move(footer: MailFooter, move: Move) -> None:
    footer.state = after(FooterState(footer.state), move)


def _decided(footer: MailFooter, user: User, at: datetime) -> None:
    footer.decided_by, footer.decided_at = user, at
    footer.save(update_fields=["state", "decided_by", "decided_at"])


def _noted(event: str, footer: MailFooter, actor: Actor, at: datetime) -> None:
    digest = hashlib.sha256(footer.block.text().encode()).hexdigest()
    facts = {"authority": footer.authority.state, "language": footer.language, "number": footer.version}
    record(event, None, actor, at, digest=digest, **facts)
