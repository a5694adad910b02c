"""Ten seconds: current, or not current, and nothing else."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests import given
from vetting.audit.ports import SYSTEM
from vetting.certificates import services as certificates
from vetting.certificates.models import Certificate
from vetting.certificates.queries import contents_of
from vetting.enquiries import receiving
from vetting.enquiries.ports import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(time_machine):
    cache.clear()
    world = given.world()
    time_machine.move_to(world.clock.now)
    case = given.case_cleared(world)
    return world, contents_of(Certificate.objects.get(case=case))


def test_a_stranger_learns_current_scope_and_validity_and_no_name(client, printed):
    _, contents = printed
    page = client.get(reverse("verifier:printed", args=[contents.number, contents.code])).content.decode()
    assert "Current" in page
    assert "24 November 2027" in page
    assert "Sport coaching" in page
    assert "Izmislena" not in page


def test_what_is_printed_can_be_typed_in_any_manner(client, printed):
    _, contents = printed
    typed = {"reference": contents.number.lower().replace("-", " "), "code": f" {contents.code.lower()} "}
    assert "Valid until" in client.post(reverse("verifier:lookup"), typed).content.decode()


def test_unknown_wrong_code_superseded_and_expired_are_one_answer(client, printed, time_machine):
    world, contents = printed
    good = [contents.number, contents.code]
    wrong = client.get(reverse("verifier:printed", args=[contents.number, "0000-0000-0000-0000"])).content
    unknown = client.get(reverse("verifier:printed", args=["0000-0000-0000", contents.code])).content
    case = Certificate.objects.get().case
    another = Verdict("answer", answer="entry_held", message_id="BG-IE-RRS-000000000000009", digest=bytes(32))
    receiving.receive(given.enquiry(case, "BG").ref, another, actor=SYSTEM, at=world.clock.now)
    assert certificates.supersede(case.ref, actor=SYSTEM, at=world.clock.now) == 1
    superseded = client.get(reverse("verifier:printed", args=good)).content
    texts = {re.sub(r"<[^>]+>|\s+", " ", page.decode()).strip() for page in (wrong, unknown, superseded)}
    assert len(texts) == 1
    assert "Not current" in texts.pop()


def test_guessing_codes_is_stopped(client, printed):
    _, contents = printed
    answers = [
        client.get(reverse("verifier:printed", args=[contents.number, f"0000-0000-0000-{guess:04d}"])).status_code
        for guess in range(25)
    ]
    assert answers[-1] == 429


def test_the_public_keys_are_at_the_well_known_address(client, printed):
    keys = client.get("/.well-known/jwks.json").json()["keys"]
    assert [(key["kty"], key["crv"], key["alg"]) for key in keys] == [("EC", "P-256", "ES256")]
    assert all("d" not in key for key in keys)
