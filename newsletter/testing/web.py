"""A web of a few pages, for tests of what reads them."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from newsletter.errors import FetchError
from newsletter.model import Ask, Manners, Page, PullOrder, PullStep

Answer = Page | FetchError | Callable[[Ask], Page]


class FakeWeb:
    """Implements `ports.Web` and `ports.Visit`: each address has answers, the last one for ever.

    `asked` and `manners` keep what was asked and how. An address without an answer is a
    FetchError with status 404, or its page where the request expects one.
    """

    def __init__(self, pages: Mapping[str, Answer | Sequence[Answer]] | None = None) -> None:
        self._pages: dict[str, deque[Answer]] = {}
        self.asked: list[Ask] = []
        self.manners: list[Manners] = []
        for url, answers in (pages or {}).items():
            self.put(url, *(answers if isinstance(answers, Sequence) else (answers,)))
        self._tell: Callable[[PullStep], None] = lambda _: None

    def put(self, url: str, *answers: Answer) -> None:
        """Let `url` give these answers from now on."""
        self._pages[url] = deque(answers)

    @contextmanager
    def visit(self, manners: Manners, order: PullOrder) -> Iterator["FakeWeb"]:
        """Begin a visit; everything is known here at once."""
        self.manners.append(manners)
        self._tell = order.on_step
        yield self

    def fetch(self, ask: Ask) -> Page:
        """Return or raise the next answer of the address."""
        self.asked.append(ask)
        answer = self._next(ask)
        if isinstance(answer, FetchError):
            raise answer
        page = answer if isinstance(answer, Page) else answer(ask)
        self._tell(PullStep(f"GET {ask.url}: {page.status}", timedelta(0)))
        is_wanted = page.status in ask.expected or page.is_unchanged or 200 <= page.status < 300  # noqa: PLR2004
        if not is_wanted:
            message = f"{ask.url}: the server answers {page.status}"
            raise FetchError(message, status=page.status)
        return replace(page, url=page.url or ask.url)

    def _next(self, ask: Ask) -> Answer:
        answers = self._pages.get(ask.url)
        if not answers:
            return Page(ask.url, 404)
        return answers.popleft() if len(answers) > 1 else answers[0]
