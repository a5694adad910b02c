"""The epoch key: made once, whole, whoever dies or is first while it is made."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.vault.files import FileVault, _epoch_key
from vetting.errors import Unavailable, Unusable

EPOCH = "2026-11"


def test_what_a_process_that_was_killed_while_making_the_key_left_behind_is_in_nobodys_way(tmp_path):
    (tmp_path / f"epoch-{EPOCH}.{os.getpid()}").write_bytes(b"half")
    vault = FileVault(str(tmp_path))
    wrapped = vault.new_case_key(EPOCH)
    sealed = vault.seal(EPOCH, wrapped, b"text", context="here")
    assert FileVault(str(tmp_path)).open(EPOCH, wrapped, sealed, context="here") == b"text"


def test_threads_that_make_the_first_key_of_a_month_at_once_agree_on_one(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        wrapped = list(pool.map(lambda _: FileVault(str(tmp_path)).new_case_key(EPOCH), range(16)))
    for one in wrapped:
        sealed = FileVault(str(tmp_path)).seal(EPOCH, one, b"text", context="here")
        assert FileVault(str(tmp_path)).open(EPOCH, one, sealed, context="here") == b"text"
    assert [path.name for path in tmp_path.iterdir()] == [f"epoch-{EPOCH}.key"]
    assert stat.S_IMODE((tmp_path / f"epoch-{EPOCH}.key").stat().st_mode) == 0o600


def test_what_was_moved_or_altered_does_not_open_and_without_the_epoch_key_nothing_does(tmp_path):
    vault = FileVault(str(tmp_path / "one"))
    wrapped = vault.new_case_key(EPOCH)
    sealed = vault.seal(EPOCH, wrapped, b"text", context="here")
    for broken, context in ((sealed, "there"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), "here"), (b"", "here")):
        with pytest.raises(Unusable, match="not-sealed-here"):
            vault.open(EPOCH, wrapped, broken, context=context)
    (tmp_path / "other").mkdir()
    with pytest.raises(Unusable, match="no-epoch-key"):
        FileVault(str(tmp_path / "other")).open(EPOCH, wrapped, sealed, context="here")


def test_a_vault_that_is_away_for_a_moment_is_unavailable_and_gives_nothing_up(tmp_path):
    vault = FileVault(str(tmp_path / "keys"))
    wrapped = vault.new_case_key(EPOCH)
    _epoch_key.cache_clear()
    (tmp_path / "keys").rename(tmp_path / "elsewhere")
    with pytest.raises(Unavailable):
        vault.seal(EPOCH, wrapped, b"words", context="case/column")
