"""Contents of entries and reports of sources as JSON."""

from datetime import timedelta

from newsletter.model import (
    EntryContent,
    Link,
    LinkKind,
    SourceName,
    SourceReport,
    SourceState,
)
from newsletter.storage.codec.json import Fields, Json, dump, write_day, write_moment


def write_content(content: EntryContent) -> str:
    """Write a content; its hash is its revision."""
    return dump(
        {
            "title": content.title,
            "abstract": content.abstract,
            "tldr": content.tldr,
            "authors": content.authors,
            "author_count": content.author_count,
            "organization": content.organization,
            "published_on": write_day(content.published_on),
            "comments": content.comments,
            "upvotes": content.upvotes,
            "links": [{"kind": link.kind, "url": link.url} for link in content.links],
            "categories": content.categories,
            "language": content.language,
        }
        | {key: value for key, value in _later_fields(content).items() if value not in (None, ())}
    )


def _later_fields(content: EntryContent) -> dict[str, Json]:
    """Return what earlier releases did not know; left out where empty, so that hashes stay."""
    return {
        "keywords": content.keywords,
        "affiliations": content.affiliations,
        "remark": content.remark,
        "venue": content.venue,
        "license": content.license,
        "code_stars": content.code_stars,
    }


def read_content(text: str) -> EntryContent:
    """Read what `write_content` wrote."""
    fields = Fields.load(text, "entry")
    return EntryContent(
        title=fields.text("title"),
        abstract=fields.maybe("abstract", fields.text),
        tldr=fields.maybe("tldr", fields.text),
        authors=fields.texts("authors"),
        author_count=fields.maybe("author_count", fields.integer),
        organization=fields.maybe("organization", fields.text),
        published_on=fields.maybe("published_on", fields.day),
        comments=fields.maybe("comments", fields.integer),
        upvotes=fields.maybe("upvotes", fields.integer),
        links=tuple(_read_link(link) for link in fields.parts("links")),
        categories=fields.texts("categories"),
        language=fields.maybe("language", fields.text),
        keywords=fields.maybe("keywords", fields.texts) or (),
        affiliations=fields.maybe("affiliations", fields.texts) or (),
        remark=fields.maybe("remark", fields.text),
        venue=fields.maybe("venue", fields.text),
        license=fields.maybe("license", fields.text),
        code_stars=fields.maybe("code_stars", fields.integer),
    )


def _read_link(fields: Fields) -> Link:
    return Link(fields.parsed("kind", LinkKind), fields.text("url"))


def write_report(report: SourceReport) -> str:
    """Write a source's report."""
    return dump(
        {
            "name": report.name,
            "kind": report.kind,
            "state": report.state,
            "fetched": report.fetched,
            "new": report.new,
            "merged": report.merged,
            "revised": report.revised,
            "held": report.held,
            "passed": report.passed,
            "note": report.note,
            "problems": report.problems,
            "duration_us": report.duration // timedelta(microseconds=1),
            "pulled_at": write_moment(report.pulled_at),
        }
    )


def read_report(text: str) -> SourceReport:
    """Read what `write_report` wrote."""
    fields = Fields.load(text, "source report")
    return SourceReport(
        name=SourceName(fields.text("name")),
        kind=fields.text("kind"),
        state=fields.parsed("state", SourceState),
        fetched=fields.integer("fetched"),
        new=fields.integer("new"),
        merged=fields.integer("merged"),
        revised=fields.integer("revised"),
        held=fields.maybe("held", fields.integer) or 0,
        passed=fields.maybe("passed", fields.integer) or 0,
        note=fields.maybe("note", fields.text) or "",
        problems=fields.texts("problems"),
        duration=timedelta(microseconds=fields.integer("duration_us")),
        pulled_at=fields.maybe("pulled_at", fields.moment),
    )
