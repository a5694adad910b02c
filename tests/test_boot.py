"""Outside the demo nothing starts without keys, and never with the sandbox."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from integrations.jose.signer import generate_private_pem
from integrations.pades.keys import made_up_pem


def boots(tmp_path, **environment):
    """What becomes of the WSGI entry point in a process of its own, with exactly this environment."""
    return subprocess.run(
        [sys.executable, "-c", "import vetting.wsgi"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


KEYS = {
    "SECRET_KEY": "invented-and-long-enough-for-this-test-0123456789-abcdefghij",
    "BASE_URL": "https://node.example",
    "ALLOWED_HOSTS": "node.example",
    "EXCHANGE_GATEWAY": "integrations.gateways.desk.DeskGateway",
    "SEAL_KEY": made_up_pem("An authority of this test").decode(),
}


def test_without_a_signing_key_it_says_what_is_missing_and_ends(tmp_path):
    ended = boots(tmp_path, **KEYS)
    assert ended.returncode != 0
    assert "no key to sign certificates" in ended.stderr


def test_without_a_seal_it_says_what_is_missing_and_ends(tmp_path):
    ended = boots(tmp_path, **{**KEYS, "SEAL_KEY": ""}, CERTIFICATE_KEY=generate_private_pem().decode())
    assert ended.returncode != 0
    assert "no seal for certificates (no-seal-key)" in ended.stderr


def test_a_made_up_seal_is_for_the_demo_alone(tmp_path):
    made_up = {**KEYS, "SEAL_KEY": made_up_pem().decode()}
    ended = boots(tmp_path, **made_up, CERTIFICATE_KEY=generate_private_pem().decode())
    assert ended.returncode != 0
    assert "made up at set-up" in ended.stderr


def test_time_stamps_need_somebody_to_trust(tmp_path):
    stamped = {**KEYS, "TIMESTAMP_URL": "https://stamps.example"}
    ended = boots(tmp_path, **stamped, CERTIFICATE_KEY=generate_private_pem().decode())
    assert ended.returncode != 0
    assert "timestamp-roots-missing" in ended.stderr


def test_without_a_secret_of_its_own_it_ends(tmp_path):
    ended = boots(tmp_path, **{**KEYS, "SECRET_KEY": ""}, CERTIFICATE_KEY=generate_private_pem().decode())
    assert ended.returncode != 0
    assert "SECRET_KEY" in ended.stderr


@pytest.mark.parametrize("gateway", ["integrations.gateways.sandbox.SandboxGateway"])
def test_the_sandbox_never_answers_outside_the_demo(tmp_path, gateway):
    key = generate_private_pem().decode()
    ended = boots(tmp_path, **{**KEYS, "EXCHANGE_GATEWAY": gateway}, CERTIFICATE_KEY=key)
    assert ended.returncode != 0
    assert "sandbox" in ended.stderr


def test_with_its_keys_it_starts(tmp_path):
    (tmp_path / "static").mkdir()
    ended = boots(tmp_path, **KEYS, CERTIFICATE_KEY=generate_private_pem().decode())
    assert ended.returncode == 0, ended.stderr


def test_a_worker_finds_its_tasks_in_a_process_of_its_own(tmp_path):
    script = "from vetting.celery import app; app.loader.init_worker(); print(*sorted(app.tasks))"
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **KEYS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "vetting.tasks.advance vetting.tasks.expire vetting.tasks.sweep" in ended.stdout, ended.stderr


@pytest.mark.parametrize("way", ["sms", "post", "pigeon"])
def test_a_way_for_letters_without_an_adapter_is_refused(tmp_path, way):
    key = generate_private_pem().decode()
    ended = boots(tmp_path, **KEYS, CERTIFICATE_KEY=key, LETTERS_BY=way)
    assert ended.returncode != 0
    assert "no adapter for the way in LETTERS_BY" in ended.stderr
