"""Who asks what is in force is told where their letters stand as a feed."""

from newsletter.model import Listing
from newsletter.rules.answering import Present
from newsletter.rules.answering.present import feed_of

FEED = "https://news.example.org/feeds/abc/feed.atom"


def test_the_address_of_the_feed_stands_with_what_it_is() -> None:
    (block,) = feed_of(Present("email: ada@example.org\n", feed=FEED))
    assert isinstance(block, Listing)
    assert block.title == "Your letters as a feed"
    assert block.rows[0][0] == FEED


def test_where_there_are_no_pages_nothing_is_said_of_a_feed() -> None:
    assert list(feed_of(Present("email: ada@example.org\n"))) == []
