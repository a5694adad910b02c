"""Say which authorities would be asked about somebody, rule by rule. Reads nothing about any person."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vetting.authorities.queries import directory_or_packaged
from vetting.authorities.rules import Directory, nationality_code, state_code
from vetting.errors import Refused
from vetting.routing.rules import Circumstances, RoutePlan, plan, what_is_needed

OPTIONS: dict[str, tuple[Callable[[str], str], str]] = {
    "home": (state_code, "the State that runs the check"),
    "nationality": (nationality_code, "a nationality; repeat it for several, leave it out when unknown"),
    "former_nationality": (nationality_code, "a nationality the person no longer has"),
    "residence": (state_code, "where the person lives"),
    "past_residence": (state_code, "where the person lived"),
    "tcn_hit": (state_code, "a State that ECRIS-TCN named"),
}
BLAMED = {"home-not-member": "--home", "hit-not-member": "--tcn-hit"}
SINGLE = {"home", "residence"}


class Command(BaseCommand):
    help = "Explain which authorities must be asked about a person, rule by rule."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, (_, text) in OPTIONS.items():
            flag = f"--{name.replace('_', '-')}"
            if name in SINGLE:
                parser.add_argument(flag, required=name == "home", metavar="STATE", help=text)
            else:
                parser.add_argument(
                    flag, action="append", default=[], metavar="STATE", help=f"{text} (may be repeated)"
                )
        parser.add_argument("--tcn-live", action="store_true", help="ECRIS-TCN answers searches")
        parser.add_argument("--no-consent", action="store_true", help="the applicant does not consent")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        directory = directory_or_packaged()
        given = {name: _codes(name, options[name]) for name in OPTIONS}
        circumstances = Circumstances(
            home=given["home"][0],
            nationalities=given["nationality"],
            former_nationalities=given["former_nationality"],
            residence=given["residence"][0] if given["residence"] else None,
            past_residences=given["past_residence"],
            consent=not options["no_consent"],
            tcn_live=options["tcn_live"],
            tcn_hits=given["tcn_hit"],
        )
        try:
            route = plan(circumstances, directory)
        except Refused as refusal:
            raise CommandError(f"{BLAMED[refusal.code]}: {refusal.sentence}") from refusal
        if options["json"]:
            self.stdout.write(json.dumps(asdict(route), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_readable(route, directory)))


def _codes(name: str, value: str | list[str] | None) -> tuple[str, ...]:
    """The codes of one option. Raises CommandError that names the option and what it was given."""
    words = [value] if isinstance(value, str) else value or []
    try:
        return tuple(map(OPTIONS[name][0], words))
    except Refused as refusal:
        said = ", ".join(words)
        raise CommandError(f"--{name.replace('_', '-')} {said}: {refusal.sentence}") from refusal


def _readable(route: RoutePlan, directory: Directory) -> list[str]:
    """The plan, and then each step, for a person at a terminal."""
    needed = sorted(what_is_needed(route.ask, directory))
    return [
        f"Home State:       {directory.names([route.home])}",
        f"Ask by message:   {directory.names(route.ask) or 'nobody'}",
        f"Documents from:   {directory.names(route.documents) or 'nowhere'}",
        f"Search ECRIS-TCN: {'yes' if route.tcn_search else 'no'}",
        f"Needs a person:   {'yes' if route.needs_person else 'no'}",
        f"Also needed:      {', '.join(needed) or 'nothing beyond name, birth and nationality'}",
        "",
        *(f"{count}. {step.text} [{step.rule}: {step.source}]" for count, step in enumerate(route.rules, start=1)),
        "",
        f"Edition {directory.number} of the directory of authorities.",
    ]
