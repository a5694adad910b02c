"""What looks odd about a name, and how a passport writes it: help, never a refusal."""

import pytest
from django.urls import reverse
from hypothesis import given as holds
from hypothesis import strategies as st

from tests import given
from tests.web.test_organisation_and_desk import TYPED
from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.web.spelling import advice, in_passport_letters, mixed_scripts

CYRILLIC_A, LATIN_A = "\u0430", "a"
PASSPORT = {
    "Müller": "MUELLER", "Åse Sjøgård": "AASE SJOEGAARD", "Weiß": "WEISS", "Đặng": "DANG", "Łukasz Żółć": "LUKASZ ZOLC",
    "Ştefan Țepeș": "STEFAN TEPES", "Иванка Измислена": "IVANKA IZMISLENA", "Щерю Юлиянов": "SHCHERIU IULIIANOV",
    "Γιώργος Ψαράς": "GIORGOS PSARAS", "Zoë O’Brien-Smyth": "ZOE OBRIEN SMYTH", "Ħabib Ġużè": "HABIB GUZE", "李": "",
    "Jiří Dvořák": "JIRI DVORAK", "Õie Kõiv": "OIE KOIV", "Ñandú": "NANDU",
}  # fmt: skip


@pytest.mark.parametrize("name", PASSPORT)
def test_a_name_is_shown_as_a_passport_writes_it(name):
    assert in_passport_letters(name) == PASSPORT[name]


@holds(st.text(max_size=60))
def test_any_text_at_all_becomes_capital_letters_and_single_spaces(text):
    said = in_passport_letters(text)
    assert all(one == " " or ("A" <= one <= "Z") for one in said)
    assert said == " ".join(said.split())


@pytest.mark.parametrize("given_name, surname, code", [
    ("Izmislena, Ivanka", "Ivanka", "comma"), ("IZMISLENA", "Ivanka", "swapped"), ("Dr. Ivanka", "Izmislena", "title"),
    ("Ivanka2", "Izmislena", "digit"), (f"Iv{CYRILLIC_A}nka", "Izmislena", "scripts"), ("Ivanka", "ivanka", "same"),
])  # fmt: skip
def test_what_looks_odd_has_a_sentence(given_name, surname, code):
    assert [one.code for one in advice(given_name, surname)] == [code]


@pytest.mark.parametrize("given_name, surname", [
    ("Ivanka", "Izmislena"), ("Иванка", "Измислена"), ("IVANKA", "IZMISLENA"), ("O", "Ng"), ("Jean-Luc", "d’Été"),
    ("Иванка Maria", "Измислена"), ("Anna Mária", "Kovács-Nagy"), ("María José", "de la O"), ("مريم", "خيالي"),
])  # fmt: skip
def test_ordinary_names_of_any_alphabet_look_like_nothing(given_name, surname):
    assert advice(given_name, surname) == []
    assert mixed_scripts(f"{given_name} {surname}") == ""


@pytest.mark.django_db
def test_what_looks_odd_is_said_once_and_taken_when_it_is_sent_again(client):
    world = given.world()
    client.force_login(world.secretary)
    typed = {**TYPED, "organisation": world.organisation.pk, "given_name": f"Iv{CYRILLIC_A}nka"}
    answer = client.post(reverse("organisation:new"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "letters of two alphabets" in page
    assert 'value="ivanka@invented.example"' in page
    assert not Case.objects.exists()
    advised = f'name="advised" value="Iv{CYRILLIC_A}nka Izmislena"'
    assert advised in page
    client.post(reverse("organisation:new"), {**typed, "advised": f"Iv{CYRILLIC_A}nka Izmislena"})
    assert contact_of(Case.objects.get()).given_name == f"Iv{CYRILLIC_A}nka"


@pytest.mark.django_db
def test_while_typing_the_page_shows_the_letters_and_what_looks_odd(client):
    answer = client.post(reverse("name_help"), {"given": "Dr <b>Иванка</b>", "surname": "Измислена"})
    page = answer.content.decode()
    assert "IVANKA" in page
    assert "Leave out titles" in page
    assert "<b>" not in page
    assert client.post(reverse("name_help"), {"given": "x" * 5000}).status_code == 200
    assert client.get(reverse("name_help")).status_code == 405
