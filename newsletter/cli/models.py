"""The work of `newsletter models`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from newsletter.bootstrap import (
    ModelStanding,
    Trial,
    list_models,
    pull_model,
    try_named,
    use_model,
    why_none_is_used,
)
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.config import load_config

_HEADINGS: Final = ("", "Model", "MB", "Pace of a core", "Files", "Libraries")


def run_list(session: Session) -> None:
    """Show what there is."""
    config = load_config(session.config_path)
    standings = list_models(config)
    if session.wants_json:
        records: list[JsonValue] = [_record(one) for one in standings]
        session.write_json({"semantic": config.matching.semantic, "models": records})
        return
    session.say(plain_table("Models of meaning", _HEADINGS, map(_row, standings), {"Model"}))
    for one in standings:
        session.say(f"{one.name}: {_what_it_is(one)}")
    if any(one.missing_libraries for one in standings):
        session.say('The libraries: pip install "newsletter[semantic]"')
    if reason := why_none_is_used(config):
        session.say(f"None is used: {reason}")


def run_pull(session: Session, name: str, offered: Sequence[Path]) -> None:
    """Bring a model, and say what to do next."""
    config = load_config(session.config_path)
    brought = pull_model(config, name, session.notice, offered)
    standing = next(one for one in list_models(config) if one.name == name)
    if session.wants_json:
        session.write_json({**_record(standing), "brought": [one.name for one in brought]})
        return
    folder = config.data / "models" / name
    files = " and ".join(one.name for one in brought)
    session.say(f"Brought {files} to {folder}." if brought else f"{folder} holds it already.")
    if standing.missing_libraries:
        libraries = " and ".join(standing.missing_libraries)
        session.say(f'It needs {libraries}: pip install "newsletter[semantic]"')
    if not standing.is_used:
        session.say(f"To match with it: newsletter models use {name}")


def run_use(session: Session, written: str) -> None:
    """Try a model and name it in config.yaml."""
    config = load_config(session.config_path)
    trial = None if written == "none" else try_named(config, written, Path.cwd())
    if trial:
        session.say(_trial_text(trial))
    lines = use_model(session.config_path, written, Path.cwd())
    if session.wants_json:
        session.write_json({"written": list(lines), "trial": _trial_record(trial)})
        return
    session.say(
        f"Written to {session.config_path}: {', '.join(lines)}. "
        "A `serve` that runs takes it up when it is started again."
    )


def _row(one: ModelStanding) -> Sequence[str]:
    return (
        "in use" if one.is_used else "",
        one.name,
        f"{_size_bytes(one) / 1e6:.0f}",
        one.known.pace if one.known else "",
        one.found.place if one.found else "not here",
        f"without {', '.join(one.missing_libraries)}" if one.missing_libraries else "there",
    )


def _what_it_is(one: ModelStanding) -> str:
    if one.known:
        return f"{one.known.title}; {one.known.kind}; licence {one.known.licence}"
    return f"your own, in {one.found.weights.parent}" if one.found else "your own"


def _record(one: ModelStanding) -> dict[str, JsonValue]:
    return {
        "name": one.name,
        "title": one.known.title if one.known else None,
        "kind": one.found.kind if one.found else one.known.kind if one.known else None,
        "licence": one.known.licence if one.known else None,
        "size_bytes": _size_bytes(one),
        "dimensions": one.known.dimensions if one.known else None,
        "pace": one.known.pace if one.known else None,
        "place": one.found.place if one.found else None,
        "folder": str(one.found.weights.parent) if one.found else None,
        "missing_libraries": list(one.missing_libraries),
        "is_used": one.is_used,
    }


def _size_bytes(one: ModelStanding) -> int:
    if one.known:
        return one.known.size_bytes
    paths = (one.found.weights, one.found.tokenizer) if one.found else ()
    return sum(path.stat().st_size for path in paths)


def _trial_text(trial: Trial) -> str:
    return (
        f"{trial.model} works: {trial.dimensions} dimensions, "
        f"{trial.per_second:,.0f} abstracts a second on this machine now."
    )


def _trial_record(trial: Trial | None) -> JsonValue:
    if trial is None:
        return None
    pace = round(trial.per_second, 1)
    return {"model": trial.model, "dimensions": trial.dimensions, "per_second": pace}
