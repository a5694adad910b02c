"""What the pages of other States' questions show, formatted once. What the register says lives for one page."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from vetting.identity.ports import Person
from vetting.organisations.models import User
from vetting.questions.models import Question, Said
from vetting.questions.ports import Candidate
from vetting.questions.queries import is_late
from vetting.questions.rules import OPEN, QuestionState
from vetting.web import words
from vetting.web.desk import words as desk_words
from vetting.web.persons import compare

PAGE = 50
NOT_TAKEN = Said.objects.filter(question=OuterRef("pk")).exclude(dead_code__in=("", "cancelled"))
"""Messages that the other side never took, and that nobody tries to send any more."""


def queue_of() -> list[Question]:
    """The open questions of other States, oldest due first, bounded."""
    found = Question.objects.filter(state__in=sorted(OPEN)).select_related("handler")
    return list(found.order_by("due_on", "pk")[:PAGE])


def late_questions(today: date) -> list[Question]:
    """The open questions whose day has passed."""
    late = Question.objects.filter(state__in=sorted(OPEN), due_on__lt=today).select_related("handler")
    return list(late.order_by("due_on", "pk")[:PAGE])


def counts(today: date) -> dict[str, int]:
    """How many questions are open, and how many of them are late."""
    found = Question.objects.filter(state__in=sorted(OPEN))
    return found.aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))


def undelivered() -> list[Question]:
    """Ended questions whose answer the other side did not take."""
    ended = Question.objects.filter(Exists(NOT_TAKEN), state=QuestionState.ANSWERED).select_related("handler")
    return list(ended.order_by("ended_at", "pk")[:PAGE])


def named(message_id: str) -> Question | None:
    """The question in which a message of this id came or went."""
    ours = Said.objects.filter(question=OuterRef("pk"), message_id=message_id)
    return Question.objects.exclude(state=QuestionState.ERASED).filter(
        Q(message_id=message_id) | Exists(ours)
    ).first()  # fmt: skip


def queue_row(question: Question, today: date) -> dict[str, Any]:
    """One line of the queue."""
    return {
        "question": question,
        "asker": words.state_name(question.asker),
        "status": desk_words.QUESTION_STATES[question.state],
        "due": words.day(question.due_on),
        "late": is_late(question, today),
        "due_today": question.due_on == today,
        "reminded": words.day(question.reminded_at),
        "handler": str(question.handler) if question.handler else "",
    }


def facts_of(question: Question, today: date) -> dict[str, Any]:
    """What the other State said around the person."""
    known = question.purpose in settings.PURPOSE_CATEGORIES
    return {
        **queue_row(question, today),
        "received": words.day(question.received_at),
        "consent": desk_words.SAID_CONSENT[question.consent],
        "purpose": _("Recruitment for work with children") if known else _("Another purpose, unknown here"),
        "answer": words.answer_text(question.words) if question.state != QuestionState.ERASED else "",
    }


def candidate_rows(asked: Person, candidates: tuple[Candidate, ...]) -> list[dict[str, Any]]:
    """Whom the register knows, each beside the person asked about."""
    return [
        {
            "number": number,
            "grade": desk_words.GRADES[one.grade],
            "definite": one.grade == "definite",
            "held": desk_words.HELD[one.held],
            "holds": one.held != "nothing",
            "elsewhere": words.state_names(one.elsewhere),
            "lines": one.lines,
            "rows": compare(asked, one.person),
        }
        for number, one in enumerate(candidates, start=1)
    ]


def _delivery(said: Said) -> tuple[str, str]:
    """How far a message of ours came, in words and as the colour of a tag."""
    if said.done_at is not None:
        text = _("acknowledged on %(day)s") if said.evidence else _("taken on %(day)s")
        return text % {"day": words.day(said.done_at)}, "success"
    if said.dead_code == "cancelled":
        return _("not needed any more"), "neutral"
    if said.dead_code:
        return _("not delivered"), "danger"
    return (_("waits for another try"), "warning") if said.attempts else (_("being sent"), "neutral")


def history_of(question: Question) -> list[dict[str, Any]]:
    """Every message about the question, ours and theirs, oldest first."""
    rows: list[dict[str, Any]] = []
    for heard in question.inbox.all():
        text = _("received on %(day)s") % {"day": words.day(heard.received_at)}
        rows.append({"at": heard.received_at, "message": heard, "ours": False, "status": text, "tone": "neutral"})
    for said in question.outbox.defer("sealed_body"):
        text, tone = _delivery(said)
        rows.append({"at": said.created_at, "message": said, "ours": True, "status": text, "tone": tone})
    rows.sort(key=lambda row: (row["at"], row["ours"]))
    return [{**row, "text": desk_words.MESSAGES[row["message"].kind]} for row in rows]


def turn_of(question: Question, user: User, trouble: str) -> dict[str, Any]:
    """Whose turn it is and what comes next."""
    state, asker = QuestionState(question.state), words.state_name(question.asker)
    yours = {"label": _("Whose turn it is"), "who": _("You"), "yours": True}
    if state is QuestionState.WAITING:
        text = desk_words.TROUBLES[trouble] if trouble else _("Compare, then answer by %(day)s.") % {
            "day": words.day(question.due_on)
        }  # fmt: skip
        return {**yours, "text": text}
    if state is QuestionState.PROPOSED:
        if question.proposed_by_id != user.pk:
            return {**yours, "text": _("Compare for yourself, then confirm or drop what your colleague proposed.")}
        return {**yours, "who": _("Another clerk"), "yours": False, "text": _("It takes two people to answer this.")}
    if state is QuestionState.ASKED_BACK:
        return {**yours, "who": asker, "yours": False, "text": _("Nothing to do here until they tell us more.")}
    text = _("There is nothing to do here.")
    return {"label": _("Where it stands"), "who": desk_words.QUESTION_STATES[state], "text": text}
