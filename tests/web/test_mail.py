"""Every mail in two shapes that say the same, and what becomes of one that nobody can deliver."""

import re
import smtplib
from html.parser import HTMLParser
from typing import Any, cast

import pytest
from django.conf import settings as product
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from integrations.mail.messenger import EmailMessenger
from tests import given
from vetting import post
from vetting.cases import services
from vetting.cases.models import Letter
from vetting.cases.ports import Way
from vetting.cases.queries import contact_of
from vetting.cases.rules import TO_APPLICANT, LetterKind
from vetting.errors import Unavailable, Unusable

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now, tick=False)
    return world


def html_of(letter):
    ((text, kind),) = letter.alternatives
    assert kind == "text/html"
    return str(text)


def sent(case, kind):
    """The mail of this kind to be sent now."""
    mail.outbox.clear()
    services.owe(case, kind, given.START)
    post.deliver_due(given.START)
    return cast(Any, mail.outbox[-1])


class Words(HTMLParser):
    """The text of a mail's body, and its elements."""

    def __init__(self, html):
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html[html.index("<body") :])

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data.split()


@pytest.mark.parametrize("kind", LetterKind)
def test_a_mail_says_the_same_in_both_shapes_and_is_written_to_one_layout(world, kind):
    letter = sent(given.case_opened(world), kind)
    html = html_of(letter)
    shown = Words(html)
    said = f"{product.SITE_NAME} {letter.subject} {letter.body.replace('http', 'Open the page http')}".split()
    assert shown.words == said
    assert {tag for tag, _ in shown.tags} <= {"body", "div", "p", "h1", "a", "br"}
    assert not re.search(r"<(img|script|link|style|iframe)|url\(|@import|class=", html)
    assert re.search(r'<html lang="en" dir="ltr">', html)
    assert 'name="color-scheme" content="light dark"' in html
    colours = [attrs.get("style") or "" for _, attrs in shown.tags]
    for style in colours:  # a colour of letters never without one behind them: a dark page stays readable
        assert ("background-color" in style) == bool(re.search(r"(?<!-)\bcolor:", style))


@pytest.mark.parametrize("language", [code for code, _ in product.OFFICIAL_LANGUAGES])
def test_a_mail_leaves_in_every_language_and_says_which_it_is(language):
    letter = post.in_both_shapes("Subject", "Text\n\nhttp://localhost:8000/a/x/", "nobody@invented.example", language)
    assert f'<html lang="{language}" dir="ltr">' in letter.html
    assert '<a href="http://localhost:8000/a/x/"' in letter.html


def test_a_mail_is_turned_round_where_its_letters_are_read_from_the_right():
    letter = post.in_both_shapes("Subject", "Text", "nobody@invented.example", "ar")
    assert '<html lang="ar" dir="rtl">' in letter.html


@pytest.mark.parametrize("kind", sorted(TO_APPLICANT))
def test_a_mail_to_the_applicant_holds_a_first_name_and_nothing_else_of_a_person(world, kind):
    letter = sent(given.case_submitted(world), kind)
    whole = letter.message().as_string() + letter.body + html_of(letter)
    assert "Ivanka" in letter.body
    for secret in ("Izmislena", "1990", "TEST-CLEAN", "Invented Street", "Измислен"):
        assert secret not in whole


def test_a_mail_is_named_by_us_asks_for_no_answer_and_comes_back_to_an_address_of_its_own(world, settings):
    settings.MAIL_BOUNCES = "bounces@authority.example"
    settings.DEFAULT_FROM_EMAIL = "Invented Authority <no-reply@authority.example>"
    case = given.case_opened(world)
    letter = sent(case, LetterKind.NEWS)
    token = Letter.objects.get(kind=LetterKind.NEWS).token
    head = letter.message()
    assert head["Message-ID"] == f"<{token}.0@authority.example>"
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["Content-Language"] == "en"
    assert head["From"] == "Invented Authority <no-reply@authority.example>"
    assert head["To"] == "ivanka@invented.example"
    assert letter.from_email == f"bounces+{token}.0@authority.example"


def test_a_mail_that_failed_keeps_its_name_so_that_it_is_the_same_mail_twice(world, settings):
    case = given.case_opened(world)
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.web.test_mail.Silent"
    assert post.deliver_due(world.clock.now) == 0
    token = Letter.objects.get(case=case).token
    settings.EMAIL_BACKEND = works
    assert post.deliver_due(world.clock.forward(hours=1)) == 1
    assert token
    assert token in str(mail.outbox[-1].message()["Message-ID"])


class Silent(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, _messages):
        raise TimeoutError


def test_the_link_of_a_mail_leads_to_an_address_without_a_secret_and_works_again_until_there_is_a_newer(client, world):
    case = given.case_opened(world)
    first = re.findall(r"(/a/[^/\s]+/)", sent(case, LetterKind.INVITATION).body)[0]
    for _ in range(2):  # mail programs look at links before people do
        answer = client.get(first)
        assert (answer.status_code, answer["Location"]) == (302, reverse("applicant:home"))
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
        client.logout()
    sent(case, LetterKind.INVITATION)
    assert client.get(first).status_code == 410
    assert client.get(reverse("applicant:home")).status_code == 404


def test_letters_to_applicants_go_by_the_chosen_way_where_an_address_for_it_is_known(world, settings):
    settings.LETTERS_BY = "sms"
    settings.MESSENGERS = {**settings.MESSENGERS, "sms": "invented.Messenger"}
    given.case_opened(world)
    case = given.case_opened(world)
    reach = contact_of(case)
    assert reach.address(Way.SMS) == (Way.EMAIL, "ivanka@invented.example")
    assert type(reach)(**{**vars(reach), "telephone": "+353 0"}).address(Way.SMS) == (Way.SMS, "+353 0")
    assert post.deliver_due(world.clock.now) == 2
    assert len(mail.outbox) == 2, "nobody gave a number"


def refusal(*codes):
    return smtplib.SMTPRecipientsRefused({f"{code}@invented.example": (code, b"CANARY") for code in codes})


@pytest.mark.parametrize(
    "trouble,told",
    [
        (refusal(550), Unusable),
        (refusal(450), Unavailable),
        (refusal(550, 451), Unavailable),
        (smtplib.SMTPSenderRefused(550, b"CANARY", "us"), Unavailable),
        (smtplib.SMTPServerDisconnected("CANARY"), Unavailable),
        (TimeoutError(), Unavailable),
    ],
)
def test_every_trouble_of_a_mail_server_is_one_of_two_of_ours_and_quotes_nothing(settings, trouble, told):
    settings.EMAIL_BACKEND = "tests.web.test_mail.Troubled"
    Troubled.trouble = trouble
    letter = post.in_both_shapes("Subject", "Text", "nobody@invented.example", "en")
    with pytest.raises(told) as found:
        EmailMessenger().send(letter)
    assert "CANARY" not in repr(found.value)
    assert found.value.__suppress_context__
    assert post.send_now(letter) is False


class Troubled(BaseEmailBackend):
    """A mail server in the trouble that a test chose."""

    trouble: Exception

    def send_messages(self, _messages):
        raise self.trouble
