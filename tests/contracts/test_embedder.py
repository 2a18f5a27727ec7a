"""Texts become rows of length 1, near each other when they mean the same. Nothing in a text breaks this."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.embedding import KNOWN, find_known, find_named, known_model, open_model
from newsletter.ports import Embedder
from newsletter.testing.meaning import WordEmbedder
from tests.embedding.tiny_models import write_tiny_model

TIDES = "The tides rise and fall with the moon, and the sea follows."
TIDES_AGAIN = "At night the sea and its tides rise with the moon."
STARS = "Letters of a broken star that shine."
NO_WORDS = ("", "   ", "?! … —", "\x00\x01\t\n", "\ud83d\udc80", "🙂🙂")

Open = Callable[[Path], Embedder]


def fake(_: Path) -> Embedder:
    return WordEmbedder()


def tiny(folder: Path) -> Embedder:
    need("onnxruntime", "tokenizers")
    return open_model(find_named(str(write_tiny_model(folder / "tiny")), folder, folder))


def known(name: str) -> Open:
    def open_known(folder: Path) -> Embedder:
        need("onnxruntime", "tokenizers")
        model = known_model(name)
        assert model
        found = find_known(model, folder)
        if found is None:
            pytest.skip(f"the package {model.weights.package} is not installed")
        return open_model(found, threads=1)

    return open_known


def need(*libraries: str) -> None:
    for name in libraries:
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")


OPENERS: dict[str, Open] = {"words": fake, "tiny": tiny} | {
    model.name: known(model.name) for model in KNOWN
}


@pytest.fixture(scope="module")
def open_once() -> Iterator[Callable[[str], Embedder]]:
    """A model is loaded once for all tests of this module."""
    with TemporaryDirectory() as folder:
        yield cache(lambda name: OPENERS[name](Path(folder)))


@pytest.fixture(params=OPENERS)
def embedder(request: pytest.FixtureRequest, open_once: Callable[[str], Embedder]) -> Embedder:
    return open_once(request.param)


def test_each_text_has_a_row_of_length_one_in_their_order(embedder: Embedder) -> None:
    rows = embedder.embed([TIDES, STARS, TIDES])
    assert rows.shape == (3, embedder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert np.allclose(rows[0], rows[2], atol=1e-4)
    assert not np.allclose(rows[0], rows[1], atol=1e-2)


def test_texts_that_mean_the_same_are_nearer_than_others(embedder: Embedder) -> None:
    rows = embedder.embed([TIDES, TIDES_AGAIN, STARS])
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_of_no_texts_there_are_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize("text", NO_WORDS, ids=repr)
def test_a_text_without_a_word_has_zeros(embedder: Embedder, text: str) -> None:
    rows = embedder.embed([text, TIDES])
    assert not rows[0].any()
    assert rows[1].any()


def test_a_row_does_not_depend_on_the_texts_beside_it(embedder: Embedder) -> None:
    texts = [TIDES, "", STARS, "moon", f"{TIDES} {TIDES_AGAIN} {STARS}", "The sea.", TIDES_AGAIN]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-3)


def test_the_words_at_the_front_of_a_very_long_text_count(embedder: Embedder) -> None:
    rows = embedder.embed([f"{TIDES} " * 400, f"{TIDES} " * 400 + "star " * 1_000_000])
    assert np.allclose(rows[0], rows[1], atol=1e-3)


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000_000, "sea " * 2_500_000, "\x00" * 10_000_000, "moon\x00\ud800\x9b\ufffftides"],
    ids=["one word", "many words", "no word", "odd signs"],
)
def test_a_hostile_text_has_a_row_like_any_other(embedder: Embedder, text: str) -> None:
    row = embedder.embed([text])[0]
    assert np.isfinite(row).all()
    assert float(np.linalg.norm(row)) == pytest.approx(1, abs=1e-3) or not row.any()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(st.characters(exclude_categories=[]), max_size=40), max_size=4))
def test_every_text_has_a_row_of_length_one_or_of_zeros(
    embedder: Embedder, texts: list[str]
) -> None:
    rows = embedder.embed(texts)
    lengths = np.linalg.norm(rows, axis=1)
    assert rows.shape == (len(texts), embedder.dimensions)
    assert np.all((np.abs(lengths - 1) < 1e-3) | (lengths == 0))


def test_progress_grows_and_ends_with_all(embedder: Embedder) -> None:
    told: list[tuple[int, int]] = []
    embedder.embed([TIDES, "", STARS], lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert told == sorted(told)
    assert all(total == 3 for _, total in told)


def test_models_have_ids_of_their_own(open_once: Callable[[str], Embedder]) -> None:
    names = [open_once(name).model for name in ("words", "tiny")]
    assert len(set(names)) == len(names)
