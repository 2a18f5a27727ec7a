"""Which texts of an entry each field of the topic language means."""

from newsletter.model import Entry
from newsletter.rules.query.tree import TextField


def texts_of(entry: Entry, field: TextField) -> tuple[str, ...]:
    """Return the texts of `field`, in the order in which the entry has them; () where it has none."""
    content = entry.content
    match field:
        case TextField.TITLE:
            return (content.title,)
        case TextField.ABSTRACT:
            return tuple(text for text in (content.abstract, content.tldr) if text)
        case TextField.AUTHOR:
            return content.authors
        case TextField.ORGANIZATION:
            return (content.organization,) if content.organization else ()
        case TextField.CATEGORY:
            return content.categories
        case TextField.SOURCE:
            return tuple(entry.sources)
