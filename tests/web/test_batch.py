"""Many people at once: looked at, mended in place, sent; and nothing is lost or sent twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import given
from tests.integrations.spreadsheet_files import xlsx
from vetting.cases.models import Case
from vetting.cases.queries import contact_of

pytestmark = pytest.mark.django_db

GOOD = "Ivanka\tIzmislena\tivanka@invented.example\nПетър\tИзмислен\tpeter@invented.example"
WRONG = "\tIzmislena\tnobody@invented.example\nMaya\tIzmislena\tno address\nJan\tVoorbeeld\tjan@invented.example"


@pytest.fixture
def secretary(client):
    world = given.world()
    client.force_login(world.secretary)
    client.world = world
    client.told = {
        "organisation": world.organisation.pk, "activity": "sport_coaching", "role": "voluntary", "language": "en",
    }  # fmt: skip
    return client


def looks(secretary, pasted="", **typed):
    return secretary.post(reverse("organisation:many"), {**secretary.told, "pasted": pasted, **typed})


def fields(page):
    """What a browser would send of the page, in its order."""
    html = page.content.decode()
    found = {name: re.findall(rf'name="{name}" value="([^"]*)"', html) for name in ("given_name", "surname", "email")}
    found["once"] = re.findall(r'</?td[^>]*>\d+<input type="hidden" name="once" value="([^"]*)"', html)
    return found


def sends(secretary, page, **changes):
    rows = {**fields(page), **changes}
    return secretary.post(reverse("organisation:many_send"), {**secretary.told, **rows, "send": "yes"})


def invited():
    return sorted(contact_of(case).email for case in Case.objects.all())


def test_rows_are_looked_at_before_anything_is_sent(secretary):
    page = looks(secretary, GOOD)
    assert page.status_code == 200
    assert "Send 2 invitations" in page.content.decode()
    assert fields(page)["given_name"] == ["Ivanka", "Петър"]
    assert not Case.objects.exists()
    sends(secretary, page)
    assert invited() == ["ivanka@invented.example", "peter@invented.example"]


def test_the_good_rows_are_sent_and_the_bad_ones_come_back_with_their_problems(secretary):
    page = looks(secretary, WRONG)
    assert page.status_code == 422
    assert "2 rows have to be mended" in page.content.decode()
    back = sends(secretary, page)
    assert invited() == ["jan@invented.example"]
    html = back.content.decode()
    assert "Fill in: First name" in html
    assert "This is not an e-mail address." in html
    mended = fields(back)
    assert mended["email"] == ["nobody@invented.example", "no address"]
    sends(secretary, back, given_name=["Nora", "Maya"], email=["nora@invented.example", "maya@invented.example"])
    assert invited() == ["jan@invented.example", "maya@invented.example", "nora@invented.example"]


def test_a_page_sent_twice_invites_nobody_twice(secretary):
    page = looks(secretary, GOOD)
    for _ in range(2):
        sends(secretary, page)
    assert len(invited()) == 2


def test_what_is_left_out_is_not_sent(secretary):
    page = looks(secretary, GOOD)
    sends(secretary, page, leave=fields(page)["once"][:1])
    assert invited() == ["peter@invented.example"]


def test_time_that_runs_out_leaves_rows_that_go_on_from_where_it_stopped(secretary, monkeypatch):
    page = looks(secretary, "\n".join(f"Ann\tInvented\tann{place}@invented.example" for place in range(6)))
    monkeypatch.setattr("vetting.web.organisation.batch.AT_A_TIME", 0.0)
    rest = sends(secretary, page)
    assert len(invited()) == 1
    while len(invited()) < 6:
        rest = sends(secretary, rest)
    assert invited() == [f"ann{place}@invented.example" for place in range(6)]


def test_a_file_is_read_by_its_headings_in_any_order_and_language(secretary):
    rows = [["E-Mail", "Nachname", "Vorname", "Notes"], ["jan@invented.example", "Voorbeeld", "Jan", "=1"]]
    page = looks(secretary, file=SimpleUploadedFile("list.xlsx", xlsx(rows)))
    assert (fields(page)["given_name"], fields(page)["surname"]) == (["Jan"], ["Voorbeeld"])
    template = secretary.get(reverse("organisation:many_template")).content
    page = looks(secretary, file=SimpleUploadedFile("list.csv", template))
    assert fields(page)["email"] == ["ivanka@invented.example"]


@pytest.mark.parametrize("typed, sentence", [
    ({}, "Choose a file, or paste the rows below."),
    ({"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04")}, "This file cannot be read."),
    ({"pasted": ";;;"}, "There is nobody in this list."),
    ({"pasted": "a;b;c@invented.example\n" * 501}, "At most 500 people"),
    ({"pasted": GOOD, "activity": "adults_only"}, "no direct and regular contact"),
])  # fmt: skip
def test_a_list_that_cannot_be_used_is_explained_and_what_was_pasted_is_kept(secretary, typed, sentence):
    page = looks(secretary, **typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert typed.get("pasted", "") in page.content.decode()
    assert not Case.objects.exists()


def test_five_hundred_people_are_a_list_and_the_same_address_twice_is_a_problem(secretary):
    page = looks(secretary, "\n".join(f"Ann\tInvented\tann{place}@invented.example" for place in range(500)))
    assert "Send 500 invitations" in page.content.decode()
    page = looks(secretary, GOOD + "\n" + GOOD)
    assert page.content.decode().count("more than once") == 4


def test_somebody_with_an_open_request_is_pointed_out_and_may_be_invited_all_the_same(secretary):
    case = given.case_opened(secretary.world)
    page = looks(secretary, f"Ivanka\tIzmislena\t{contact_of(case).email}")
    assert page.status_code == 200
    assert f"Has been invited already: {case.reference}" in page.content.decode()


def test_one_person_who_cannot_be_opened_does_not_stop_the_others(secretary):
    other = given.world()
    page = looks(secretary, GOOD)
    taken = fields(page)["once"][0]
    first = given.case_opened(other)
    Case.objects.filter(pk=first.pk).update(ref=taken)
    back = sends(secretary, page)
    assert [contact_of(case).email for case in Case.objects.exclude(ref=taken)] == ["peter@invented.example"]
    assert fields(back)["email"] == ["ivanka@invented.example"]
