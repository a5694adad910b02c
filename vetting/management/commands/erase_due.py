"""Erase closed cases and ended questions: plans by default, acts with --apply."""

from argparse import ArgumentParser
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.timezone import localdate, now

from vetting.audit.ports import SYSTEM
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.organisations.services import forget_sign_ups
from vetting.retention import services
from vetting.roster import services as roster
from vetting.roster.queries import seats_over


class Command(BaseCommand):
    help = "Destroy the keys of closed cases and ended questions, and old records. Plans unless --apply is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="act; without it only the plan is printed")

    def handle(self, *args: object, apply: bool, **options: object) -> None:
        # What an earlier certificate closed stays, like every other case, until the time for sharing is over.
        over = localdate() - timedelta(days=settings.SHARING_DAYS)
        due = Case.objects.filter(state=CaseState.CLOSED, closes_on__lte=over)
        closed = list(due.values_list("ref", flat=True))
        questions = services.questions_due(now())
        seats = seats_over(localdate())
        what = (
            f"{len(closed)} closed cases, {len(questions)} ended questions of other States and {len(seats)} places on "
            "rosters whose certificates ended long ago"
        )
        if not apply:
            self.stdout.write(f"{what} would be erased. Nothing was changed; --apply does it.")
            return
        for case_ref in closed:
            services.erase(case_ref, actor=SYSTEM, at=now())
        for question_ref in questions:
            services.erase_question(question_ref, actor=SYSTEM, at=now())
        for seat_ref in seats:
            roster.leave(seat_ref, actor=SYSTEM, at=now())
        forget_sign_ups(at=now())
        records = services.forget_old_records(at=now())
        self.stdout.write(f"{what} were erased, {records} old audit entries forgotten.")
