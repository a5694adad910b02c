"""What a clerk answers another State leaves with proof, comes again when it was lost, and is forgotten in time."""

from datetime import timedelta

import pytest

from tests import given
from tests.asking import WRITER
from vetting import courier
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.audit.services import INSTALLATION
from vetting.enquiries.models import ERASED
from vetting.enquiries.ports import Item
from vetting.enquiries.rules import Answer, AnswerKind
from vetting.errors import Refused
from vetting.keys.models import CaseKey, KeyGone
from vetting.questions import services
from vetting.questions.models import Heard, Question, Said
from vetting.questions.ports import Candidate, Grade, Held
from vetting.questions.queries import message_of, person_asked
from vetting.retention import services as retention


def test_the_answer_leaves_as_one_message_about_the_person_asked(asking):
    asking.post()
    asking.answer()
    courier.send_answers(asking.at)
    reply = asking.said("RRS")
    assert reply.done_at == asking.at
    assert asking.words_of(reply).answer == "nothing_recorded"
    assert asking.question().ended_at == asking.at


def test_more_is_asked_told_and_answered(asking):
    asking.post()
    asking.ask_back(Item.BIRTH_PLACE, Item.MOTHER_NAME)
    courier.send_answers(asking.at)
    assert asking.words_of(asking.said("RAI")).answer == "more_information BirthPlace MotherName"
    asking.go(days=3)
    own, body = asking.rar()
    assert asking.post(body, own).status_code == 200
    question = asking.question()
    assert (question.state, question.words) == ("waiting", "")
    assert question.due_on > asking.at.date() + timedelta(days=9), "the whole time begins again"
    asking.answer()
    assert asking.question().state == "answered"


def test_a_reply_they_cannot_use_makes_the_question_a_clerks_again(asking):
    asking.post()
    asking.answer()
    courier.send_answers(asking.at)
    reply = asking.said("RRS").message_id
    body = WRITER.functional_error(message_id="BG-IE-FEM-000000000000009", at=asking.at, answers=reply)
    assert asking.post(body, "BG-IE-FEM-000000000000009").status_code == 200
    assert (asking.question().state, asking.question().words) == ("waiting", "")


def test_a_corrected_answer_is_taken_back_before_the_new_one(asking):
    asking.post()
    asking.answer()
    courier.send_answers(asking.at)
    first = asking.said("RRS")
    services.correct(asking.question().ref, actor=given.clerk_of(asking.world), at=asking.at)
    asking.answer(Answer(AnswerKind.REFUSED))
    courier.send_answers(asking.at)
    taken_back = asking.said("CAN")
    assert (taken_back.answers, taken_back.done_at) == (first.message_id, asking.at)
    assert asking.words_of(asking.said("RRS")).answer == "refused"


def test_how_a_question_stands_is_told_in_one_word_and_never_the_answer(asking):
    assert asking.after() == "unknown"
    asking.post()
    assert asking.after() == "waiting"
    assert asking.question().reminded_at == asking.at
    asking.ask_back(Item.SEX)
    assert asking.after() == "asked_back"
    own, body = asking.rar()
    asking.post(body, own)
    asking.answer(Answer(AnswerKind.ENTRY_HELD))
    assert asking.after() == "answered"
    assert asking.after(body=b"other bytes") == "message-id-used"


def test_an_answer_they_seem_not_to_have_goes_out_again_with_the_same_bytes(asking):
    asking.post()
    asking.answer()
    courier.send_answers(asking.at)
    first = message_of(asking.said("RRS"))
    asking.go(days=30)
    assert asking.after() == "answered"
    again = asking.said("RRS")
    assert (again.done_at, again.try_at) == (None, asking.at)
    assert message_of(again) == first
    courier.send_answers(asking.at)
    assert asking.said("RRS").done_at == asking.at


@pytest.mark.parametrize("word", ["No", "UNKNOWN"])
def test_without_consent_only_a_refusal_can_be_answered(asking, word):
    asking.body = asking.body.replace(b"Consent>Yes", f"Consent>{word}".encode())
    asking.post()
    with pytest.raises(Refused, match="register-shut"):
        asking.answer()
    assert asking.answer(Answer(AnswerKind.REFUSED)).state == "answered"


def test_a_hit_takes_two_people(asking):
    asking.post()
    world, ref = asking.world, asking.question().ref
    held = Answer(AnswerKind.ENTRY_HELD)
    told = {"candidates": (), "actor": given.clerk_of(world), "at": asking.at}
    services.answer(ref, held, user=world.clerk, **told)
    assert asking.said("RRS") is None
    with pytest.raises(Refused, match="same-person"):
        services.confirm(ref, user=world.clerk, **told)
    services.confirm(ref, user=world.other_clerk, **told)
    assert asking.words_of(asking.said("RRS")).answer == "entry_held"


def register_shows(held, grade=Grade.DEFINITE, elsewhere=()):
    return (Candidate(person=given.person_asked(), grade=grade, held=held, elsewhere=elsewhere),)


def test_nobody_answers_nothing_recorded_about_exactly_whom_the_register_holds_an_entry_of(asking):
    asking.post()
    with pytest.raises(Refused, match="register-says-otherwise"):
        asking.answer(candidates=register_shows(Held.ENTRY))
    assert asking.question().state == "waiting"


def test_what_leaves_out_what_the_register_may_show_takes_two_people(asking):
    asking.post()
    asking.answer(candidates=register_shows(Held.ENTRY, Grade.POSSIBLE))
    assert Entry.objects.filter(event="question.propose").count() == 1


def test_other_states_are_named_only_where_the_register_names_them(asking):
    asking.post()
    elsewhere = Answer(AnswerKind.ASK_ELSEWHERE, states=("FR",))
    with pytest.raises(Refused, match="register-changed"):
        asking.answer(elsewhere)
    assert asking.answer(elsewhere, register_shows(Held.NOTHING, elsewhere=("FR",))).state == "answered"


def test_a_proposal_that_the_register_no_longer_bears_out_is_not_confirmed(asking):
    asking.post()
    world, ref = asking.world, asking.question().ref
    told = {"actor": given.clerk_of(world), "at": asking.at}
    shown = register_shows(Held.ENTRY, Grade.POSSIBLE)
    services.answer(ref, Answer(AnswerKind.NOTHING_RECORDED), candidates=shown, user=world.clerk, **told)
    with pytest.raises(Refused, match="register-says-otherwise"):
        services.confirm(ref, candidates=register_shows(Held.ENTRY), user=world.other_clerk, **told)
    world.clerk.delete()  # then nobody knows any more who the other person would be
    with pytest.raises(Refused, match="same-person"):
        services.confirm(ref, candidates=shown, user=world.other_clerk, **told)


def test_an_answer_nobody_takes_for_a_month_waits_for_a_clerk_who_sends_it_again(asking):
    asking.post()
    asking.answer()
    courier.send_answers(asking.at)
    said = asking.said("RRS")
    said.repeat(asking.at)
    asking.go(days=31)
    services.claim(said.pk, at=asking.at)
    services.not_sent(said.pk, at=asking.at)
    assert asking.said("RRS").dead_code == "not-delivered"
    assert services.send_again(asking.question().ref, actor=given.clerk_of(asking.world), at=asking.at) == 1
    courier.send_answers(asking.at)
    assert asking.said("RRS").done_at == asking.at


def test_sixty_days_after_the_end_nobody_can_read_who_was_asked_about(asking):
    asking.post()
    asking.answer()
    courier.send_answers(asking.at)
    asking.go(days=59)
    assert retention.questions_due(asking.at) == []
    asking.go(days=2)
    (ref,) = retention.questions_due(asking.at)
    retention.erase_question(ref, actor=SYSTEM, at=asking.at)
    question = asking.question()
    assert (question.state, question.words) == ("erased", ERASED)
    assert (Heard.objects.count(), CaseKey.objects.count()) == (0, 0)
    assert not Said.objects.filter(sealed_body__isnull=False).exists()
    with pytest.raises(KeyGone):
        person_asked(question)
    assert asking.post().json() == {"code": "message-id-used"}
    asking.go(days=4 * 366)
    retention.forget_old_records(at=asking.at)
    assert not Question.objects.exists()


def test_every_step_is_on_the_record_of_the_question(asking):
    asking.post()
    asking.ask_back(Item.SEX)
    own, body = asking.rar()
    asking.post(body, own)
    asking.after()
    asking.answer()
    courier.send_answers(asking.at)
    events = list(
        Entry.objects.filter(chain=asking.question().ref).order_by("sequence").values_list("event", flat=True)
    )
    assert events[:3] == ["question.receive", "message.received", "question.ask_back"]
    assert events[3:] == [
        "message.received",
        "question.tell",
        "question.remind",
        "question.answer",
        *["message.sent"] * 3,
    ]
    assert not Entry.objects.filter(chain=INSTALLATION, event="message.refused").exists()
