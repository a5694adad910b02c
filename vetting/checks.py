"""What must be there before anything is served outside the demo."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from vetting.cases.gateways import messenger
from vetting.cases.ports import Way
from vetting.certificates.gateways import authority_seal, signer
from vetting.errors import Unusable
from vetting.exchange.gateways import envelopes
from vetting.organisations.rules import SignUpPolicy


@register(deploy=True)
def keys_are_there(**_: Any) -> list[CheckMessage]:
    """A secret of its own, a signing key, and no sandbox: each is refused at boot, not found out later."""
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    if not settings.SECRET_KEY:
        found.append(Error("SECRET_KEY is missing from the environment.", id="vetting.E001"))
    try:
        signer()
    except Unusable:
        hint = "Set CERTIFICATE_KEY_FILE to a PEM file with an EC P-256 private key, or CERTIFICATE_KEY to its text."
        found.append(Error("There is no key to sign certificates with.", hint=hint, id="vetting.E002"))
    found += _seal()
    if ".sandbox." in settings.EXCHANGE_GATEWAY:
        found.append(Error("The sandbox answers by rule; it is for the demo alone.", id="vetting.E003"))
    if ".sandbox." in settings.NATIONAL_REGISTER:
        found.append(Error("The sandbox register knows invented people only; it is for the demo.", id="vetting.E005"))
    if settings.EXCHANGE_GATEWAY.endswith(".HttpsGateway"):
        try:
            envelopes().public_keys()
        except Unusable:
            hint = "Set NODE_KEY_FILE to a PEM file with an EC P-256 private key, or NODE_KEY to its text."
            found.append(Error("There is no key to sign messages with.", hint=hint, id="vetting.E004"))
    return found


def _seal() -> list[CheckMessage]:
    try:
        made_up = authority_seal().made_up
    except Unusable as unusable:
        hint = (
            "Set SEAL_KEY_FILE to a PEM file with an EC P-256 private key and, after it, its certificate and those of "
            "its issuers up to the root; or SEAL_KEY to its text. TIMESTAMP_URL needs TIMESTAMP_ROOTS_FILE."
        )
        return [Error(f"There is no seal for certificates ({unusable.code}).", hint=hint, id="vetting.E006")]
    if made_up:
        return [Error("The seal's certificate was made up at set-up; it is for the demo alone.", id="vetting.E007")]
    return []


@register(deploy=True)
def proxies_are_counted(**_: Any) -> list[CheckMessage]:
    """Behind a proxy that is not counted everybody has its address, and one person's rate limit is everybody's."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return [Error("BEHIND_TLS_PROXY is set and TRUSTED_PROXIES is not: it is at least 1.", id="vetting.E010")]
    return []


@register(deploy=True)
def sign_up_policy_is_known(**_: Any) -> list[CheckMessage]:
    """A word that is not known would be taken for the safe one; whoever wrote it meant something."""
    if settings.ORGANISATION_SIGN_UP in set(SignUpPolicy):
        return []
    return [Error("ORGANISATION_SIGN_UP is neither open nor approved.", id="vetting.E008")]


@register(deploy=True)
def letters_can_leave(**_: Any) -> list[CheckMessage]:
    """The way that is chosen for letters has an adapter: without one, invitations would wait for ever."""
    try:
        messenger(Way(settings.LETTERS_BY))
    except (ValueError, KeyError, ImportError):
        hint = "LETTERS_BY is email; sms or post need the path of a Messenger in MESSENGER_SMS or MESSENGER_POST."
        return [Error("There is no adapter for the way in LETTERS_BY.", hint=hint, id="vetting.E009")]
    return []
