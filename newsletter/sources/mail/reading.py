"""One mail → the entries in it: a list of arXiv, what an editor wrote, or a newsletter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.model import FetchedEntry, InboundMail
from newsletter.rules.commands import without_prefixes
from newsletter.rules.inbound import is_automatic
from newsletter.rules.plain_lines import PlainLine, html_lines, own_lines, tidy, written
from newsletter.sources.mail.addresses import read_address
from newsletter.sources.mail.announcing import Envelope, announce, date_of, dated
from newsletter.sources.mail.blocks import Block
from newsletter.sources.mail.finding import Find, find_entries
from newsletter.sources.mail.html_blocks import html_blocks
from newsletter.sources.mail.listings import is_listing, read_listing
from newsletter.sources.mail.papers import read_ids
from newsletter.sources.mail.text_blocks import lines_of, text_blocks
from newsletter.sources.mail.wording import asks_to_confirm, read_title
from newsletter.sources.mail.written import read_written
from newsletter.sources.plaintext import cut


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail gave. `unlinked` entries have no link, since theirs leads to who counts clicks."""

    entries: tuple[FetchedEntry, ...] = ()
    problems: tuple[str, ...] = ()
    unlinked: int = 0


def read_entries(mail: InboundMail, envelope: Envelope) -> Reading:
    """Return the entries of a mail, in its order, each once.

    A newsletter is read whole. Of a person's mail what was written counts, and what is quoted,
    forwarded or signed below it only where there is no entry in that. Time grows with the length only.
    """
    lines = tuple(lines_of(mail.plain or ""))
    text = "\n".join(line.text for line in lines)
    if is_listing(text):
        papers, problems = read_listing(text)
        at = date_of(mail, envelope)
        entries = (one.entry(envelope.source, envelope.topics) for one in papers)
        return Reading(tuple(dated(one, at) for one in entries), problems)
    if not is_automatic(mail):
        own = _read_own(mail, envelope)
        if own.entries or own.problems:
            return own
    return _reading(find_entries(_all_blocks(mail, lines), envelope.own_words), mail, envelope)


def text_of(mail: InboundMail) -> str:
    """Return a mail as lines with the addresses of its links, for a person to look at."""
    blocks = _all_blocks(mail, tuple(lines_of(mail.plain or "")))
    return "\n".join(line for block in blocks for line in _shown(block))


def _read_own(mail: InboundMail, envelope: Envelope) -> Reading:
    """Read what the writer of a mail wrote: a block of entries, else links with titles."""
    own = own_lines(mail)
    block = read_written(_as_written(mail, own), envelope.source, envelope.topics)
    if block is not None:
        at = date_of(mail, envelope)
        return Reading(tuple(dated(one, at) for one in block[0]), block[1])
    blocks = text_blocks(own) if (mail.plain or "").strip() else _own_html(mail)
    found = find_entries(blocks, envelope.own_words) or tuple(_by_subject(mail, blocks, envelope))
    reading = _reading(found, mail, envelope)
    return Reading(reading.entries, tuple(_untitled(blocks, found)), reading.unlinked)


def _as_written(mail: InboundMail, own: Sequence[PlainLine]) -> list[str]:
    """Return the writer's own lines with their indentation, without those between that are quoted."""
    if not own:
        return []
    if (mail.plain or "").strip():
        lines = [one.text if not one.depth else "" for one in lines_of(mail.plain or "")]
    else:
        lines = [one.text for one in html_lines(mail.html or "")]
    chosen = lines[own[0].number - 1 : own[-1].number]
    return _unflowed(chosen) if mail.is_flowed else chosen


def _unflowed(lines: Sequence[str]) -> list[str]:
    """Join the lines of a paragraph again (RFC 3676 section 4.2): those that end in a space."""
    joined: list[str] = []
    goes_on = False
    for line in lines:
        text = line.removeprefix(" ") if line.startswith("  ") and goes_on else line
        if goes_on:
            joined[-1] += text
        else:
            joined.append(text)
        goes_on = text.endswith(" ") and bool(text.strip())
    return joined


def _own_html(mail: InboundMail) -> tuple[Block, ...]:
    blocks = html_blocks(mail.html or "")
    lines = [PlainLine(at, tidy(one.text), one.depth) for at, one in enumerate(blocks)]
    return tuple(blocks[line.number] for line in written(lines))


def _all_blocks(mail: InboundMail, lines: Sequence[PlainLine]) -> tuple[Block, ...]:
    """Return the whole mail; of two forms the one with more links: a plain part can be a stub."""
    of_html = html_blocks(mail.html or "")
    of_text = text_blocks(lines)
    return of_text if not of_html or _links(of_text) > 2 * _links(of_html) else of_html


def _links(blocks: Sequence[Block]) -> int:
    return sum(len(one.anchors) for one in blocks)


def _by_subject(mail: InboundMail, blocks: Sequence[Block], envelope: Envelope) -> Iterator[Find]:
    """Yield the one link of a mail under the subject, where nothing beside it is a title."""
    told = " ".join(anchor.url for block in blocks for anchor in block.anchors).casefold()
    urls = {
        one.url for block in blocks for anchor in block.anchors if (one := read_address(anchor.url))
    }
    if len(urls) != 1 or any(word.casefold() in told for word in envelope.own_words if word):
        return
    (url,) = urls
    ids = read_ids(url or "")
    title = read_title(without_prefixes(mail.subject), is_paper=ids.has_any)
    if title and url:
        yield Find(title, url, ids, 0)


def _untitled(blocks: Sequence[Block], found: Sequence[Find]) -> Iterator[str]:
    """Yield a problem for each paper that is named without a title."""
    known = {one.ids.arxiv or one.ids.doi or one.ids.openreview for one in found}
    for block in blocks:
        for anchor in block.anchors:
            address = read_address(anchor.url)
            ids = read_ids(address.url or "") if address else read_ids("")
            name = ids.arxiv or ids.doi or ids.openreview
            if name and name not in known:
                known.add(name)
                yield f"{cut(anchor.url, 100)} has no title; write it on the same line"


def _reading(found: Sequence[Find], mail: InboundMail, envelope: Envelope) -> Reading:
    at = date_of(mail, envelope)
    words = [word.casefold() for word in envelope.own_words if word]
    if asks_to_confirm(mail.subject):
        found = [one for one in found if one.ids.has_any]
    kept = [one for one in found if not any(word in one.title.casefold() for word in words)]
    for one in kept:
        if any(word in one.text.casefold() for word in words):
            one.text = ""
    entries = {
        entry.source_id: entry for entry in (announce(one, mail, envelope, at) for one in kept)
    }
    unlinked = sum(not one.content.links for one in entries.values())
    return Reading(tuple(entries.values()), unlinked=unlinked)


def _shown(block: Block) -> Iterator[str]:
    yield block.text
    for anchor in block.anchors:
        if anchor.text and anchor.text != anchor.url:
            yield anchor.url
