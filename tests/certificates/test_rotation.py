"""A new certificate key: published before it signs; the old one stays published; no moment without either."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from joserfc import jwk as other_keys
from joserfc import jws as other_library

from integrations.jose.rotation import FileKeeper
from integrations.jose.signer import create_key_file, from_environment, next_path
from vetting.errors import Unusable

TYPE = "at10-clearance+jwt"
CLAIMS = {"iss": "https://check.example", "jti": "one", "iat": 1_700_000_000, "exp": 1_800_000_000}


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """A key in a file, as an operator has it."""
    present, retired = tmp_path / "certificate.pem", tmp_path / "retired"
    create_key_file(present)
    monkeypatch.delenv("CERTIFICATE_KEY")
    monkeypatch.setenv("CERTIFICATE_KEY_FILE", str(present))
    monkeypatch.setenv("CERTIFICATE_KEYS_RETIRED_DIR", str(retired))
    return FileKeeper(present, retired)


def published():
    return [key["kid"] for key in from_environment().public_keys()["keys"]]


def signed():
    return from_environment().sign(CLAIMS, typ=TYPE)


def opens(token):
    found = other_keys.KeySet.import_key_set(json.loads(json.dumps(from_environment().public_keys())))
    return json.loads(other_library.deserialize_compact(token, found, algorithms=["ES256"]).payload) == CLAIMS


def run(capsys, *said):
    call_command("rotate_certificate_key", *said)
    return capsys.readouterr().out


def days_ago(path: Path, days: float) -> None:
    moment = path.stat().st_mtime - timedelta(days=days).total_seconds()
    os.utime(path, (moment, moment))


def test_without_apply_only_the_plan_is_said(keys, capsys):
    (old,) = published()
    said = run(capsys)
    assert f"{old} signs" in said
    assert "Next: a new key is made and published; the present one goes on signing." in said
    assert said.endswith("Nothing was changed; --apply does it.\n")
    assert published() == [old]


def test_a_new_key_is_published_a_day_before_it_signs(keys, capsys):
    (old,) = published()
    assert "Done." in run(capsys, "--apply")
    present, following = published()
    assert present == old
    assert from_environment().open(signed(), typ=TYPE) == CLAIMS
    assert "from " in run(capsys)
    with pytest.raises(CommandError, match="too early"):
        call_command("rotate_certificate_key", "--apply")
    assert published() == [old, following]
    assert next_path(keys.present).stat().st_mode & 0o777 == 0o600


def test_after_the_switch_what_either_key_signed_opens_for_everybody(keys, capsys):
    before = signed()
    run(capsys, "--apply")
    old, new = published()
    days_ago(next_path(keys.present), 1.1)
    assert f"{new} begins to sign, and {old} retires." in run(capsys)
    run(capsys, "--apply")
    assert published() == [new, old]
    assert opens(before)
    assert opens(signed())
    assert f"{old} retired on" in run(capsys)


def test_a_process_that_has_not_restarted_yet_opens_what_the_new_key_signs(keys, capsys):
    run(capsys, "--apply")
    still_running = from_environment()
    days_ago(next_path(keys.present), 2)
    run(capsys, "--apply")
    assert still_running.open(signed(), typ=TYPE) == CLAIMS
    assert opens(still_running.sign(CLAIMS, typ=TYPE))


def test_a_switch_that_ends_half_way_leaves_one_key_that_signs_and_is_done_again(keys, capsys, monkeypatch):
    before = signed()
    run(capsys, "--apply")
    old, new = published()
    days_ago(next_path(keys.present), 2)
    real = Path.replace

    def dies(self, target):
        if self == next_path(keys.present):
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_certificate_key", "--apply")
    capsys.readouterr()
    assert published() == [old, new]
    assert opens(before)
    assert opens(signed())
    assert f"{old} retired" not in run(capsys), "it still signs"
    run(capsys, "--apply")
    assert published() == [new, old]


def test_a_retired_key_is_forgotten_by_its_name_and_then_opens_nothing(keys, capsys):
    before = signed()
    run(capsys, "--apply")
    days_ago(next_path(keys.present), 2)
    run(capsys, "--apply")
    new, old = published()
    days_ago(keys.retired / f"{old}.pem", 400)
    assert f"{old} retired on" in run(capsys)
    assert "nothing it signed is current" in run(capsys)
    assert "stop verifying" in run(capsys, "--forget", old)
    assert published() == [new, old]
    run(capsys, "--forget", old, "--apply")
    assert published() == [new]
    with pytest.raises(Unusable, match="token-header"):
        from_environment().open(before, typ=TYPE)
    for name in (new, old, "../certificate"):
        with pytest.raises(CommandError, match="No retired key"):
            call_command("rotate_certificate_key", "--forget", name, "--apply")
    assert published() == [new]


def test_keys_that_are_kept_elsewhere_are_rotated_there(keys, monkeypatch):
    monkeypatch.setenv("CERTIFICATE_KEYS_RETIRED_DIR", "")
    with pytest.raises(CommandError, match="Rotate it where it is kept"):
        call_command("rotate_certificate_key")
    with pytest.raises(Unusable, match="no-next-key"):
        keys.switch()
