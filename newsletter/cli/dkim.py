"""The work of `newsletter dkim new`."""

import json
import re
from pathlib import Path
from typing import Final

import typer

from newsletter.cli.session import Session
from newsletter.config import load_config
from newsletter.rules.addresses import domain_of
from newsletter.transports import (
    DkimKey,
    KeyKind,
    make_key,
    public_record,
    record_name,
    record_strings,
    write_key,
)

_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9._/][A-Za-z0-9._/-]*")


def run_dkim_new(
    session: Session,
    selector: str,
    *,
    domain: str | None = None,
    kind: str = "rsa",
    bits: int = 2048,
    output: Path | None = None,
) -> None:
    """Make the key file, then show the record to publish and the lines for config.yaml.

    The config is read only for what is not given: `domain` is else that of `newsletter.from`, and
    `output` a file in the data folder.
    """
    key = make_key(selector, domain or _sending_domain(session), KeyKind(kind), bits)
    path = output or load_config(session.config_path).data / f"dkim-{selector}.pem"
    write_key(key, path)
    settings = _settings(key, _as_setting(session, path))
    if session.wants_json:
        _write_json(session, key, path, settings)
    elif not session.is_quiet:
        typer.echo(_advice(key, path, settings))
    if key.kind is KeyKind.ED25519:
        session.notice("Not everybody can verify ed25519: sign with an rsa key as well.")


def _sending_domain(session: Session) -> str:
    return domain_of(load_config(session.config_path).letterhead().from_address)


def _as_setting(session: Session, path: Path) -> str:
    """Return `path` as config.yaml would name it: relative to its own folder where it lies below."""
    folder = session.config_path.absolute().parent
    whole = path.absolute()
    return str(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)


def _settings(key: DkimKey, file: str) -> str:
    written = file if _PLAIN_PATH.fullmatch(file) else json.dumps(file)
    item = f"selector: {key.selector}, domain: {key.domain}, key: {{file: {written}}}"
    return f"delivery:\n  dkim:\n    - {{{item}}}"


def _advice(key: DkimKey, path: Path, settings: str) -> str:
    """Return what a person reads; long lines stay whole, because they are there to be copied."""
    record = public_record(key)
    strings = "\n    ".join(f'"{part}"' for part in record_strings(record))
    return f"""\
Made {path}, which its owner alone can read. Who has it can sign in your name.

1. Publish this TXT record in the DNS.

name:  {record_name(key)}
value: {record}

The same for a zone file, in strings of at most 255 characters:

{record_name(key)}. IN TXT (
    {strings} )

2. Once others can see it, add this to config.yaml (the last line, where there is a list already):

{settings}
"""


def _write_json(session: Session, key: DkimKey, path: Path, settings: str) -> None:
    record = public_record(key)
    session.write_json(
        {
            "selector": key.selector,
            "domain": key.domain,
            "type": key.kind,
            "bits": key.bits,
            "file": str(path),
            "record": {
                "name": record_name(key),
                "type": "TXT",
                "value": record,
                "strings": list(record_strings(record)),
            },
            "config": settings,
        }
    )
