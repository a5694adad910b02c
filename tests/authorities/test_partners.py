"""Loading other nodes: on the record, only when told to, and never a key that two States have."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.given import START
from tests.two_nodes import KIDS, NODES, partner
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.authorities.models import Partner
from vetting.authorities.rules import partner_address
from vetting.authorities.services import load_edition
from vetting.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def edition(db):
    load_edition(at=START, actor=SYSTEM)


@pytest.fixture
def file(tmp_path):
    """A file of one partner, whose key set lies beside it."""

    def write(state="BG", address="https://node.invented.example/", keys=("BG",), **more):
        listed = [NODES[name].public_keys()["keys"][0] for name in keys]
        (tmp_path / "keys.json").write_text(json.dumps({"keys": listed}))
        row = {"state": state, "address": address, "key_set_file": "keys.json", **more}
        path = tmp_path / "partners.toml"
        path.write_text("[[partner]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in row.items()))
        return str(path)

    return write


def said(*options):
    out = StringIO()
    call_command("load_partners", *options, stdout=out)
    return out.getvalue()


def test_without_apply_it_only_plans(file):
    plan = said(file())
    assert f"BG: https://node.invented.example; keys: {KIDS['BG']} (new)" in plan
    assert "Nothing was changed" in plan
    assert not Partner.objects.exists()


def test_with_apply_it_loads_on_the_record(file):
    said(file(), "--apply")
    row = Partner.objects.get(authority__state="BG")
    assert (row.address, row.key_set) == ("https://node.invented.example", NODES["BG"].public_keys())
    entry = Entry.objects.get(event="authorities.partner_loaded")
    assert (entry.facts["authority"], entry.facts["number"]) == ("BG", "1")


def test_the_plan_of_a_rotation_says_which_key_comes_and_which_goes(file):
    said(file(), "--apply")
    assert f"{KIDS['XX']} (new), {KIDS['BG']}\n" in said(file(keys=("XX", "BG")), "--apply")
    assert f"{KIDS['XX']}, {KIDS['BG']} no longer" in said(file(keys=("XX",)))
    assert "nothing of theirs is accepted" in said(file(keys=()), "--apply")
    assert Partner.objects.get().key_set == {"keys": []}


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"state": "IE"}, "another State"),
        ({"state": "ZZ"}, "another State"),
        ({"address": "http://192.0.2.1"}, "begins with https"),
        ({"colour": "red"}, "either a key_set or"),
        ({"key_set_file": "nothing.json"}, "cannot be read"),
    ],
)
def test_what_is_no_partner_is_refused_in_a_sentence(file, change, sentence):
    with pytest.raises(CommandError, match=sentence):
        said(file(**change), "--apply")
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "partner = 1", "[[partner", '[[partner]]\nstate = "BG"\nkey_set = { keys = [1] }']
)
def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path, text):
    path = tmp_path / "partners.toml"
    path.write_text(text)
    with pytest.raises(CommandError, match=r"table|read|used|address"):
        said(str(path))


def test_a_key_belongs_to_one_state():
    partner("BG", START)
    with pytest.raises(Refused, match="key-of-another"):
        partner("RO", START, key_set=NODES["BG"].public_keys())


@pytest.mark.parametrize(
    "address",
    ["", "node", "http://node.invented.example", "https://", "https://user@node.example", "https://node.example/?a=1",
     "https://node.example/#a", "https://node.example:port", "https://node.example/\n", "ftp://127.0.0.1", "http://localhost"],
)  # fmt: skip
def test_an_address_is_https_and_nothing_more(address):
    with pytest.raises(Refused, match="partner-address"):
        partner_address(address, plain_loopback=True)


def test_plain_http_is_for_this_machine_where_that_is_allowed():
    assert partner_address("http://127.0.0.1:8001/", plain_loopback=True) == "http://127.0.0.1:8001"
    assert partner_address("http://[::1]:8001", plain_loopback=True) == "http://[::1]:8001"
    with pytest.raises(Refused, match="partner-address"):
        partner_address("http://127.0.0.1:8001", plain_loopback=False)
