"""The web as the operator's settings make it: who we say we are, and whom we may ask."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.bootstrap.web import make_web, user_agent
from newsletter.config import Config, load_config
from newsletter.errors import FetchError
from newsletter.model import Ask, Manners, PullOrder
from newsletter.testing.paces import MemoryPaces
from tests.sources.raw_server import NOW, answer, raw_server

MakeConfig = Callable[..., Config]


@pytest.fixture
def config(tmp_path: Path) -> MakeConfig:
    def make(http: str = "", url: str = "url: https://news.example.org") -> Config:
        text = f"""
newsletter:
  name: Paper Round
  from: news@news.example.org
  owner: ed@example.org
  postal_address: 1 Example Street
  {url}
{http}
"""
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        (tmp_path / "subscribers").mkdir(exist_ok=True)
        return load_config(path)

    return make


@pytest.mark.parametrize(
    ("http", "url", "comment"),
    [
        ("", "url: https://news.example.org", "+https://news.example.org; mailto:ed@example.org"),
        ("", "", "mailto:ed@example.org"),
        ("http: {contact: bots@example.org}", "", "mailto:bots@example.org"),
        ("http: {contact: 'https://example.org/bot'}", "", "https://example.org/bot"),
        ("http: {contact: 'mailto:x@example.org'}", "", "mailto:x@example.org"),
        ("http: {contact: 'Zo\u00eb (the \\editor)'}", "", "Zo-the-editor-"),
    ],
)
def test_every_request_says_whom_to_write_to(
    config: MakeConfig, http: str, url: str, comment: str
) -> None:
    agent = user_agent(config(http, url))
    assert agent.startswith("newsletter/")
    assert agent.endswith(f" ({comment})")


def test_hosts_that_the_operator_allows_may_be_at_home(config: MakeConfig) -> None:
    with raw_server() as server:
        url = server.put("/", answer(b"home"))
        allowed = make_web(config("http: {allow: ['127.0.0.1']}"), MemoryPaces())
        with allowed.visit(Manners("home"), PullOrder(NOW)) as visit:
            assert visit.fetch(Ask(url)).body == b"home"
        with (
            make_web(config(), MemoryPaces()).visit(Manners("home"), PullOrder(NOW)) as visit,
            pytest.raises(FetchError, match=r"http\.allow"),
        ):
            visit.fetch(Ask(url))
