"""Every language that is offered is whole: no string missing, no placeholder broken, no English left on a page."""

import re
from functools import lru_cache, partial
from html import unescape

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from scripts import messages
from tests import given
from vetting import post
from vetting.cases.rules import TO_APPLICANT

OFFERED = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\{\w*\}")


@lru_cache
def catalogue(code):
    with (settings.LOCALE_DIR / code / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


def forms(text):
    return list(text) if isinstance(text, list | tuple) else [text]


def test_no_sentence_is_translated_that_nobody_shows_any_more_and_what_waits_is_listed():
    translated = {source for code in OFFERED for source in catalogue(code)}
    shown = set(messages.used())
    assert translated <= shown
    assert {source if isinstance(source, str) else source[0] for source in shown - translated} == messages.waiting()


@pytest.mark.parametrize("code", OFFERED)
def test_no_string_is_missing_fuzzy_or_without_its_placeholders(code):
    assert set(catalogue(code)) >= messages.wanted(code)
    for source, message in catalogue(code).items():
        assert not message.fuzzy, source
        assert all(form.strip() for form in forms(message.string)), source
        wanted = set(PLACEHOLDER.findall(forms(source)[-1]))
        found = [set(PLACEHOLDER.findall(form)) for form in forms(message.string)]
        assert all(one <= wanted for one in found), source  # a singular may say "one" instead of a number
        assert found[-1] == wanted, source


def test_every_official_language_of_the_union_is_offered():
    official = {code for code, _ in settings.OFFICIAL_LANGUAGES}
    assert official == {settings.LANGUAGE_CODE, *OFFERED}


def sentences_left(html, code):
    """English sentences of the catalogue that are still on the page."""
    seen = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    whole = [source for source, said in catalogue(code).items() if isinstance(source, str) and said.string != source]
    return [source for source in whole if len(source) > 20 and "%" not in source and source in seen]


def signed_in_pages(client, world):
    """How an applicant comes to see each state: the way in, and what is looked at there."""
    case = given.case_opened(world)
    mail.outbox.clear()
    post.deliver_due(now())
    secret = re.findall(r"/a/([^/\s]+)/", str(mail.outbox[-1].body))[0]
    steps = [reverse("applicant:step", args=[step]) for step in given.steps()]
    yield lambda: client.get(f"/a/{secret}/"), [reverse("applicant:home")], steps
    for state in (given.case_submitted, given.case_cleared, given.case_not_cleared):
        case = state(world)
        typed = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "1990", "reference": case.tracking}
        enter = partial(client.post, reverse("applicant:track"), typed)
        yield enter, [reverse("applicant:home"), reverse("applicant:withdraw")], []


@pytest.mark.django_db
def test_no_page_of_the_applicant_has_english_left_on_it_in_any_language(client, time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    front = [reverse(name) for name in ("front", "applicant:track", "verifier:lookup", "account_login")]
    for enter, read, posted in [(lambda: None, front, []), *signed_in_pages(client, world)]:
        cache.clear()
        enter()
        for code in OFFERED:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
            pages = [client.get(address) for address in read] + [client.post(address, {}) for address in posted]
            for page in pages:
                html = page.content.decode()
                assert f'lang="{code}"' in html
                assert sentences_left(html, code) == []


@pytest.mark.django_db
def test_mails_to_the_applicant_are_in_their_language():
    world = given.world()
    case = given.case_opened(world)
    for code in OFFERED:
        case.language = code
        case.save()
        case.letters.all().delete()
        for kind in TO_APPLICANT:
            case.letters.create(kind=kind, owed_at=world.clock.now, try_at=world.clock.now)
        mail.outbox.clear()
        post.deliver_due(world.clock.now)
        assert len(mail.outbox) == len(TO_APPLICANT)
        with translation.override("en"):
            assert all(sentences_left(f"{one.subject} {one.body}", code) == [] for one in mail.outbox)
