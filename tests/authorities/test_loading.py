"""Loading an edition: whole, once, on the record, and only when told to."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection

from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.authorities.models import Authority, Edition, NationalRule
from vetting.authorities.queries import directory, directory_or_packaged, packaged_directory
from vetting.authorities.services import load_edition
from vetting.errors import Refused

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


def said(*options: str) -> str:
    out = StringIO()
    call_command("load_authorities", *options, stdout=out)
    return out.getvalue()


def test_what_was_loaded_is_what_is_packaged() -> None:
    edition = load_edition(at=AT, actor=SYSTEM)
    assert edition.is_active
    assert directory().number == packaged_directory().number
    assert {row.state: row for row in directory().rows} == {row.state: row for row in packaged_directory().rows}


def test_loading_twice_changes_nothing_and_says_it_once() -> None:
    first = load_edition(at=AT, actor=SYSTEM)
    assert load_edition(at=AT, actor=SYSTEM) == first
    assert Edition.objects.count() == 1
    assert NationalRule.objects.count() == Authority.objects.count() == len(packaged_directory().rows)
    assert Entry.objects.filter(event="authorities.edition_loaded", facts__edition=first.number).count() == 1


def test_a_new_edition_takes_the_place_of_the_one_in_force() -> None:
    old = Edition.objects.create(number="2025.1", digest="0" * 64, loaded_at=AT, is_active=True)
    new = load_edition(at=AT, actor=SYSTEM)
    old.refresh_from_db()
    assert (old.is_active, new.is_active) == (False, True)


def test_an_edition_that_was_replaced_can_be_put_in_force_again() -> None:
    edition = load_edition(at=AT, actor=SYSTEM)
    Edition.objects.update(is_active=False)
    assert load_edition(at=AT, actor=SYSTEM) == edition
    assert NationalRule.objects.count() == len(packaged_directory().rows)


def test_a_gateway_an_operator_chose_survives_a_new_edition() -> None:
    Authority.objects.create(state="PL", name="before", native_name="before", gateway="integrations.gateways.own")
    load_edition(at=AT, actor=SYSTEM)
    poland = Authority.objects.get(state="PL")
    assert poland.gateway == "integrations.gateways.own"
    assert poland.name != "before"


def test_another_content_under_the_same_number_is_refused_and_nothing_changes() -> None:
    Edition.objects.create(number=packaged_directory().number, digest="0" * 64, loaded_at=AT, is_active=True)
    with pytest.raises(Refused) as refusal:
        load_edition(at=AT, actor=SYSTEM)
    assert "Raise `number`" in refusal.value.sentence
    assert Edition.objects.get().is_active
    with pytest.raises(CommandError, match="Raise `number`"):
        said("--apply")


def test_two_editions_are_never_in_force_at_once() -> None:
    Edition.objects.create(number="1", digest="1" * 64, loaded_at=AT, is_active=True)
    with pytest.raises(IntegrityError):
        Edition.objects.create(number="2", digest="2" * 64, loaded_at=AT, is_active=True)


def test_the_command_plans_unless_told_to_apply() -> None:
    assert "  PL: added" in said()
    assert "Nothing was changed" in said()
    assert not Edition.objects.exists()
    assert f"Edition {packaged_directory().number} is in force." in said("--apply")
    assert "Nothing to do." in said("--apply")


def test_without_an_edition_nothing_is_routed_but_everything_is_explained() -> None:
    with pytest.raises(Refused) as refusal:
        directory()
    assert "load_authorities --apply" in refusal.value.sentence
    assert directory_or_packaged() == packaged_directory()


def test_without_a_database_everything_is_explained() -> None:
    def unreachable(*_args: object) -> None:
        raise OperationalError("no such table")

    with connection.execute_wrapper(unreachable):
        assert directory_or_packaged() == packaged_directory()
