"""Models in a folder of the operator's: what they must be, and what is made of strange answers."""

from pathlib import Path

import numpy as np
import pytest

from newsletter.embedding import find_named, open_model
from newsletter.errors import MeaningError
from newsletter.ports import Embedder
from tests.embedding.tiny_models import (
    DIMENSIONS,
    GATHER,
    LESS_THE_LARGEST,
    NO_VECTORS,
    Node,
    write_tiny_model,
)

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("tokenizers", reason="tokenizers is not installed")


def opened(folder: Path, *, threads: int | None = None) -> Embedder:
    return open_model(find_named(str(folder), folder, folder), threads=threads)


def test_the_answer_tells_how_many_numbers_a_vector_has(tmp_path: Path) -> None:
    assert opened(write_tiny_model(tmp_path)).dimensions == DIMENSIONS


def test_a_vector_is_the_mean_of_its_tokens_at_length_one(tmp_path: Path) -> None:
    embedder = opened(write_tiny_model(tmp_path))
    tides, rise, both = embedder.embed(["tides", "rise", "tides rise"])
    assert np.allclose(both * np.linalg.norm(tides + rise), tides + rise, atol=0.3)
    assert not np.allclose(both, tides, atol=0.1)


def test_many_texts_come_back_in_their_order_from_many_threads(tmp_path: Path) -> None:
    embedder = opened(write_tiny_model(tmp_path), threads=3)
    texts = ["tides rise", "stars", "", "zzz", "night shine at the sea"] * 120
    rows = embedder.embed(texts)
    assert np.array_equal(rows, np.tile(rows[:5], (120, 1)))
    assert [bool(row.any()) for row in rows[:5]] == [True, True, False, False, True]


def test_a_text_of_which_the_model_knows_no_word_has_zeros(tmp_path: Path) -> None:
    known, unknown = opened(write_tiny_model(tmp_path)).embed(["tides xyzzy", "xyzzy plugh"])
    assert known.any()
    assert not unknown.any()


def test_a_network_that_mixes_texts_gets_one_at_a_time(tmp_path: Path) -> None:
    embedder = opened(write_tiny_model(tmp_path, LESS_THE_LARGEST))
    together = embedder.embed(["tides rise", "stars shine at night", "sea"])
    assert np.array_equal(together[0], embedder.embed(["tides rise"])[0])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 3e38, 0.0])
def test_an_answer_that_is_no_number_becomes_zeros(tmp_path: Path, number: float) -> None:
    embedder = opened(write_tiny_model(tmp_path, special={"broken": number}))
    broken, well = embedder.embed(["broken broken broken", "tides"])
    assert not broken.any()
    assert well.any()


@pytest.mark.parametrize(
    ("nodes", "inputs", "said"),
    [
        (NO_VECTORS, ("input_ids",), "gives no vector for each token"),
        (GATHER, ("input_ids", "pixels"), "asks for input_ids, pixels"),
        ((("Gather", ("nowhere", "input_ids"), "told"),), ("input_ids",), "cannot be loaded"),
    ],
)
def test_another_kind_of_network_is_refused(
    tmp_path: Path, nodes: tuple[Node, ...], inputs: tuple[str, ...], said: str
) -> None:
    embedder = opened(write_tiny_model(tmp_path, nodes, inputs=inputs))
    with pytest.raises(MeaningError, match=said):
        embedder.embed(["tides"])


@pytest.mark.parametrize(
    ("name", "said"),
    [("model.onnx", "cannot be loaded as a network"), ("tokenizer.json", "as a tokenizer")],
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, said: str) -> None:
    (write_tiny_model(tmp_path) / name).write_bytes(b"damaged")
    with pytest.raises(MeaningError, match=f"{name}: cannot be (loaded|read) .*{said[-9:]}"):
        opened(tmp_path).embed(["tides"])


def test_an_own_model_says_in_a_file_how_much_it_reads(tmp_path: Path) -> None:
    write_tiny_model(tmp_path)
    whole = opened(tmp_path)
    (tmp_path / "sentence_bert_config.json").write_text('{"max_seq_length": 2}', "utf-8")
    short = opened(tmp_path)
    assert np.allclose(short.embed(["tides rise stars"]), whole.embed(["tides rise"]))
    assert short.model != whole.model


@pytest.mark.parametrize("told", ['{"max_seq_length": 0}', "[", "[]", '{"max_seq_length": "2"}'])
def test_a_length_that_is_none_is_passed_over(tmp_path: Path, told: str) -> None:
    plain = opened(write_tiny_model(tmp_path)).model
    (tmp_path / "sentence_bert_config.json").write_text(told, "utf-8")
    assert opened(tmp_path).model == plain
