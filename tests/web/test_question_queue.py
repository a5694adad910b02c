"""The queue of other States' questions: the oldest due first, and what needs an eye."""

import pytest
from django.urls import reverse

from tests import given
from tests.web.questions_desk import NOBODY, TWO, asked, do, now, opened, page
from vetting.audit.ports import Actor
from vetting.questions import receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def test_the_queue_shows_the_oldest_due_first_with_what_is_late_reminded_and_asked_back(client, world, time_machine):
    late = asked(world, *NOBODY, asker="FR")
    time_machine.move_to(world.clock.forward(days=20))
    receiving.remind(
        late.message_id, asker="FR", digest=late.inbox.get().digest, actor=Actor("authority", "FR"),
        at=world.clock.now,
    )  # fmt: skip
    other = asked(world, *TWO)
    opened(client, world, other)
    do(client, "ask_back", other, items=["BirthPlace"])
    html = client.get(reverse("desk:questions")).content.decode()
    assert html.index(late.message_id) < html.index(other.message_id)
    assert "One question is late" in html
    assert "14 December 2026" in html, "the day of the reminder"
    assert "More was asked" in html
    assert "Imaginaire" not in html
    desk = client.get(reverse("desk:queue")).content.decode()
    assert reverse("desk:questions") in desk


def test_an_empty_queue_says_what_will_come(client, world):
    client.force_login(world.clerk)
    assert "No question waits" in client.get(reverse("desk:questions")).content.decode()


def test_a_question_is_found_by_any_of_its_messages(client, world):
    question = asked(world)
    client.force_login(world.clerk)
    for message_id in (question.message_id.lower(), question.outbox.get().message_id):
        found = client.get(reverse("desk:questions"), {"message": f" {message_id} "})
        assert found["Location"] == reverse("desk:question", args=[question.ref])
    assert "No question on this desk" in client.get(reverse("desk:questions"), {"message": "X"}).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_queue(client, world, django_assert_num_queries):
    client.force_login(world.clerk)
    client.get(reverse("desk:questions"))
    for _ in range(3):
        asked(world)
    with django_assert_num_queries(9):
        client.get(reverse("desk:questions"))
    question = asked(world)
    opened(client, world, question)
    with django_assert_num_queries(12):
        page(client, question)


def test_who_opens_a_question_to_answer_it_has_it_and_who_supervises_does_not(client, world):
    question = asked(world)
    client.force_login(world.clerk)
    do(client, "open", question, reason="supervision")
    assert now(question).handler is None
    do(client, "open", question, reason="answer")
    assert now(question).handler == world.clerk
