"""Contents of entries, drawn quickly: each field from a few values that can win, tie or be missing."""

from datetime import date
from typing import Final

from hypothesis import strategies as st

from newsletter.model import EntryContent, Link, LinkKind
from newsletter.rules.identity import merge

_WORDS: Final = ("a", "b", "ab", "ba", "c c", "abcabc")
_TEXTS: Final = st.sampled_from(_WORDS)
_MAYBE: Final = st.sampled_from((None, *_WORDS))
_COUNTS: Final = st.sampled_from((None, 0, 1, 2, 3, 5))
_LISTS: Final = st.sampled_from(((), ("a",), ("b",), ("a", "b"), ("b", "a"), ("a", "b", "c")))
_PAGE: Final = Link(LinkKind.PAGE, "https://a.org")
_OTHER_PAGE: Final = Link(LinkKind.PAGE, "https://b.org")
_CODE: Final = Link(LinkKind.CODE, "https://a.org")
_LINKS: Final = st.sampled_from(
    ((), (_PAGE,), (_CODE,), (_OTHER_PAGE, _CODE), (_PAGE, _OTHER_PAGE), (_CODE, _PAGE))
)

CONTENTS: Final = st.builds(
    EntryContent,
    title=_TEXTS,
    abstract=_MAYBE,
    tldr=_MAYBE,
    authors=_LISTS,
    author_count=_COUNTS,
    organization=_MAYBE,
    published_on=st.sampled_from((None, date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 5))),
    comments=_COUNTS,
    upvotes=_COUNTS,
    links=_LINKS,
    categories=_LISTS,
    language=st.sampled_from((None, "en", "en-GB")),
    keywords=_LISTS,
    affiliations=_LISTS,
    remark=_MAYBE,
    venue=_MAYBE,
    license=_MAYBE,
    code_stars=_COUNTS,
)

ANNOUNCED: Final = CONTENTS.map(lambda content: merge(content, content))
"""As they are once announced: with at least as many authors as are named."""
