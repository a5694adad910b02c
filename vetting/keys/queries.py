"""Sealing and opening a case's documents. Each is bound to its case and column: moved elsewhere it does not open."""

import json
from typing import Any
from uuid import UUID

from vetting.keys.gateways import vault
from vetting.keys.models import CaseKey


def seal(case_ref: UUID, column: str, plain: bytes) -> bytes:
    """`plain` under the key of the case. Raises KeyGone after erasure."""
    key = CaseKey.objects.of(case_ref)
    return vault().seal(key.epoch, bytes(key.wrapped), plain, context=f"{case_ref}/{column}")


def unseal(case_ref: UUID, column: str, sealed: bytes) -> bytes:
    """What was sealed. Raises KeyGone after erasure, Unusable when altered or moved."""
    key = CaseKey.objects.of(case_ref)
    return vault().open(key.epoch, bytes(key.wrapped), bytes(sealed), context=f"{case_ref}/{column}")


def seal_document(case_ref: UUID, column: str, document: dict[str, Any]) -> bytes:
    """A JSON object under the key of the case."""
    return seal(case_ref, column, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def unseal_document(case_ref: UUID, column: str, sealed: bytes) -> dict[str, Any]:
    """The JSON object that was sealed."""
    document: dict[str, Any] = json.loads(unseal(case_ref, column, sealed))
    return document


def has_key(case_ref: UUID) -> bool:
    """Whether what is sealed for the case can still be read."""
    return CaseKey.objects.filter(case_ref=case_ref).exists()


def digest_key(case_ref: UUID) -> bytes:
    """32 bytes that key the digests of the case's replies, and die with the case."""
    key = CaseKey.objects.of(case_ref)
    return vault().derive(key.epoch, bytes(key.wrapped), context=f"{case_ref}/reply-digest")
