"""Words that are half as long again, as Finnish or Greek may need, break no page."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings as product
from django.test import Client
from django.urls import reverse

from scripts import messages
from tests import given
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "fi"
TAIL = "ääkkösellinen"


def longer(sentence):
    """Half as long again, and twice as long where it is short: figures of the W3C's article on text size."""
    more = max(6, len(sentence) // 2)
    return sentence + " " + (f"{TAIL} " * (more // len(TAIL) + 1))[:more].strip()


@pytest.fixture
def long_words(settings, tmp_path):
    catalogue = Catalog(locale=CODE)
    for sentence in messages.used():
        said = longer(sentence) if isinstance(sentence, str) else tuple(longer(form) for form in sentence)
        catalogue.add(sentence, said)
    folder = tmp_path / CODE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    settings.LOCALE_PATHS = [tmp_path]


def cookies_of(client, base):
    client.cookies[product.LANGUAGE_COOKIE_NAME] = CODE
    return [{"name": name, "value": one.value, "url": base} for name, one in client.cookies.items()]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def as_applicant(case):
    client = Client()
    session = client.session
    session["applicant_case"] = str(case.ref)
    session.save()
    return client


def places():
    """Who looks at what."""
    world = given.world()
    opened, cleared, held = given.case_opened(world), given.case_cleared(world), given.case_not_cleared(world)
    given.case_submitted(world)
    give_supervision(world.clerk, Authority.objects.get(state="IE"))
    plain = ("front", "applicant:track", "verifier:lookup", "account_login", "accessibility", "status")
    yield Client(), [reverse(name) for name in plain]
    steps = [reverse("applicant:step", args=[step]) for step in given.steps()]
    yield as_applicant(opened), [reverse("applicant:home"), reverse("applicant:reuse"), *steps]
    for case in (cleared, held):
        yield as_applicant(case), [reverse("applicant:home"), reverse("applicant:withdraw")]
    of_club = ("home", "new", "many", "roster", "people")
    yield signed_in(world.secretary), [
        *(reverse(f"organisation:{name}") for name in of_club), reverse("organisation:case", args=[cleared.ref]),
    ]  # fmt: skip
    yield signed_in(world.clerk), [reverse("desk:queue"), reverse("desk:supervision")]


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_screen_when_every_sentence_is_longer(live_server, new_page, long_words, width):
    wide, looked = [], 0
    for client, addresses in places():
        page = new_page(width=width)
        page.context.add_cookies(cookies_of(client, live_server.url))
        for address in addresses:
            page.goto(live_server.url + address)
            assert TAIL in page.locator("body").inner_text(), address
            looked += 1
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(address)
    assert wide == []
    assert looked > 20
