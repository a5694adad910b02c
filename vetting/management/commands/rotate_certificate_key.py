"""Change the key that certificates are signed with. Says which step is next; takes it with --apply.

Three steps: a new key is made and published; a day later it begins to sign and the old one retires; when nothing that
it signed can be current any more, the old one is forgotten (--forget). Restart the processes of the product after each.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime, now

from vetting.certificates.gateways import key_keeper
from vetting.certificates.ports import KeyKeeper, KeyState
from vetting.certificates.rules import LIST_FRESH, months_later
from vetting.errors import Unusable

FIRST = LIST_FRESH
"""As long as a status list may be relied upon, so long may a verifier have been away from the key set too."""
SENTENCES = {
    "key-kept-elsewhere": "The key is not in a file here (CERTIFICATE_KEY_FILE, with CERTIFICATE_KEYS_RETIRED_DIR for "
    "the retired ones). Rotate it where it is kept.",
    "no-such-key": "No retired key has this name; the present one is never forgotten.",
}


class Command(BaseCommand):
    help = (__doc__ or "").partition("\n")[0]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="take the step; without it only the plan is printed")
        parser.add_argument("--forget", metavar="NAME", help="instead: a retired key that is to be published no longer")

    def handle(self, *_args: Any, apply: bool, forget: str | None, **_options: Any) -> None:
        try:
            keeper = key_keeper()
            state = keeper.state()
            self.stdout.write("\n".join(_described(state, now())))
            step, act = _next_step(state, keeper, now()) if forget is None else _forgetting(state, keeper, forget)
            self.stdout.write(f"Next: {step}")
            if not apply:
                self.stdout.write("Nothing was changed; --apply does it.")
                return
            act()
        except Unusable as refused:
            raise CommandError(SENTENCES.get(refused.code, f"The keys cannot be used ({refused.code}).")) from None
        self.stdout.write("Done. Restart the web processes and the workers, so that they read their keys again.")


def _day(moment: datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}"


def _described(state: KeyState, at: datetime) -> list[str]:
    """A line for each key that is published."""
    lines = [f"{state.present.name} signs, since {_day(state.present.since)}"]
    if state.following:
        lines.append(f"{state.following.name} is published and does not sign yet, since {_day(state.following.since)}")
    for key in state.retired:
        over = months_later(localtime(key.since).date(), settings.CERTIFICATE_MONTHS) < localtime(at).date()
        lines.append(f"{key.name} retired on {_day(key.since)}" + ("; nothing it signed is current" if over else ""))
    return lines


def _too_early() -> None:
    raise CommandError("It is too early. Nothing was changed.")


def _next_step(state: KeyState, keeper: KeyKeeper, at: datetime) -> tuple[str, Callable[[], None]]:
    if state.following is None:
        return "a new key is made and published; the present one goes on signing.", keeper.prepare
    until = state.following.since + FIRST
    if at < until:
        return f"{state.following.name} begins to sign, from {_day(until)} on.", _too_early
    return f"{state.following.name} begins to sign, and {state.present.name} retires.", keeper.switch


def _forgetting(state: KeyState, keeper: KeyKeeper, name: str) -> tuple[str, Callable[[], None]]:
    if name not in {key.name for key in state.retired}:
        raise Unusable("no-such-key")
    return f"{name} is published no longer: certificates that it signed stop verifying.", lambda: keeper.forget(name)
