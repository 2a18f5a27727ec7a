"""What `newsletter init DIR` copies, and where the built-in templates lie."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from newsletter.errors import ConfigError
from newsletter.preferences import is_timezone

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_COPIED: Final = ("samples/*", "subscribers/*@example.*")
"""Of the subscribers the examples alone: a checkout may hold real ones."""
_ZONE: Final = re.compile(
    r"^(defaults:.*?\btimezone:[ \t]*)([A-Za-z0-9_+/-]+)", re.MULTILINE | re.DOTALL
)


def _embedded() -> Path:
    """Return the folder that holds config.yaml, samples, subscribers and templates.

    In an installed wheel that is `newsletter/embedded`; in a checkout its top.
    """
    installed = _PACKAGE / "embedded"
    return installed if installed.is_dir() else _PACKAGE.parent


def default_templates() -> Path:
    """Return the folder of the built-in templates."""
    return _embedded() / "templates"


def starter_files() -> Mapping[str, Path]:
    """Return what a new folder begins with: names relative to it → files to copy."""
    top = _embedded()
    files = {"config.yaml": top / "config.yaml"}
    for pattern in _COPIED:
        files |= {path.relative_to(top).as_posix(): path for path in _visible_files(top, pattern)}
    files["templates/README.md"] = Path(__file__).with_name("templates.md")
    return MappingProxyType(files)


def _visible_files(top: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(top.glob(pattern)):
        if path.is_file() and not path.name.startswith((".", "__")):
            yield path


def copy_starter(to: Path, *, timezone: str | None = None) -> tuple[Path, ...]:
    """Copy the starting files to `to` and return those that were written.

    `timezone` is written into `defaults.send` of config.yaml. None means that of the machine;
    where it is unknown the zone that stands there stays. Files that exist already are left alone.
    Raises ConfigError when there is a config.yaml, or the folder cannot be written.
    """
    if (to / "config.yaml").exists():
        raise ConfigError(f"{to / 'config.yaml'} exists already; choose another folder")
    try:
        return tuple(_copy(to, timezone or machine_timezone()))
    except OSError as error:
        raise ConfigError(f"{to} cannot be written ({error.strerror}); choose another") from error


def _copy(to: Path, timezone: str | None) -> Iterator[Path]:
    for name, source in starter_files().items():
        target = to / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == "config.yaml" and timezone:
            text = source.read_text(encoding="utf-8")
            target.write_text(with_timezone(text, timezone), encoding="utf-8")
        else:
            shutil.copyfile(source, target)
        yield target


def with_timezone(config: str, timezone: str) -> str:
    """Return the text of a config.yaml with another zone in `defaults`; comments stay."""
    return _ZONE.sub(lambda found: found[1] + timezone, config, count=1)


def machine_timezone(
    environment: Mapping[str, str] = os.environ, localtime: Path = Path("/etc/localtime")
) -> str | None:
    """Return the IANA zone of this machine: TZ, else where `localtime` leads; None if unknown."""
    named = environment.get("TZ", "").removeprefix(":")
    linked = str(localtime.resolve()) if localtime.is_symlink() else ""
    # The database keeps copies of its zones below posix/ and right/ as well.
    found = re.search(r"zoneinfo[^/]*/(?:posix/|right/)?(.+)$", linked)
    return next((zone for zone in (named, found and found[1]) if zone and is_timezone(zone)), None)
