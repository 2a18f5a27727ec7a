"""Pages as arXiv's services write them, with papers made up for the tests."""

from datetime import date
from xml.sax.saxutils import escape

from newsletter.model import Page

FEED_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
)


def item(  # noqa: PLR0913 - a paper has so many sides
    arxiv_id: str = "2605.00001",
    *,
    version: int = 1,
    kind: str = "new",
    title: str = "Gulls that plan",
    creator: str = "Ada Example, Ken Invented",
    categories: tuple[str, ...] = ("cs.LG",),
    day: str = "Wed, 20 May 2026",
    more: str = "",
) -> str:
    terms = "".join(f"<category>{one}</category>" for one in categories)
    abstract = f"arXiv:{arxiv_id}v{version} Announce Type: {kind} \nAbstract: They plan\nwell."
    return (
        f"<item><title>{escape(title)}</title><link>https://arxiv.org/abs/{arxiv_id}</link>"
        f"<description>{escape(abstract)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{arxiv_id}v{version}</guid>{terms}'
        f"<pubDate>{day} 00:00:00 -0400</pubDate>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:rights>http://l.example.org/by/4.0/"
        f"</dc:rights><dc:creator>{escape(creator)}</dc:creator>{more}</item>"
    )


def feed(*items: str, day: str = "Wed, 20 May 2026", etag: str = "0a1b") -> Page:
    body = (
        f"{FEED_HEAD}<title>cs.LG updates on arXiv.org</title>"
        f"<lastBuildDate>{day} 04:00:02 +0000</lastBuildDate>"
        f"<pubDate>{day} 00:00:00 -0400</pubDate>{''.join(items)}</channel></rss>"
    )
    return Page("", 200, (("ETag", etag),), body.encode())


def error_feed(reason: str) -> Page:
    body = (
        f"{FEED_HEAD}<title>Feed error for query: cs.XX</title>"
        f"<description>{reason}</description></channel></rss>"
    )
    return Page("", 400, (), body.encode())


def api_entry(arxiv_id: str = "2605.00001", *, version: int = 1, more: str = "") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{arxiv_id}v{version}</id><title>Gulls that\n  plan</title>"
        "<summary>  They plan\nwell.</summary>"
        '<category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/><category term="I.2.6"/>'
        "<published>2026-05-18T17:59:59Z</published>"
        '<arxiv:comment>12 pages, 3 figures</arxiv:comment><arxiv:primary_category term="cs.AI"/>'
        "<arxiv:journal_ref>J. Inv. Birds 7</arxiv:journal_ref>"
        "<author><name>Adá Example</name><arxiv:affiliation>Invented University</arxiv:affiliation>"
        "</author><author><name>Ken Invented</name></author>"
        f"<arxiv:doi>10.1000/GULLS</arxiv:doi>{more}</entry>"
    )


def api(*entries: str, status: int = 200) -> Page:
    body = (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns:arxiv=\"http://arxiv.org/schemas/atom\" "
        f'xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title>{"".join(entries)}</feed>'
    )
    return Page("", status, (), body.encode())


def api_error(reason: str, status: int) -> Page:
    return api(
        "<entry><id>https://arxiv.org/api/errors#incorrect</id><title>Error</title>"
        f"<summary>{reason}</summary></entry>",
        status=status,
    )


def record(arxiv_id: str, created: date, *, deleted: bool = False) -> str:
    status = ' status="deleted"' if deleted else ""
    told = (
        '<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">'
        f"<id>{arxiv_id}</id><created>{created}</created><authors><author><keyname>Example</keyname>"
        "<forenames>Ada</forenames><affiliation>Invented University</affiliation></author></authors>"
        "<title>Gulls that\n rest</title><categories>cs.LG stat.ML</categories>"
        "<comments>5 pages</comments><license>http://l.example.org/by/4.0/</license>"
        "<abstract> They rest.\n</abstract></arXiv></metadata>"
    )
    head = f"<header{status}><identifier>oai:arXiv.org:{arxiv_id}</identifier></header>"
    return f"<record>{head}{'' if deleted else told}</record>"


def records(*given: str, token: str | None = None) -> Page:
    following = f"<resumptionToken>{token}</resumptionToken>" if token else ""
    body = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
        f"{''.join(given)}{following}</ListRecords></OAI-PMH>"
    )
    return Page("", 200, (), body.encode())


def no_records(code: str = "noRecordsMatch") -> Page:
    body = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f'<error code="{code}">told</error></OAI-PMH>'
    )
    return Page("", 200, (), body.encode())
