"""Fill a throw-away installation with very many invented cases, to see what pages cost when tables are large.

The rows are of the shape that cases have after years of work; nobody is in them, not even an invented person. Refused
where people could be: outside the embedded default, and where somebody has opened a case.
"""

import secrets
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.timezone import localdate, now

from vetting.cases.models import Case
from vetting.cases.rules import GROUND, CaseState, RoleKind, grouped
from vetting.management.people import seed
from vetting.organisations.models import Organisation
from vetting.organisations.rules import Role

CLUB = "Invented Rovers Football Club"
CLUBS = {
    CLUB: (("Mara Muster", "secretary@club.example", Role.MANAGER),),
    "Invented Primary School": (("Nora Example", "office@school.example", Role.MANAGER),),
}
CLERKS = (("Clara Clerk", "clara@authority.example"), ("Colm Clerk", "colm@authority.example"))
PATTERN = 2000
"""So many cases are made one by one; all others are copies of them."""
RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
STATES = (CaseState.SUBMITTED, CaseState.ENQUIRING, CaseState.ASSESSING)
WAITING_OF = 16
"""One case in so many waits at the desk: a full page for a thousand, a queue of 125,000 for two million."""


class Command(BaseCommand):
    """`manage.py populate --cases 2000000`."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, required=True)

    def handle(self, *args: object, cases: int, **options: object) -> None:
        if not settings.EMBEDDED:
            raise CommandError("This fills tables with invented cases: only for the embedded default.")
        if Case.objects.exclude(reference__startswith="POP").exists():
            raise CommandError("This installation holds cases that were opened by people. Use an empty one.")
        seed(CLUBS, CLERKS)
        club, school = (Organisation.objects.get(name=name) for name in CLUBS)
        Case.objects.bulk_create([_case(number, club, school) for number in range(min(cases, PATTERN))])
        _repeat(cases - PATTERN)
        self.stdout.write(f"{Case.objects.count()} cases of nobody.")


def _repeat(wanted: int) -> None:
    """Copy the first cases, again and again, each under a name of its own, inside the database."""
    columns = [str(field.column) for field in Case._meta.local_concrete_fields if not field.primary_key]
    own = {
        "ref": RANDOM[connection.vendor],
        "reference": "'POP-' || one.id || '-' || n.i",
        "tracking": "'PTR-' || one.id || '-' || n.i",
    }
    chosen = ", ".join(own.get(column, f"one.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "  # noqa: S608 - our own columns
            f"INSERT INTO {Case._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {chosen} FROM {Case._meta.db_table} one CROSS JOIN n LIMIT %s",
            [max(0, -(-wanted // PATTERN)), max(0, wanted)],
        )
        cursor.execute("ANALYZE")


def _case(number: int, club: Organisation, school: Organisation) -> Case:
    """A case of nobody. Its contact is sealed by no key, as after erasure."""
    opened = now() - timedelta(hours=PATTERN - number)
    waits = number % WAITING_OF == 0
    columns: dict[str, Any] = {
        "state": STATES[number // WAITING_OF % len(STATES)] if waits else CaseState.CLOSED,
        "desk_due": localdate() + timedelta(days=number // WAITING_OF % 30 - 3) if waits else None,
        "organisation": club if number == 0 else school,
    }
    name = grouped(number, 2)
    return Case(
        ref=UUID(int=secrets.randbits(128)), reference=f"POP-{name}", tracking=f"PTR-{name}", home=settings.HOME_STATE,
        activity="sport_coaching", role=RoleKind.VOLUNTARY, ground=GROUND, language="en", sealed_contact=b"",
        opened_at=opened, submitted_at=opened, closes_on=localdate(opened), **columns,
    )  # fmt: skip
