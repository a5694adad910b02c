"""The people of one node, for the tests with real processes: does what a line of JSON says, by production services.

Runs with the settings of its node, beside that node's own processes: {"do": name, ...} in, one line of JSON out.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (after the set-up)
from django.utils.timezone import now  # noqa: E402

from tests import given  # noqa: E402
from vetting.cases.access import APPLICANT  # noqa: E402
from vetting.cases.models import Case  # noqa: E402
from vetting.enquiries import receiving  # noqa: E402
from vetting.enquiries.models import Enquiry  # noqa: E402
from vetting.enquiries.ports import Item  # noqa: E402
from vetting.enquiries.rules import Answer  # noqa: E402
from vetting.questions import services as questions  # noqa: E402
from vetting.questions.models import Question  # noqa: E402
from vetting.questions.queries import person_asked  # noqa: E402

Said = dict[str, Any]


class Hand:
    """A secretary, an applicant and two clerks."""

    def __init__(self) -> None:
        self._world: given.World | None = None

    @property
    def world(self) -> given.World:
        if self._world is None:
            self._world = given.world(settings.HOME_STATE)
        self._world.clock.now = now() - timedelta(minutes=10)  # what takes minutes in tests is over by now
        return self._world

    def open(self) -> Said:
        """A case of a Bulgarian, accepted."""
        case = given.case_accepted(self.world)
        return {"case": case.ref.hex}

    def enquiry(self, case: str) -> Said:
        """How the question to Bulgaria stands here."""
        found = Enquiry.objects.get(case__ref=case, asked="BG")
        messages = found.outbox.order_by("pk").values_list("message_id", "digest", "evidence")
        taken = found.inbox.exclude(message_id="").values_list("message_id", flat=True)
        return {"state": found.state, "words": found.words, "sent": list(messages), "taken": sorted(taken)}

    def tell(self, case: str) -> Said:
        """The applicant answers the question."""
        found = Enquiry.objects.get(case__ref=case, asked="BG")
        receiving.tell_more(found.ref, steps={}, actor=APPLICANT, at=now())
        return {}

    def own(self, case: str) -> Said:
        """The home clerk answers for the own register."""
        given.own_register_answers(self.world, Case.objects.get(ref=case))
        return {}

    def case(self, case: str) -> Said:
        """Where a case stands, and how many certificates it has."""
        found = Case.objects.get(ref=case)
        return {"state": found.state, "certificates": found.certificates.filter(state="current").count()}

    def question(self) -> Said:
        """The one question of the other State, if it is here."""
        found = Question.objects.first()
        if found is None:
            return {"state": ""}
        messages = found.outbox.order_by("pk").values_list("message_id", "digest", "evidence")
        taken = found.inbox.values_list("message_id", flat=True)
        return {
            "state": found.state,
            "words": found.words,
            "about": person_asked(found).name.surname,
            "sent": list(messages),
            "taken": sorted(taken),
        }

    def ask_back(self) -> Said:
        """The clerk asks for the place of birth."""
        world = self.world
        questions.ask_back(Question.objects.get().ref, (Item.BIRTH_PLACE,), actor=given.clerk_of(world), at=now())
        return {}

    def answer(self, words: str) -> Said:
        """The clerk answers."""
        world, said = self.world, Answer.from_words(words)
        questions.answer(
            Question.objects.get().ref, said, candidates=(), user=world.clerk, actor=given.clerk_of(world), at=now()
        )
        return {}


def main() -> None:
    """One answer for each line, until there are no more."""
    hand = Hand()
    for line in sys.stdin:
        told = json.loads(line)
        act: Callable[..., Said] = getattr(hand, told.pop("do"))
        sys.stdout.write(json.dumps(act(**told)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
