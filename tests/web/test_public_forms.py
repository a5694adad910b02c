"""The holder takes the certificate along in the forms of public administrations; nobody else does."""

import json
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import etree
from pypdf import PdfReader

from tests import given
from vetting.certificates.models import Certificate

pytestmark = pytest.mark.django_db
FILES = ("evidence_xml", "evidence_json", "standard_form")


@pytest.fixture
def world(time_machine):
    cache.clear()
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def come_in(client, case, time_machine, world):
    time_machine.move_to(world.clock.now)
    typed = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "1990", "reference": case.tracking}
    assert client.post(reverse("applicant:track"), typed).status_code == 302


def test_the_holder_finds_and_downloads_each_form(client, world, time_machine):
    case = given.case_cleared(world)
    come_in(client, case, time_machine, world)
    number = Certificate.objects.get().number
    assert reverse("applicant:forms") in client.get(reverse("applicant:home")).content.decode()
    page = client.get(reverse("applicant:forms")).content.decode()
    for name in FILES:
        assert reverse(f"applicant:{name}") in page
        first, again = (client.get(reverse(f"applicant:{name}")) for _ in range(2))
        assert number in first["Content-Disposition"]
        assert "no-store" in first["Cache-Control"]
        assert first.content == again.content
    schema = etree.XMLSchema(etree.fromstring(client.get(reverse("applicant:evidence_schema")).content))
    root = etree.fromstring(client.get(reverse("applicant:evidence_xml")).content)
    schema.assertValid(root)
    assert root[0].text == "true"
    found = json.loads(client.get(reverse("applicant:evidence_json")).content)
    assert found["isRelatedTo"]["givenName"] == "Ivanka"
    assert [row["authority"]["registeredLocation"]["geographicName"] for row in found["statedFor"]] == [
        "Ireland", "Bulgaria",
    ]  # fmt: skip


def test_the_multilingual_form_comes_in_the_language_that_was_chosen(client, world, time_machine):
    come_in(client, given.case_cleared(world), time_machine, world)
    for chosen, shown in (("el", "Πολύγλωσσο"), ("xx", "Multilingual"), ("", "Multilingual")):
        raw = client.get(reverse("applicant:standard_form"), {"language": chosen}).content
        assert shown in PdfReader(BytesIO(raw)).pages[0].extract_text()


@pytest.mark.parametrize("state", [given.case_asked, given.case_not_cleared])
def test_without_a_certificate_there_is_no_form(client, world, time_machine, state):
    come_in(client, state(world), time_machine, world)
    assert reverse("applicant:forms") not in client.get(reverse("applicant:home")).content.decode()
    assert {client.get(reverse(f"applicant:{name}")).status_code for name in ("forms", *FILES)} == {404}


def test_nobody_but_the_holder_has_them(client, world):
    given.case_cleared(world)
    for person in (None, world.secretary, world.clerk):
        if person:
            client.force_login(person)
        assert {client.get(reverse(f"applicant:{name}")).status_code for name in ("forms", *FILES)} == {404}


def test_schema_and_context_are_there_for_every_program_and_may_be_kept(client):
    for name in ("evidence_schema", "evidence_context"):
        answer = client.get(reverse(f"applicant:{name}"))
        assert "public" in answer["Cache-Control"]
    assert client.get(reverse("applicant:evidence_context"))["Access-Control-Allow-Origin"] == "*"
    assert reverse("applicant:evidence_context") == "/ns/evidence/1/context.jsonld"
