"""What comes back from a mail server becomes a mark and one digit, whatever else it holds."""

import re
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mail.bounces import StatusNotifications
from tests.notifications import notification
from vetting.cases.ports import MOST_BOUNCE, Bounce
from vetting.errors import Unusable

MARK = f"{'0123456789abcdef' * 2}.0"


def letter(mark: str = MARK) -> EmailMessage:
    made = EmailMessage()
    made["Message-ID"] = f"<{mark}@authority.example>"
    made["Subject"] = "There is news about your check"
    made.set_content("http://localhost:8000/a/secret/")
    return made


def code(raw: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        StatusNotifications().read(raw)
    return refused.value.code


@pytest.mark.parametrize(
    "returned", ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"]
)
@pytest.mark.parametrize("status", ["message/delivery-status", "message/global-delivery-status"])
def test_the_letter_that_came_back_is_found_by_its_name(returned, status):
    raw = notification(letter(), returned_type=returned, status_type=status)
    assert StatusNotifications().read(raw) == Bounce(MARK, 5)


def test_it_is_found_by_the_address_it_came_back_to_when_nothing_of_it_is_returned():
    assert StatusNotifications().read(notification(to=f"bounces+{MARK}@authority.example")) == Bounce(MARK, 5)


def test_a_letter_given_up_after_trying_has_a_class_of_its_own():
    assert StatusNotifications().read(notification(letter(), status="4.4.7 (expired)")) == Bounce(MARK, 4)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_nothing_is_kept_while_somebody_still_tries(action):
    assert code(notification(letter(), action=action)) == "bounce-not-final"


@pytest.mark.parametrize("status", ["2.0.0", "5", "five", "9.1.1", ""])
def test_a_status_that_says_nothing_keeps_nothing(status):
    assert code(notification(letter(), status=status)) == "bounce-not-final"


@pytest.mark.parametrize("mark", ["x" * 32 + ".0", MARK[1:], "0" * 31 + ".0", "other"])
def test_what_names_no_letter_of_ours_is_nobodys(mark):
    assert code(notification(letter(mark))) == "bounce-not-ours"


def test_more_than_a_notification_is_not_read():
    assert code(notification(letter(), said="x" * MOST_BOUNCE)) == "bounce-too-long"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 100,
        b"Content-Type: text/plain\r\n\r\nYour mail could not be delivered.",
        b"Content-Type: multipart/report; boundary=x\r\n\r\nno part",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n--x--",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 4000,
        b"".join(b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
    ],
)
def test_anything_else_is_unreadable_and_never_an_error(raw):
    assert code(raw) == "bounce-unreadable"


@given(st.binary(max_size=400), st.integers(0, 900))
def test_whatever_is_changed_in_it_ends_in_the_mark_or_in_a_code(noise, place):
    whole = notification(letter())
    changed = whole[:place] + noise + whole[place + len(noise) :]
    with suppress(Unusable):  # and nothing else
        assert re.fullmatch(r"[0-9a-f]{32}\.\d{1,3}", StatusNotifications().read(changed).mark)
