"""`newsletter evaluate`: on a small collection, in any folder."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.cli.session import hoist
from newsletter.errors import JudgedError, MeaningError
from tests.embedding.tiny_models import write_tiny_model
from tests.end_to_end.house import House

HAS_LIBRARIES = all(find_spec(name) for name in ("onnxruntime", "tokenizers"))
needs_libraries = pytest.mark.skipif(not HAS_LIBRARIES, reason="the libraries are not installed")

WORDS = ("gull", "owl", "heron", "wren", "robin", "plover", "auk")


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """Give a folder with 700 documents about seven birds, and a question about each."""
    folder = tmp_path / "birds"
    folder.mkdir()
    documents = [
        {
            "id": number,
            "title": f"Notes of day {number}",
            "text": f"A {WORDS[number % 7]} was seen.",
        }
        for number in range(700)
    ]
    queries = [{"id": word, "text": f"{word} sightings"} for word in WORDS]
    lines = [f"{WORDS[number % 7]}\t{number}\t1" for number in range(700)]
    write_lines(folder / "docs.jsonl", [json.dumps(one) for one in documents])
    write_lines(folder / "queries.jsonl", [json.dumps(one) for one in queries])
    write_lines(folder / "qrels.tsv", ["query\tdocument\tgrade", *lines, "dodo\t1\t1"])
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with a folder for caches of one's own."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NEWSLETTER_CONFIG", raising=False)
    return here


def write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_it_works_without_a_config(birds: Path) -> None:
    result = CliRunner().invoke(
        app, hoist(["evaluate", str(birds), "--method", "bm25", "--json"]), catch_exceptions=False
    )

    found = json.loads(result.stdout)
    assert (found["collection"], found["method"], found["model"]) == ("birds", "bm25", None)
    assert (found["queries"], found["documents"]) == (7, 700)
    assert found["ndcg_at_10"] == found["precision_at_10"] == 1.0
    assert found["recall_at_50"] == 0.5
    assert found["spurious_per_letter"]["measured"] is None
    assert found["left_out"] == {"queries": 0, "unknown_queries": 1, "unknown_documents": 0}
    assert "1 queries of qrels.tsv are not in queries.jsonl" in result.stderr


def test_the_default_measures_letters_too(house: House, birds: Path) -> None:
    found = house.run("evaluate", str(birds), "--budget", "0.2", "--json").json

    letters = found["spurious_per_letter"]
    assert found["ndcg_at_10"] == 1.0
    assert letters["nominal"] == 0.2
    assert 0 <= letters["measured"] <= 200
    assert letters.keys() == {
        "nominal", "measured", "letters", "letters_with_any", "recall_at_gate",
    }  # fmt: skip


def test_people_get_a_table_and_are_told_that_words_alone_rank(house: House, birds: Path) -> None:
    shown = house.run("evaluate", str(birds))

    assert shown.code == 0
    assert "7 queries, 700 documents, ranked by default" in shown.out
    assert "nDCG@10" in shown.out
    assert "Ranked by words alone" in shown.err


@needs_libraries
def test_vectors_are_kept_for_the_next_time(house: House, birds: Path) -> None:
    write_tiny_model(house.folder / "ours")
    house.edit_config('matching: {semantic: "off"}', "matching: {model: ours}")

    first = house.run("evaluate", str(birds), "--method", "meaning", "--json").json
    kept = house.folder / "data" / "evaluation-vectors.db"
    size = kept.stat().st_size
    second = house.run("evaluate", str(birds), "--method", "meaning", "--json").json

    assert first["model"].startswith("ours-")
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    assert kept.stat().st_size == size > 100_000


def test_a_method_without_its_model_says_how_to_get_it(house: House, birds: Path) -> None:
    refused = house.run("evaluate", str(birds), "--method", "meaning")

    assert refused.code == MeaningError.exit_code
    assert "there is no model of meaning" in refused.err


def test_a_broken_collection_is_told_with_its_line(house: House, birds: Path) -> None:
    (birds / "qrels.tsv").write_text("gull 1 1\n", encoding="utf-8")

    refused = house.run("evaluate", str(birds))

    assert refused.code == JudgedError.exit_code
    assert f"{birds}/qrels.tsv:1: has 1 column, not 3" in refused.err


def test_a_config_that_is_named_must_be_there(birds: Path) -> None:
    result = CliRunner().invoke(app, hoist(["evaluate", str(birds), "--config", "none.yaml"]))

    assert result.exit_code != 0
    assert "none.yaml" in str(result.exception)


def test_likes_are_learned_from(house: House, birds: Path) -> None:
    readers = {word: list(range(place, 300, 7)) for place, word in enumerate(WORDS)}
    (birds / "users.json").write_text(json.dumps({**readers, "idle": [1]}), encoding="utf-8")

    found = house.run("evaluate", str(birds), "--likes", "--json").json

    assert (found["method"], found["users"], list(found["at"])) == (
        "default", 8, ["1", "3", "10", "30"],
    )  # fmt: skip
    assert found["at"]["30"]["users"] == 7
    assert found["at"]["10"]["recall_at_50"] > 0.3


def test_likes_have_one_method(house: House, birds: Path) -> None:
    refused = house.run("evaluate", str(birds), "--likes", "--method", "bm25")

    assert refused.code == 2
    assert "--method" in refused.err
