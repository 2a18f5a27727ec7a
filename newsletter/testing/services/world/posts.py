"""What the blogs of the world write."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from newsletter.testing.services.world.calendar import EASTERN
from newsletter.testing.services.world.people import author_list
from newsletter.testing.services.world.texts import post_texts

BLOGS: Final = ("workshop", "marginalia", "tideline", "ledger")
"""Each writes about another field, a quarter of the posts."""

_BEFORE: Final = timedelta(days=6)
_APART: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a blog."""

    blog: str
    number: int
    title: str
    text: str
    author: str
    published_at: datetime

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return f"{self.published_at:%Y-%m}-{self.number}"


def make_posts(today: date) -> tuple[Post, ...]:
    """Return all posts, those around `today` and some later: every blog writes each four days."""
    posts = []
    a_blog_has = len(post_texts()) // len(BLOGS)
    for number, (title, text) in enumerate(post_texts()):
        blog, place = divmod(number, a_blog_has)
        day = today - _BEFORE + place * _APART + timedelta(days=blog)
        posts.append(
            Post(
                blog=BLOGS[blog],
                number=number,
                title=title,
                text=text,
                author=author_list(f"blog {blog}", is_consortium=False)[0].name,
                published_at=datetime.combine(day, time(7, 30 + blog), EASTERN),
            )
        )
    return tuple(posts)
