"""The secret for codes: made for its owner alone, never written over, and its faults told beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import StoreError
from store.__main__ import main
from store.program.code_secret import FILE_VARIABLE, make_secret, read_secret, secret_fault


def test_one_command_makes_a_secret_that_the_server_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "secret"
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    assert "python -m store secret FILE" in secret_fault()
    assert main(["secret", str(path)]) == 0
    monkeypatch.setenv(FILE_VARIABLE, str(path))
    assert secret_fault() == ""
    secret = read_secret()
    assert secret is not None
    assert len(secret) == 64
    assert secret.decode() not in capsys.readouterr().out, "it is told to nobody"
    # With another one all people would get other codes.
    assert main(["secret", str(path)]) == 1
    assert read_secret() == secret
    with pytest.raises(StoreError, match="cannot be written"):
        make_secret(tmp_path / "nowhere" / "secret")


def test_a_secret_that_others_can_read_is_refused_and_says_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    make_secret(path)
    path.chmod(0o644)
    monkeypatch.setenv(FILE_VARIABLE, str(path))
    with pytest.raises(StoreError, match="can be read by others"):
        read_secret()
    assert "chmod 600" in secret_fault()
    assert str(path) not in secret_fault()
