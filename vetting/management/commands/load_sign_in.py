"""Load by which identity providers organisations sign in. Says what would change; does it with --apply.

The file is TOML: a table `[[provider]]` for each organisation, with

    organisation  its ref, or its name where only one organisation has it
    issuer        exactly as the provider writes it; its addresses are looked up there and shown
    client_id     ours, as it was registered with the provider
    secret        name of a variable of the environment, SIGN_IN_SECRET_…; none for a client without a secret
    acr, amr      words by which the provider says that a second factor was used; none: ours stays required
    off           true: nobody signs in by it any more

The secret itself stays in the environment of the web server. A provider that is not in the file stays as it is.
"""

import os
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.timezone import now

from vetting.audit.ports import Actor
from vetting.errors import Refused, Unavailable, Unusable
from vetting.organisations.gateways import sign_in
from vetting.organisations.models import IdentityProvider, Organisation
from vetting.organisations.ports import Client, Places
from vetting.organisations.rules import SECRET_NAME, provider_address
from vetting.organisations.services import load_provider

COLUMNS = {"organisation", "issuer", "client_id", "secret", "acr", "amr", "off"}
TROUBLES = {
    "issuer-differs": "its own description names another issuer; write it exactly as the provider does",
    "no-code-flow": "it does not offer the authorisation code flow",
    "no-pkce": "it does not offer PKCE with S256",
    "no-secret-accepted": "it does not accept a secret by HTTP Basic",
    "not-json": "its description cannot be read",
    "refused": "there is no description at its address",
    "tls-files": "SIGN_IN_CA_FILE cannot be read",
    "provider-address": "an address must begin with https://",
}


class Command(BaseCommand):
    help = "Show what a file of identity providers would change; change it with --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="TOML, a table [[provider]] for each organisation")
        parser.add_argument("--apply", action="store_true", help="load it")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = [_looked_up(row) for row in _rows(Path(options["file"]))]
        for row in rows:
            self.stdout.write(_plan(row))
        if not options["apply"]:
            self.stdout.write("Nothing was changed. Run again with --apply to load it.")
            return
        for row in rows:
            try:
                loaded = load_provider(**row, actor=Actor("system", "load_sign_in"), at=now())
            except Refused as refusal:
                name = row["organisation"]
                raise CommandError(f"{name}: {refusal.sentence} The rows before it are loaded.") from refusal
            back = reverse("own_sign_in_back", args=[loaded.code])
            self.stdout.write(f"{row['organisation']} is loaded; its code is {loaded.code}.")
            self.stdout.write(f"  Register with the provider: {settings.BASE_URL}{back}")


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("provider")
    except (OSError, ValueError) as failure:
        raise CommandError(f"The file {file} cannot be read ({type(failure).__name__}).") from None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CommandError("The file holds no [[provider]] table.")
    return rows


def _organisation(named: object) -> Organisation:
    try:
        found = Organisation.objects.filter(ref=UUID(str(named)))
    except ValueError:
        found = Organisation.objects.filter(name=str(named), parent=None)
    if len(found) != 1:
        raise CommandError(f"{len(found)} organisations are called {named!r}. Give the ref of one.")
    return found[0]


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise CommandError(f"{name} must be a text.")
    return value.strip()


def _words(row: dict[str, Any], name: str) -> list[str]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise CommandError(f"{name} must be a list of texts.")
    return value


def _looked_up(row: dict[str, Any]) -> dict[str, Any]:
    """The row as the service takes it, with the addresses that the provider names."""
    if unknown := set(row) - COLUMNS:
        raise CommandError(f"A provider has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(COLUMNS))}.")
    organisation, issuer = _organisation(row.get("organisation")), _text(row, "issuer")
    client_id, secret, off = _text(row, "client_id"), _text(row, "secret"), row.get("off", False)
    if not issuer or not client_id or not isinstance(off, bool):
        raise CommandError(f"{organisation}: an issuer and a client_id are needed; off is true or false.")
    if secret and not SECRET_NAME.fullmatch(secret):
        raise CommandError(f"{organisation}: the name of a secret begins with SIGN_IN_SECRET_. Never write the secret.")
    try:
        provider_address(issuer, plain_loopback=settings.PLAIN_LOOPBACK)
        places = _places(organisation, issuer, secret=bool(secret), off=off)
    except Refused as refused:
        raise CommandError(f"{organisation}: {refused.sentence}") from None
    except Unavailable:
        raise CommandError(f"{organisation}: the provider {issuer} does not answer.") from None
    except Unusable as trouble:
        why = TROUBLES.get(trouble.code, trouble.code)
        raise CommandError(f"{organisation}: the provider {issuer} cannot be used: {why}.") from None
    return {
        "organisation": organisation, "client": Client(issuer, client_id, ""), "secret_name": secret, "places": places,
        "acr": _words(row, "acr"), "amr": _words(row, "amr"), "is_active": not off,
    }  # fmt: skip


def _places(organisation: Organisation, issuer: str, *, secret: bool, off: bool) -> Places:
    """Asked anew, except to switch one off: its provider may be gone."""
    before = IdentityProvider.objects.filter(organisation=organisation).first()
    return before.places if off and before else sign_in().discover(issuer, secret=secret)


def _plan(row: dict[str, Any]) -> str:
    """What is there, what comes, and every address that would be trusted."""
    before = IdentityProvider.objects.filter(organisation=row["organisation"]).first()
    client, places, words = row["client"], row["places"], [*row["acr"], *row["amr"]]
    was = f" (was {before.issuer})" if before and before.issuer != client.issuer else "" if before else " (new)"
    lines = [f"{row['organisation']}: {client.issuer}{was}{'' if row['is_active'] else ' — switched off'}"]
    lines += [f"  people go to {places.authorize}", f"  codes go to {places.token}", f"  keys are at {places.keys}"]
    if row["secret_name"]:
        there = "is set here" if os.environ.get(row["secret_name"]) else "is NOT set here"
        lines.append(f"  secret: {row['secret_name']}, which {there}")
    counts = f"counts when it says {', '.join(words)}" if words else "does not count; ours stays required"
    return "\n".join([*lines, f"  its second factor {counts}"])
