"""Secrets are read when they are needed, and a missing one says what to do."""

from pathlib import Path

import pytest

from newsletter.config import SecretKind, SecretRef
from newsletter.errors import ConfigError


def test_a_secret_can_be_written_out() -> None:
    assert SecretRef(SecretKind.TEXT, "hunter2").read() == "hunter2"


def test_a_secret_can_be_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    assert SecretRef(SecretKind.ENV, "SMTP_PASSWORD").read() == "hunter2"


def test_a_secret_can_be_a_file_without_its_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(" hunter2 \n")
    secret = SecretRef(SecretKind.FILE, str(path))
    assert secret.read() == " hunter2 "
    assert secret.path == path


def test_an_unset_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match="password: the environment variable SMTP_PASSWORD"):
        SecretRef(SecretKind.ENV, "SMTP_PASSWORD", "password").read()


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff", b"x" * 70_000])
def test_a_file_without_a_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=str(path)):
        SecretRef(SecretKind.FILE, str(path)).read()


def test_a_secret_does_not_show_itself() -> None:
    assert "hunter2" not in repr(SecretRef(SecretKind.TEXT, "hunter2"))
