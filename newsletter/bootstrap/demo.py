"""A newsroom to look at: every source asks a local server that imitates the web's services.

Nothing leaves the machine: letters go to the server inside the program, papers and people are
invented. It is the one place outside the tests that uses `newsletter.testing`, and imports it when
a demo begins: other commands would start a tenth of a second later.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsletter.bootstrap.demo_texts import CONFIG, READERS
from newsletter.errors import ConfigError

if TYPE_CHECKING:
    from newsletter.testing.services import Paper, Services

_DAY: Final = timedelta(days=1)
_PICKS: Final = 10


@dataclass(slots=True)
class Demo:
    """The demo while it runs: where its config stands, and what time it is at the services."""

    folder: Path
    days: tuple[datetime, ...]
    """The moments to act at, a day apart."""
    _moment: datetime | None = None

    @property
    def config_path(self) -> Path:
        """Where config.yaml stands."""
        return self.folder / "config.yaml"

    @property
    def subscribers(self) -> Path:
        """Where the documents of the three readers stand."""
        return self.folder / "subscribers"

    def now(self) -> datetime:
        """Return the time of the services: that of the day, or the machine's after `run_on`."""
        return self._moment or datetime.now(UTC)

    def go_to(self, day: datetime) -> None:
        """Let it be `day` at the services."""
        self._moment = day

    def run_on(self) -> None:
        """Let time pass at the services from now on, as it does on this machine."""
        self._moment = None


@contextmanager
def open_demo(into: Path | None, last: datetime, days: int) -> Iterator[Demo]:
    """Yield a demo of `days` days that end with `last`, its services running until the end.

    None makes a folder for temporary files, which stays when the demo is over: letters can be read
    there. Raises ConfigError when `into` holds a newsletter already or cannot be written.
    """
    from newsletter.testing.services import Services  # noqa: PLC0415 - see above

    folder = _folder(into)
    moments = tuple(last - _DAY * back for back in range(days - 1, -1, -1))
    demo = Demo(folder, moments, _moment=moments[0])
    with Services(clock=demo) as services:
        _write(demo, services)
        yield demo


def _folder(into: Path | None) -> Path:
    if into is None:
        return Path(tempfile.mkdtemp(prefix="newsletter-demo-"))
    if (into / "config.yaml").exists():
        raise ConfigError(f"{into / 'config.yaml'} exists already; choose another folder")
    return into


def _write(demo: Demo, services: "Services") -> None:
    try:
        for folder in (demo.subscribers, demo.folder / "templates"):
            folder.mkdir(parents=True, exist_ok=True)
        for name, text in READERS.items():
            (demo.subscribers / name).write_text(text, encoding="utf-8")
        lines = [json.dumps(_pick(paper), ensure_ascii=False) for paper in _picks(services)]
        (demo.folder / "picks.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        block = "\n".join(f"  {name}: {{{text}}}" for name, text in _sources(services).items())
        demo.config_path.write_text(CONFIG.replace("SOURCES", block), encoding="utf-8")
    except OSError as error:
        message = f"{demo.folder} cannot be written ({error.strerror}); choose another folder"
        raise ConfigError(message) from error


def _sources(services: "Services") -> Mapping[str, str]:
    """Return the settings of each source, as they stand between braces."""
    from newsletter.testing.services import FEEDS, VENUE  # noqa: PLC0415 - see above

    def base(service: str) -> str:
        return f'base: "{services.base(service)}"'

    year = services.now().year
    blogs = {
        name: f'kind: feed, url: "{services.base("blogs")}/{name}/{feed[0]}"'
        for name, feed in FEEDS.items()
    }
    return {
        "picks": "kind: file, path: picks.jsonl",
        "daily-papers": f"kind: daily-papers, {base('daily-papers')}",
        "arxiv": f"kind: arxiv, categories: [cs, stat, q-bio], {base('arxiv')}",
        "biorxiv": f"kind: biorxiv, {base('biorxiv')}",
        "medrxiv": f"kind: biorxiv, server: medrxiv, {base('biorxiv')}",
        "crossref": f"kind: crossref, query: learning sleep protein, {base('crossref')}",
        "scholar": f"kind: semantic-scholar, query: reinforcement learning, {base('semantic-scholar')}",
        "venue": f"kind: openreview, venues: [{VENUE.format(year=year)}], {base('openreview')}",
        **blogs,
    }


def _picks(services: "Services") -> tuple["Paper", ...]:
    """Return what the editor picked by hand: of the first days, so that other sources know it too."""
    return services.world.papers[:_PICKS]


def _pick(paper: "Paper") -> dict[str, str | list[str] | dict[str, str]]:
    doi = paper.preprint.doi if paper.preprint else None
    page = f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else f"https://doi.org/{doi}"
    return {
        "title": paper.first.title,
        "abstract": paper.first.abstract,
        "authors": [person.name for person in paper.authors],
        "organization": paper.organization,
        "published_on": f"{paper.first.submitted_at:%Y-%m-%d}",
        "links": {"page": page},
    }
