"""Secrets: written out, or better kept in the environment or in a file of their own."""

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import PlainValidator, ValidationInfo, model_validator

from newsletter.config.places import ConfigPath
from newsletter.errors import ConfigError
from newsletter.preferences import Name, SchemaSection, text, wrong

_LARGEST_BYTES: Final = 65_536


class SecretKind(StrEnum):
    """Where a secret is kept."""

    TEXT = "text"
    ENV = "env"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is kept. It is read when it is needed, not when the config is.

    `value` is the secret itself, the name of a variable or an absolute path; `key` the setting.
    """

    kind: SecretKind
    value: str = field(repr=False)
    key: str = "secret"

    @property
    def path(self) -> Path | None:
        """The file that holds it, None when it is kept elsewhere."""
        return Path(self.value) if self.kind is SecretKind.FILE else None

    def read(self) -> str:
        """Return the secret without the line end of its file.

        Raises ConfigError when the variable is not set, or the file is missing, unreadable,
        empty or larger than 64 KiB.
        """
        match self.kind:
            case SecretKind.TEXT:
                return self.value
            case SecretKind.ENV:
                return self._from_environment()
            case SecretKind.FILE:
                return self._from_file(Path(self.value))

    def _from_environment(self) -> str:
        if secret := os.environ.get(self.value):
            return secret
        raise ConfigError(
            f"{self.key}: the environment variable {self.value} is not set; "
            "set it where the program is started, or write {file: PATH}"
        )

    def _from_file(self, path: Path) -> str:
        try:
            with path.open("rb") as opened:
                secret = opened.read(_LARGEST_BYTES + 1).decode().rstrip("\r\n")
        except FileNotFoundError as error:
            raise ConfigError(
                f"{self.key}: there is no file {path}; write the secret into it, readable by the "
                "program's user alone"
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{self.key}: {path} cannot be read ({error}); let the program's user read it"
            ) from error
        if not secret or len(secret) > _LARGEST_BYTES:
            raise ConfigError(f"{self.key}: {path} is empty or too large; it holds one secret")
        return secret


class _SecretSection(SchemaSection):
    env: Name | None = None
    file: ConfigPath | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise wrong(message="needs either {env: NAME} or {file: PATH}")
        return self


def _secret(value: object, info: ValidationInfo) -> SecretRef:
    key = info.field_name or "secret"
    if isinstance(value, str):
        return SecretRef(SecretKind.TEXT, text(1_000)(value), key)
    kept = _SecretSection.model_validate(value, context=info.context)
    if kept.file is not None:
        return SecretRef(SecretKind.FILE, str(kept.file), key)
    return SecretRef(SecretKind.ENV, kept.env or "", key)


Secret = Annotated[SecretRef, PlainValidator(_secret)]
