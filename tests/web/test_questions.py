"""Other States' questions at the desk: one opens them with a reason, compares, and answers from a closed list."""

from dataclasses import replace

import pytest
from django.urls import reverse

from integrations.registers.sandbox import DOWN, SandboxRegister
from tests import given
from tests.web.questions_desk import NOBODY, TWO, asked, chosen, do, now, opened, page, said_kinds
from vetting import courier
from vetting.audit.models import Entry
from vetting.enquiries.ports import SaidConsent
from vetting.errors import Unusable
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Document
from vetting.questions.rules import QuestionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def test_a_question_opens_only_with_a_reason_and_the_opening_is_recorded(client, world):
    question = asked(world)
    client.force_login(world.clerk)
    closed = page(client, question)
    assert "Imaginaire" not in closed
    do(client, "answer", question, answer="refused")
    assert now(question).state == QuestionState.WAITING, "an unopened question cannot be acted on"
    assert do(client, "open", question).status_code == 422
    assert "Imaginaire" in opened(client, world, question)
    entry = Entry.objects.get(chain=question.ref, event="question.open")
    assert (entry.actor_ref, entry.facts) == (str(world.clerk.ref), {"reason": "answer"})


def test_the_reason_holds_for_eight_hours_and_for_nobody_else(client, world, time_machine):
    question = asked(world)
    opened(client, world, question)
    client.force_login(world.other_clerk)
    assert "Imaginaire" not in page(client, question)
    client.force_login(world.clerk)
    time_machine.move_to(world.clock.forward(hours=7))
    assert "Imaginaire" in page(client, question)
    time_machine.move_to(world.clock.forward(hours=2))
    client.force_login(world.clerk)
    assert "Imaginaire" not in page(client, question)


def test_for_a_clerk_of_another_states_desk_nothing_of_it_is_there(client, world):
    question = asked(world)
    client.force_login(given.world("BG").clerk)
    assert client.get(reverse("desk:questions")).status_code == 404
    assert client.get(reverse("desk:question", args=[question.ref])).status_code == 404
    for verb in ("open", "answer", "confirm", "drop", "ask_back", "correct", "send_again"):
        assert do(client, verb, question, reason="answer", answer="refused").status_code == 404
    assert "Questions of other States" not in client.get(reverse("desk:queue")).content.decode()


def test_the_page_shows_the_person_beside_the_register_and_marks_only_what_differs(client, world):
    html = opened(client, world, asked(world, "PIERRE|Imaginaire", "1984-02", "FR Villexemple"))
    assert "Possibly this person" in html
    assert "Entry 1, register extract" in html
    marked = html.split("at-compare__differs")[1:]
    assert len(marked) == 1
    assert "February 1984" in marked[0]


def test_two_people_of_one_name_stand_side_by_side(client, world):
    html = opened(client, world, asked(world, *TWO))
    assert html.count("Possibly this person") == 2


def test_what_the_register_shows_is_never_cached(client, world):
    question = asked(world)
    opened(client, world, question)
    answer = client.get(reverse("desk:question", args=[question.ref]))
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "said,sentence",
    [
        ({"consent": SaidConsent.YES}, "says that the person consents"),
        ({"consent": SaidConsent.NO}, "does not consent. The register may not be searched"),
        ({"consent": SaidConsent.UNKNOWN}, "does not say whether the person consents"),
    ],
)
def test_the_three_things_that_a_request_can_say_of_consent_are_three_sentences(client, world, said, sentence):
    assert sentence in opened(client, world, asked(world, **said))


@pytest.mark.parametrize("said", [{"consent": SaidConsent.UNKNOWN}, {"purpose": "P-00-000001"}])
def test_with_trouble_the_register_is_not_even_searched_and_only_a_refusal_is_offered(client, world, said):
    down = given.person_asked()
    question = given.question(world, with_number(down, DOWN), **said)
    html = opened(client, world, question)
    assert "register does not answer" not in html, "it would have been down, had it been asked"
    assert html.count('name="answer"') == 1
    assert do(client, "answer", question, answer="nothing_recorded").status_code == 422
    do(client, "answer", question, answer="refused")
    assert (now(question).state, now(question).words) == (QuestionState.ANSWERED, "refused")


def with_number(person, number):
    return replace(person, document=Document("passport", number))


def test_nothing_recorded_about_nobody_leaves_at_once(client, world):
    question = asked(world, *NOBODY)
    assert "knows nobody" in opened(client, world, question)
    do(client, "answer", question, answer="nothing_recorded")
    assert now(question).state == QuestionState.ANSWERED
    assert said_kinds(question) == [MessageType.RDL, MessageType.RRS]


def test_nothing_recorded_about_exactly_whom_the_register_holds_is_refused_with_its_sentence(client, world):
    question = asked(world)
    opened(client, world, question)
    answer = do(client, "answer", question, answer="nothing_recorded")
    assert answer.status_code == 422
    assert "holds something about exactly this person" in answer.content.decode()
    assert chosen(answer) == ["nothing_recorded"]
    assert now(question).state == QuestionState.WAITING


def test_the_register_is_searched_anew_at_the_moment_of_answering(client, world, settings):
    question = asked(world)
    settings.NATIONAL_REGISTER = "tests.web.test_questions.EmptyRegister"
    assert "knows nobody" in opened(client, world, question)
    settings.NATIONAL_REGISTER = "integrations.registers.sandbox.SandboxRegister"
    assert do(client, "answer", question, answer="nothing_recorded").status_code == 422
    assert now(question).state == QuestionState.WAITING


class EmptyRegister:
    """See `NationalRegister`: it has not learned of anybody yet."""

    def search(self, _person):
        return ()


def test_a_hit_takes_a_second_clerk_who_compares_for_himself(client, world):
    question = asked(world)
    opened(client, world, question)
    do(client, "answer", question, answer="entry_held")
    assert now(question).state == QuestionState.PROPOSED
    html = page(client, question)
    assert "takes two people" in html
    assert reverse("desk:question_confirm", args=[question.ref]) not in html
    do(client, "confirm", question)
    assert now(question).state == QuestionState.PROPOSED, "the same person cannot confirm"
    client.force_login(world.other_clerk)
    do(client, "confirm", question)
    assert now(question).state == QuestionState.PROPOSED, "it was not opened"
    assert "Definitely this person" in opened(client, world, question, world.other_clerk)
    do(client, "confirm", question)
    assert (now(question).state, now(question).words) == (QuestionState.ANSWERED, "entry_held")
    assert said_kinds(question) == [MessageType.RDL, MessageType.RRS]


def test_leaving_out_somebody_possible_takes_two_and_can_be_dropped(client, world):
    question = asked(world, *TWO)
    opened(client, world, question)
    do(client, "answer", question, answer="nothing_recorded")
    assert now(question).state == QuestionState.PROPOSED
    do(client, "drop", question)
    assert (now(question).state, now(question).words) == (QuestionState.WAITING, "")


def test_what_the_register_no_longer_bears_out_is_not_confirmed(client, world, settings):
    question = asked(world)
    settings.NATIONAL_REGISTER = "tests.web.test_questions.PossibleRegister"
    opened(client, world, question)
    do(client, "answer", question, answer="nothing_recorded")
    assert now(question).state == QuestionState.PROPOSED
    settings.NATIONAL_REGISTER = "integrations.registers.sandbox.SandboxRegister"
    opened(client, world, question, world.other_clerk)
    do(client, "confirm", question)
    assert now(question).state == QuestionState.PROPOSED
    assert "holds something about exactly this person" in page(client, question)


class PossibleRegister:
    """See `NationalRegister`: it is not sure about anybody."""

    def search(self, person):
        return tuple(given.unsure(one) for one in SandboxRegister().search(person))


def test_entries_that_other_states_must_pass_on_can_be_answered_with_those_states(client, world):
    question = asked(world, "Ștefania|Exemplu", "1987-03-28", "RO Satul Inventat")
    assert 'value="ask_elsewhere BG RO"' in opened(client, world, question)
    do(client, "answer", question, answer="ask_elsewhere BG RO")
    assert now(question).state == QuestionState.PROPOSED
    assert do(client, "answer", asked(world, *NOBODY), answer="ask_elsewhere DE").status_code in (302, 422)


def test_only_what_is_offered_can_be_answered(client, world):
    question = asked(world, *NOBODY)
    opened(client, world, question)
    for words in ("ask_elsewhere DE", "needs_person", "more_information Sex", "free words", ""):
        assert do(client, "answer", question, answer=words).status_code == 422
    assert now(question).state == QuestionState.WAITING


def test_while_the_register_is_down_a_sentence_says_so_and_what_was_chosen_is_kept(client, world):
    question = given.question(world, with_number(given.person_asked(), DOWN))
    html = opened(client, world, question)
    assert "The register does not answer" in html
    assert "Imaginaire" in html
    answer = do(client, "answer", question, answer="entry_held")
    assert answer.status_code == 503
    assert chosen(answer) == ["entry_held"]
    assert now(question).state == QuestionState.WAITING


def test_asking_back_names_what_is_missing_and_offers_only_what_can_be_used(client, world):
    question = asked(world, *TWO)
    html = opened(client, world, question)
    assert 'value="BirthPlace"' in html
    assert 'value="Fingerprints"' not in html
    do(client, "ask_back", question)
    assert now(question).state == QuestionState.WAITING
    do(client, "ask_back", question, items=["MotherName", "BirthPlace"])
    assert (now(question).state, now(question).words) == (
        QuestionState.ASKED_BACK, "more_information BirthPlace MotherName",
    )  # fmt: skip
    html = page(client, question)
    assert "Place of birth, Mother&#x27;s name" in html
    assert "What the register shows" not in html, "while they are asked, nobody searches"


def test_an_answer_that_was_wrong_is_taken_back_and_another_one_found(client, world):
    question = asked(world, *NOBODY)
    opened(client, world, question)
    do(client, "answer", question, answer="nothing_recorded")
    courier.send_answers(world.clock.forward(minutes=1))
    assert "take it back" in page(client, question)
    do(client, "correct", question)
    assert now(question).state == QuestionState.WAITING
    assert said_kinds(question) == [MessageType.RDL, MessageType.RRS, MessageType.CAN]
    do(client, "answer", question, answer="refused")
    assert now(question).words == "refused"


def test_an_answer_that_nobody_took_is_shown_and_sent_again(client, world, settings, time_machine):
    settings.EXCHANGE_GATEWAY = "tests.web.test_questions.ClosedGateway"
    question = asked(world, *NOBODY)
    opened(client, world, question)
    do(client, "answer", question, answer="nothing_recorded")
    courier.send_answers(world.clock.forward(minutes=1))
    queue = client.get(reverse("desk:questions")).content.decode()
    assert "Answers that were not delivered" in queue
    assert "A message was not delivered" in page(client, question)
    do(client, "send_again", question)
    assert not question.outbox.exclude(dead_code="").exists()
    assert "A message was not delivered" not in page(client, question)


class ClosedGateway:
    """A way to an authority that takes nothing. See `AuthorityGateway`."""

    def send(self, _message, **_named):
        raise Unusable("closed")
