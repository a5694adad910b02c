"""The operator's command for organisations' own sign-in: what it would trust is shown before it is loaded."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import given
from tests.identity_provider import CLIENT, provider
from vetting.audit.models import Entry
from vetting.organisations.models import IdentityProvider, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return given.world()


@pytest.fixture
def theirs():
    with provider() as running:
        yield running


def loads(tmp_path, *lines, apply=True):
    """What the command says of a file with these lines."""
    file, said = tmp_path / "providers.toml", StringIO()
    file.write_text("\n".join(["[[provider]]", *lines]), encoding="utf-8")
    call_command("load_sign_in", str(file), *(["--apply"] if apply else []), stdout=said)
    return said.getvalue()


def lines(world, theirs, *more):
    return [
        f'organisation = "{world.organisation.ref}"', f'issuer = "{theirs.issuer}"', f'client_id = "{CLIENT}"', *more,
    ]  # fmt: skip


def test_without_apply_it_shows_every_address_and_changes_nothing(tmp_path, world, theirs):
    said = loads(tmp_path, *lines(world, theirs, 'secret = "SIGN_IN_SECRET_CLUB"'), apply=False)
    for shown in ("authorise", "token", "keys?set=all", "SIGN_IN_SECRET_CLUB, which is NOT set here", "ours stays"):
        assert shown in said
    assert "Nothing was changed." in said
    assert not IdentityProvider.objects.exists()


def test_applied_it_gives_the_code_and_the_address_to_register_and_again_keeps_the_code(tmp_path, world, theirs):
    said = loads(tmp_path, *lines(world, theirs))
    code = IdentityProvider.objects.get().code
    assert code in said
    assert f"/accounts/organisation/{code}/back/" in said
    said = loads(tmp_path, *lines(world, theirs, 'amr = ["mfa"]'))
    assert "counts when it says mfa" in said
    assert IdentityProvider.objects.get().code == code
    assert Entry.objects.filter(event="organisation.sign_in").count() == 2


def test_one_is_switched_off_even_when_it_is_gone(tmp_path, world, theirs):
    loads(tmp_path, *lines(world, theirs))
    theirs.described = {"issuer": "gone"}
    assert "switched off" in loads(tmp_path, *lines(world, theirs, "off = true"))
    assert not IdentityProvider.objects.get().is_active


def test_an_organisation_is_named_by_its_name_where_only_one_has_it(tmp_path, world, theirs):
    told = [f'organisation = "{world.organisation.name}"', *lines(world, theirs)[1:]]
    loads(tmp_path, *told)
    Organisation.objects.create(name=world.organisation.name, state="FR")
    with pytest.raises(CommandError, match="2 organisations are called"):
        loads(tmp_path, *told)


@pytest.mark.parametrize(
    "described,why",
    [
        ({"issuer": "https://evil.example"}, "names another issuer"),
        ({"response_types_supported": ["id_token"]}, "code flow"),
        ({"code_challenge_methods_supported": ["plain"]}, "PKCE"),
        ({"token_endpoint_auth_methods_supported": ["client_secret_post"]}, "HTTP Basic"),
        ({"token_endpoint": 5}, "cannot be read"),
        ({"token_endpoint": "http://10.0.0.1/token"}, "begins with https://"),
        ({"jwks_uri": "file:///etc/passwd"}, "begins with https://"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "begins with https://"),
    ],
)
def test_a_provider_that_cannot_be_believed_is_refused_with_the_reason(tmp_path, world, theirs, described, why):
    theirs.described = described
    with pytest.raises(CommandError, match=why):
        loads(tmp_path, *lines(world, theirs, 'secret = "SIGN_IN_SECRET_CLUB"'))
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize(
    "line,why",
    [
        ('issuer = "http://idp.example"', "begins with https://"),
        ('issuer = "http://localhost:1"', "begins with https://"),
        ('issuer = "ftp://127.0.0.1/"', "begins with https://"),
        ('issuer = "https://user@idp.example"', "no user in it"),
        ('issuer = "http://127.0.0.1:9/gone"', "does not answer"),
        ('secret = "a secret itself"', "Never write the secret"),
        ('secret = "SECRET_KEY"', "begins with SIGN_IN_SECRET_"),
        ('amr = "mfa"', "list of texts"),
        ('off = "yes"', "true or false"),
        ('colour = "red"', "has no colour"),
        ('client_id = ""', "are needed"),
        ('organisation = "No Such Club"', "0 organisations"),
    ],
)
def test_a_wrong_line_is_explained_and_nothing_is_loaded(tmp_path, world, theirs, line, why):
    name = line.partition(" ")[0]
    told = [one for one in lines(world, theirs) if not one.startswith(name)]
    with pytest.raises(CommandError, match=why):
        loads(tmp_path, *told, line)
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize("text", ["", "x = ", "provider = 3"])
def test_a_file_without_a_provider_is_explained(tmp_path, text):
    file = tmp_path / "providers.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"cannot be read|holds no"):
        call_command("load_sign_in", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_sign_in", str(tmp_path / "none.toml"))
