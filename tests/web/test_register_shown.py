"""What the national register shows is on the page of a clerk, and nowhere else."""

from django.urls import reverse

from tests import given
from tests.marked import mark
from tests.web.questions_desk import asked, do, opened, page
from vetting.questions.ports import Candidate, Grade, Held

pytest_plugins = ["tests.canary_watch"]


class MarkedRegister:
    """See `NationalRegister`: it knows everybody, and has a word to say that occurs nowhere else."""

    word = ""

    def search(self, person):
        lines = (f"{self.word} entry 1", f"{self.word} entry 2")
        return (Candidate(Grade.DEFINITE, person, Held.ENTRY, lines),)


def test_of_what_the_register_shows_nothing_stays(watch, assert_nothing_stays, client, settings):
    settings.NATIONAL_REGISTER = f"{__name__}.MarkedRegister"
    MarkedRegister.word = mark("a line of the register")
    world = given.world()
    question = asked(world)
    shown = opened(client, world, question)
    assert MarkedRegister.word in shown, "the clerk sees it"
    assert "Definitely this person" in shown
    do(client, "answer", question, answer="nothing_recorded")
    do(client, "answer", question, answer="entry_held")
    opened(client, world, question, user=world.other_clerk)
    do(client, "confirm", question)
    assert MarkedRegister.word not in page(client, question), "once answered the register is not searched any more"
    watch.pages.append(client.get(reverse("desk:questions")).content)
    assert_nothing_stays()
