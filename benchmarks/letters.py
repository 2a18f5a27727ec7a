"""What does a letter cost, from the decided edition to the bytes of its message?

Ours beside two usual ways: the standard library's `EmailMessage`, given text and HTML, and MJML compiled
for every subscriber. All take turns in one process, so that ratios hold on a busy machine. A figure is
the median over letters; each is another subscriber's, with other words in head and foot. The best tenth
shows what a machine without other work would do.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from statistics import median, quantiles
from time import perf_counter
from typing import Final, TypeVar

import mjml
from jinja2 import DictLoader

from benchmarks.editions import LETTERHEAD, ROOT, make_edition, read_papers
from newsletter.model import (
    Dressing,
    Edition,
    EntryContent,
    Letter,
    LetterLinks,
    RenderedEmail,
    RevisionId,
)
from newsletter.ports import Renderer
from newsletter.rendering import EDITION_HTML, make_renderer, read_templates
from newsletter.rendering.environments import new_environment
from newsletter.rendering.views import view_letter
from newsletter.rules.addresses import Secrets, letter_links, message_id, verp_sender
from newsletter.rules.composing import compose, compose_written
from newsletter.rules.messages import MessageHeaders, assemble, build
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.stores import MemoryEntryStore
from newsletter.workflows import Press, print_letter

ROUNDS: Final = 12
FAST_LETTERS: Final = 150
SLOW_LETTERS: Final = 4
WARM_UP: Final = 600
SECRETS: Final = Secrets((b"a key of more than sixteen bytes",))

NAMES: Final = "links, Message-ID, VERP sender (signed)"
COMPOSE: Final = "compose"
ENCODE: Final = "render and encode"
BUILD: Final = "build (header and body)"
THREE: Final = "compose + render + build"
WHOLE: Final = "whole: the same ten entries for all"
MIXED: Final = "whole: any ten of sixty, in any order"
PLAIN: Final = "compose + render + build, nothing kept"
STANDARD: Final = "EmailMessage, given text and HTML"
COMPILED: Final = "MJML compiled per subscriber (HTML only)"

Result = TypeVar("Result")


class Papers(MemoryEntryStore):
    """The sample papers, as texts alone."""

    def __init__(self, papers: Mapping[RevisionId, EntryContent]) -> None:
        super().__init__()
        self._papers = papers

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the texts of `revisions`."""
        return {revision: self._papers[revision] for revision in revisions}


class Bench:
    """Templates, papers and a press whose memory is warm, and the timings."""

    def __init__(self) -> None:
        self.papers = read_papers()
        self.templates = read_templates([ROOT / "templates"])
        self.renderer: Renderer = make_renderer(self.templates)
        ledger = MemoryLedger()
        self.dressing = ledger.keep_dressing(Dressing(LETTERHEAD, self.templates))
        self.press = Press(Papers(self.papers), ledger, lambda _: self.renderer, SECRETS)
        self.count = 0
        self.timings: dict[str, list[float]] = {}

    def same(self) -> Edition:
        """Return another subscriber's edition: the same ten entries as all others have."""
        self.count += 1
        return self._dress(make_edition(self.count, list(self.papers)))

    def mixed(self) -> Edition:
        """Return another subscriber's edition: any of the sixty entries, in any order."""
        self.count += 1
        chosen = random.Random(self.count).sample(sorted(self.papers), 15)  # noqa: S311 - no secret
        return self._dress(make_edition(self.count, chosen))

    def print_whole(self, edition: Edition) -> None:
        """Print a letter as it is printed for sending."""
        print_letter(edition, self.press)

    def _dress(self, edition: Edition) -> Edition:
        return replace(edition, dressing=self.dressing)

    def time(self, name: str, step: Callable[[], Result]) -> Result:
        """Note how long `step` takes and return its result."""
        begin = perf_counter()
        result = step()
        self.timings.setdefault(name, []).append(perf_counter() - begin)
        return result


def run() -> None:
    """Print the table."""
    bench = Bench()
    for _ in range(WARM_UP):
        bench.print_whole(bench.same())
        bench.print_whole(bench.mixed())
    for _ in range(ROUNDS):
        for _ in range(FAST_LETTERS):
            _print_fast(bench)
        for _ in range(SLOW_LETTERS):
            _print_slowly(bench)
    _report(bench)


def _print_fast(bench: Bench) -> None:
    edition = bench.same()
    links = bench.time(NAMES, lambda: _sign(edition))
    begin = perf_counter()
    letter = bench.time(COMPOSE, lambda: _compose(edition, bench, links))
    encoded = bench.time(ENCODE, lambda: bench.renderer.encode(letter))
    headers = _headers(letter, edition)
    bench.time(BUILD, lambda: assemble(headers, encoded.text, encoded.html))
    bench.timings.setdefault(THREE, []).append(perf_counter() - begin)
    another, mixed = bench.same(), bench.mixed()
    bench.time(WHOLE, lambda: bench.print_whole(another))
    bench.time(MIXED, lambda: bench.print_whole(mixed))


def _print_slowly(bench: Bench) -> None:
    edition = bench.same()
    links = _sign(edition)
    letter = _compose(edition, bench, links)
    headers = _headers(letter, edition)
    bench.time(PLAIN, lambda: _print_plainly(edition, bench, links))
    rendered = bench.renderer.render(letter)
    bench.time(STANDARD, lambda: _print_by_standard_library(rendered, headers))
    bench.time(COMPILED, lambda: _compile(letter, bench))


def _sign(edition: Edition) -> LetterLinks:
    message_id(edition.id, edition.reader.subscriber, SECRETS, LETTERHEAD.domain)
    verp_sender(edition.id, SECRETS, LETTERHEAD.domain)
    return letter_links(edition.id, SECRETS, LETTERHEAD, edition.reader.subscriber)


def _compose(edition: Edition, bench: Bench, links: LetterLinks) -> Letter:
    entries, also_matched = map(bench.press.written, (edition.matches, edition.also_matched))
    return compose_written(edition, entries, also_matched, LETTERHEAD, links)


def _headers(letter: Letter, edition: Edition) -> MessageHeaders:
    return MessageHeaders(
        from_name=LETTERHEAD.from_name,
        from_address=LETTERHEAD.from_address,
        to=letter.reader.address,
        subject=letter.subject,
        date=edition.planned_at,
        message_id=f"<{edition.id}.signed@{LETTERHEAD.domain}>",
        list_name=LETTERHEAD.name,
        list_domain=LETTERHEAD.domain,
        owner=LETTERHEAD.owner,
        links=letter.links,
    )


def _print_plainly(edition: Edition, bench: Bench, links: LetterLinks) -> bytes:
    letter = compose(edition, bench.papers, {}, LETTERHEAD, links)
    return build(bench.renderer.render(letter), _headers(letter, edition))


def _print_by_standard_library(rendered: RenderedEmail, headers: MessageHeaders) -> bytes:
    message = EmailMessage()
    message["From"] = f"{headers.from_name} <{headers.from_address}>"
    message["To"] = headers.to
    message["Subject"] = headers.subject
    message["Date"] = headers.date
    message["Message-ID"] = headers.message_id
    message["List-Unsubscribe"] = f"<{headers.links.unsubscribe_mailto}>"
    message.set_content(rendered.text)
    message.add_alternative(rendered.html or "", subtype="html")
    return message.as_bytes(policy=SMTP)


def _compile(letter: Letter, bench: Bench) -> str:
    environment = new_environment(is_html=True)
    environment.loader = DictLoader(bench.templates)
    filled = environment.get_template(EDITION_HTML).render({"letter": view_letter(letter)})
    return str(mjml.mjml2html(filled, disable_comments=True, fonts={}))


def _report(bench: Bench) -> None:
    letter = _compose(edition := bench.same(), bench, _sign(edition))
    html = bench.renderer.render(letter).html or ""
    message = build(bench.renderer.render(letter), _headers(letter, edition))
    print(f"  {len(html) / 1000:.0f} kB of HTML, {len(message) / 1000:.0f} kB in a message")
    order = (NAMES, COMPOSE, ENCODE, BUILD, THREE, WHOLE, MIXED, PLAIN, STANDARD, COMPILED)
    print(f"  {'per message':<42}{'median µs':>12}{'ratio':>9}{'best tenth µs':>16}{'ratio':>9}")
    unit = _typical(bench.timings[THREE])
    for name in order:
        usual, best = _typical(bench.timings[name])
        print(
            f"  {name:<42}{usual:>12,.1f}{usual / unit[0]:>9.2f}{best:>16,.1f}{best / unit[1]:>9.2f}"
        )


def _typical(times: list[float]) -> tuple[float, float]:
    """Return median and first decile in microseconds."""
    return median(times) * 1e6, quantiles(times, n=10)[0] * 1e6
