"""What the holder of a certificate and a stranger do, for the tests of sharing."""

import re

from django.test import Client
from django.urls import reverse

from tests import given
from vetting.audit.ports import SYSTEM
from vetting.certificates import services as certificates
from vetting.enquiries import receiving
from vetting.enquiries.ports import Verdict


def enter(browser, case):
    browser.cookies.clear()  # a session of another day is over
    session = browser.session
    session["applicant_case"] = str(case.ref)
    session.save()


def words(page):
    return re.sub(r"<[^>]+>|\s+", " ", page.content.decode()).strip()


def made(browser, **typed):
    """The page with a new code, after reading the words that are agreed to."""
    page = browser.get(reverse("applicant:new_code")).content.decode()
    hidden = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in ("wording", "once")}
    said = {"purpose": "family", "days": "30", "shows": "holder", **hidden, **typed}
    return browser.post(reverse("applicant:new_code"), said)


def code_in(page):
    return re.findall(r"/s/([0-9A-Z-]{19})/", page.content.decode())[0]


def look(code):
    """Somebody else looks, in a browser of their own."""
    return Client().get(reverse("verifier:shared", args=[code]))


def worse_answer(world, case):
    said = Verdict("answer", answer="entry_held", message_id="BG-IE-RRS-000000000000009", digest=bytes(32))
    receiving.receive(given.enquiry(case, "BG").ref, said, actor=SYSTEM, at=world.clock.now)
    assert certificates.supersede(case.ref, actor=SYSTEM, at=world.clock.now) == 1
