r"""Mails as they come to a source: newsletters, lists and what people hand in, all written for the tests."""
# ruff: noqa: E501 - mails of programs have long lines

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from newsletter.model import (
    EmailAddress,
    FetchedEntry,
    InboundId,
    InboundMail,
    InboundMessage,
    SourceName,
)
from newsletter.rules.inbound import read_mail
from newsletter.sources.mail import Envelope, Reading, read_entries

RECEIVED_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DESK = SourceName("desk")
TOKEN = "abcdefghijklmnopqrstuvwxyz"
TO = EmailAddress(f"submit+{TOKEN}@news.example.org")


def message(
    text: str | None = None,
    html: str | None = None,
    *,
    subject: str = "For the letter",
    bulk: bool = False,
    sender: str = "Ada <ada@example.org>",
) -> bytes:
    """Return a mail as octets; `bulk` gives it the marks of a newsletter."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = TO
    mail["Subject"] = subject
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = "<one@example.org>"
    if bulk:
        mail["List-Id"] = "<weekly.example.com>"
        mail["List-Unsubscribe"] = "<https://example.com/u/1>"
        mail["Precedence"] = "bulk"
    if text is not None:
        mail.set_content(text)
    if html is not None and text is not None:
        mail.add_alternative(html, subtype="html")
    elif html is not None:
        mail.set_content(html, subtype="html")
    return mail.as_bytes()


def parsed(raw: bytes) -> InboundMail:
    return read_mail(InboundMessage(InboundId(1), raw, None, TO, RECEIVED_AT))


def read(raw: bytes) -> Reading:
    return read_entries(parsed(raw), Envelope(DESK, RECEIVED_AT, ("ants",), (TOKEN,)))


def entries(raw: bytes) -> list[FetchedEntry]:
    return list(read(raw).entries)


def urls(entry: FetchedEntry) -> list[str]:
    return [link.url for link in entry.content.links]


WEEKLY = f"""<html><head><style>p {{ color: red }}</style></head><body>
<div style="display:none">What ants know this week &zwnj;&nbsp;&#847;&zwnj;&nbsp;</div>
<table><tr><td><a href="https://mail.example.com/web/1">View this email in your browser</a></td></tr>
<tr><td><a href="https://weekly.example.com/"><img src="logo.png"></a></td></tr>
<tr><td><h1>Ants weekly, number 12</h1>
<h2><a href="https://arxiv.org/abs/2605.01234v2?utm_source=weekly&amp;utm_medium=email">Ants that plan
their <em>way</em> home</a></h2>
<p>We show that ants of one nest remember sixteen ways home &amp; choose the shortest of them, also at night.</p>
<p><a href="https://arxiv.org/pdf/2605.01234v2">PDF</a> | <a href="https://github.com/ants/home">Code</a></p>
<h2>How a nest cools itself without a fan</h2>
<p>The walls of the nest let the warm air out above and cool air in below, at any time of the day.</p>
<p><a href="https://blog.example.org/posts/nest?mc_cid=1f&amp;mc_eid=2e&amp;page=2">Read more →</a></p>
<ul><li><a href="https://doi.org/10.1000/ANTS.7">Bread and its crumbs</a>: what ants carry first when all of
the bread is there at once.</li>
<li><a href="https://huggingface.co/papers/2605.00042">Counting ants with small models</a></li></ul>
<p>In <a href="https://openreview.net/forum?id=aB3dE5fG7h">A theory of crowded bridges</a>, the authors ask
why nobody ever falls off.</p>
<p><a href="https://www.facebook.com/sharer/sharer.php?u=https://weekly.example.com/12">Share this issue with others</a>
<a href="https://twitter.com/antsweekly">Follow us on social media</a></p>
</td></tr><tr><td>You are receiving this mail because you like ants.
<a href="https://mail.example.com/unsubscribe?t={TOKEN}">Unsubscribe from this list</a>
<a href="https://mail.example.com/prefs/77">Manage your email preferences</a>
<a href="https://example.com/terms/of/use">Terms of use for ants</a></td></tr></table></body></html>"""

SCHOLAR = """<html><body><div style="font-family:arial">
<h3 style="font-weight:normal"><span style="font-size:11px"><b>[PDF]</b></span>
<a href="https://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2605.01234&amp;hl=en&amp;sa=X&amp;d=123&amp;ei=aXb&amp;scisig=AAZ1&amp;oi=scholaralrt" class="gse_alrt_title">Ants that plan their way home</a></h3>
<div style="color:#006621">A Bee, C Dee, E Eff… - arXiv preprint arXiv:2605.01234, 2026</div>
<div class="gse_alrt_sni">We show that ants of one nest remember sixteen ways home and choose the<br>shortest of them, also at night …</div>
<div><a href="https://scholar.google.com/citations?save=1&amp;x=y"><span>Save</span></a>
<a href="https://scholar.google.com/scholar_share?hl=en&amp;url=http%3A%2F%2Farxiv.org"><img alt="Twitter"></a></div>
<h3><a href="https://scholar.google.com/scholar_url?url=https://www.sciencedirect.com/science/article/pii/S1234567890123456&amp;hl=en">Bread and its crumbs: a field study</a></h3>
<div style="color:#006621">G Gee, H Aitch - Journal of Ants, 2026 - Elsevier</div>
<div>What ants carry first when all of the bread is there at once, and what they leave.</div>
<p>This message was sent by Google Scholar because you're following new articles related to research by A Bee.</p>
<p><a href="https://scholar.google.com/scholar_alerts?view_op=list_alerts&amp;hl=en">List alerts</a>
<a href="https://scholar.google.com/scholar_alerts?view_op=cancel_alert_options&amp;alert_id=x">Cancel alert</a></p>
</div></body></html>"""

ARXIV = r"""------------------------------------------------------------------------------
Send any comments regarding submissions directly to submitter.
------------------------------------------------------------------------------
Archives at http://arxiv.org/
To unsubscribe, e-mail To: cs@arXiv.org, Subject: cancel
------------------------------------------------------------------------------
 Submissions to:
Learning
 received from  Thu 30 Apr 26 18:00:00 GMT  to  Fri  1 May 26 18:00:00 GMT
------------------------------------------------------------------------------
------------------------------------------------------------------------------
\\
arXiv:2605.01234
Date: Fri, 1 May 2026 12:00:01 GMT   (123kb,D)

Title: Ants that plan their way home: a study of sixteen nests and all of
  their ways
Authors: A. Bee (1), C. Dee and E. Eff ((1) Institute of Ants, (2) Hill)
Categories: cs.LG q-bio.NC
Comments: 12 pages, 3 figures, with an appendix on bread
Journal-ref: Journal of Ants 7 (2026)
DOI: 10.1000/ants.7
License: http://creativecommons.org/licenses/by/4.0/
\\
  We show that ants of one nest remember sixteen ways home. Their costs are
$\mathcal{O}(n)$ and
  the shortest one is chosen.

  A second paragraph.
\\ ( https://arxiv.org/abs/2605.01234 ,  123kb)
------------------------------------------------------------------------------
\\
arXiv:2605.00042 (*cross-listing*)
Date: Thu, 30 Apr 2026 08:00:00 GMT   (45kb)

Title: Counting ants
Authors: G. Gee
Categories: stat.ML cs.LG
\\
  Ants are counted.
\\ ( https://arxiv.org/abs/2605.00042 ,  45kb)
------------------------------------------------------------------------------
\\
arXiv:2604.77777
Date: Thu, 30 Apr 2026 08:00:00 GMT   (45kb)

Authors: Nobody, who forgot the title
\\
  Nothing.
\\ ( https://arxiv.org/abs/2604.77777 ,  45kb)
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--
------------------------------------------------------------------------------
\\
arXiv:2601.00007
replaced with revised version Thu, 30 Apr 2026 17:00:00 GMT   (99kb)

Title: An older paper about hills
Authors: H. Aitch, I. Jay
Categories: cs.LG
Comments: v3
\\ ( https://arxiv.org/abs/2601.00007 ,  99kb)
------------------------------------------------------------------------------
%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
"""
