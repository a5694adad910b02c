"""The replies of an asked authority behind their port, for specimens; see `ReplyWriter`."""

from collections.abc import Iterable
from datetime import date, datetime

from integrations.ecris import replies
from vetting.enquiries.ports import Item


class SpecimenReplies:
    """Replies that say nothing of anybody real. `number` gives the last 15 digits of the message id."""

    def deadline(self, answers: str, *, at: datetime, due: date, number: int) -> bytes:
        return replies.deadline(answers, at=at, due=due, number=number)

    def nothing_recorded(self, request: bytes, *, at: datetime, number: int) -> bytes:
        return replies.response(request, at=at, number=number)

    def questions(self, answers: str, *, at: datetime, items: Iterable[Item], number: int) -> bytes:
        return replies.questions(answers, at=at, items=tuple(items), number=number)

    def functional_error(self, answers: str, *, at: datetime, number: int) -> bytes:
        return replies.functional_error(answers, at=at, number=number)
