"""The command that explains a route to a person, and to a program."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db


def said(*options: str) -> str:
    out = StringIO()
    call_command("explain_route", *options, stdout=out)
    return out.getvalue()


def explained(*options: str) -> Any:
    return json.loads(said(*options, "--json"))


def test_a_whole_life_is_explained_as_json() -> None:
    found = explained(
        *("--home", "EE", "--nationality", "PL", "--nationality", "br", "--former-nationality", "UK"),
        *("--past-residence", "US", "--tcn-live", "--tcn-hit", "DE"),
    )
    assert list(found) == ["home", "ask", "documents", "tcn_search", "needs_person", "rules"]
    assert found["home"] == "EE"
    assert found["ask"] == ["DE", "GB", "PL"]
    assert found["documents"] == ["BR", "US"]
    assert (found["tcn_search"], found["needs_person"]) == (True, False)
    assert all(list(step) == ["rule", "states", "text", "source"] for step in found["rules"])
    assert [step["rule"] for step in found["rules"]] == [
        "own-register",
        "eu-nationality",
        "united-kingdom",
        "tcn-search",
        "tcn-hit",
        "document",
    ]


def test_without_consent_the_explanation_is_one_sentence() -> None:
    found = explained("--home", "EE", "--nationality", "PL", "--no-consent")
    assert found["ask"] == []
    assert [step["rule"] for step in found["rules"]] == ["no-consent"]


def test_without_json_it_is_read_by_a_person() -> None:
    text = said("--home", "EE", "--nationality", "BG", "--residence", "LV")
    assert "Ask by message:   Bulgaria, Latvia" in text
    assert "Also needed:      father_name, mother_name" in text
    assert "Needs a person:   no" in text
    assert "2. Bulgaria: a State keeps all convictions of its nationals" in text


def test_without_a_database_the_packaged_edition_explains() -> None:
    def unreachable(*_args: object) -> None:
        raise OperationalError("no such table")

    with connection.execute_wrapper(unreachable):
        assert explained("--home", "EE", "--nationality", "PL")["ask"] == ["PL"]


@pytest.mark.parametrize(
    "options,sentence",
    [
        (["--home", "US"], "--home: The home State runs the check"),
        (["--home", "Mars"], "--home Mars: This is not a State. Give its two-letter code"),
        (
            ["--home", "EE", "--nationality", "PL", "--nationality", "zz"],
            "--nationality PL, zz: This is not a nationality",
        ),
        (["--home", "EE", "--residence", "stateless"], "--residence stateless: This is not a State"),
        (["--home", "EE", "--tcn-hit", "US"], "--tcn-hit: ECRIS-TCN names Member States only"),
    ],
)
def test_bad_input_gets_a_sentence(options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as error:
        said(*options)
    assert sentence in str(error.value)
