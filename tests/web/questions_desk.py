"""The desk for other States' questions, as the tests walk it."""

import re

from django.urls import reverse

from tests import given
from vetting.questions.models import Question

NOBODY = ("Nobody|Atall", "2000-01-01", "IE Dublin")
TWO = ("Jan|Voorbeeld", "1992-03-04", "unknown ")
IVANKA = ("Ivanka|Izmislena", "1990-05-17", "BG Izmislen grad")


def asked(world, *person, **said):
    return given.question(world, given.person_asked(*person), **said)


def opened(client, world, question, user=None):
    """The page after saying why."""
    client.force_login(user or world.clerk)
    client.post(reverse("desk:question_open", args=[question.ref]), {"reason": "answer"})
    return page(client, question)


def page(client, question):
    return client.get(reverse("desk:question", args=[question.ref])).content.decode()


def do(client, verb, question, **typed):
    return client.post(reverse(f"desk:question_{verb}", args=[question.ref]), typed)


def chosen(answer):
    """The values of what is ticked on a page."""
    inputs = re.findall(r"<input[^>]+>", answer.content.decode())
    return [re.findall(r'value="([^"]*)"', one)[0] for one in inputs if " checked" in one]


def now(question):
    return Question.objects.get(pk=question.pk)


def said_kinds(question):
    return list(question.outbox.order_by("pk").values_list("kind", flat=True))
