"""Counts what is left of TeX in a month of real titles and abstracts, before and after `readable`.

Run `python benchmarks/tex_residue.py [PAPERS.jsonl.gz]`. Without an argument it takes the collection
of May papers from the folder `shared` beside the checkout (or from $NEWSLETTER_SHARED); without that
it says "skipped". Libraries that happen to be installed are counted too, for comparison.
"""

import gzip
import importlib
import importlib.util
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from newsletter.rendering import readable  # noqa: E402 - a script finds its own checkout first

Convert = Callable[[str], str]

RESIDUE: Final = {
    "$, not before an amount": r"\$(?!<?\d)",
    "$ before a digit": r"\$(?=<?\d)",
    "backslash and letters": r"\\[A-Za-z]",
    "other backslash": r"\\(?![A-Za-z])",
    "brace": r"[{}]",
    "^": r"\^",
    "_ before a brace": r"_\{",
    "_ before a parenthesis": r"_\(",
    "`` or ''": r"``|''",
    "--": r"(?<=[\w\s])--(?=[\w\s])",
    "~ between words": r"(?<=[A-Za-z.])~(?=[A-Za-z\\])",
}
PAIR: Final = re.compile(r"\{([^{}]*)\}")
MARK: Final = re.compile(r"[$\\{}^_~`]|--")
TEX: Final = re.compile(r"\$|\\[A-Za-z]")
# What a reader must find again: words outside of formulas, commands and references.
UNREAD: Final = re.compile(
    r"(?<!\\)\$[^$]*\$|\\\(.*?\\\)|\\\[.*?\\\]|\\[A-Za-z]*(?:cite|ref)[A-Za-z]*\s*\{[^}]*\}"
    r"|\\(?:begin|end|textcolor|hyperlink|unicode|ding)\{[^}]*\}|\\[A-Za-z]+|https?://\S+|[a-z]*\{\S*",
    re.DOTALL,
)
WORD: Final = re.compile(r"(?<![\w{}$^_-])[A-Za-z]{4,}(?![\w{}$^_\\-])")


def papers_file(arguments: Sequence[str]) -> Path:
    """Return the file with the papers, whether or not it exists."""
    if arguments:
        return Path(arguments[0])
    shared = Path(os.environ.get("NEWSLETTER_SHARED", ROOT.parent / "shared"))
    return shared / "data" / "arxiv" / "2026-05.jsonl.gz"


def read_texts(path: Path) -> list[str]:
    """Return all titles and abstracts."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    return [paper[field] for paper in papers for field in ("title", "summary")]


def converters() -> dict[str, Convert]:
    """Return our converter and those of the libraries that are installed."""
    found: dict[str, Convert] = {"readable": readable}
    if importlib.util.find_spec("pylatexenc"):
        module = importlib.import_module("pylatexenc.latex2text")
        found["pylatexenc"] = module.LatexNodes2Text(math_mode="text").latex_to_text
    if importlib.util.find_spec("unicodeit"):
        found["unicodeit"] = importlib.import_module("unicodeit").replace
    return found


def convert_all(convert: Convert, texts: Sequence[str]) -> tuple[list[str], int, float]:
    """Return the converted texts, how many raised, and milliseconds of processor time per text."""
    results: list[str] = []
    raised = 0
    begun = time.process_time()
    for text in texts:
        try:
            results.append(convert(text))
        except Exception:  # noqa: BLE001 - which errors a library lets out is what is counted
            raised += 1
            results.append(text)
    return results, raised, (time.process_time() - begun) * 1000 / len(texts)


def words_lost(before: str, after: str) -> bool:
    """Tell whether a word of the prose is not in the converted text."""
    words = set(WORD.findall(UNREAD.sub(" ", before)))
    return not all(word in after for word in words)


def loose_braces(text: str) -> int:
    """Count the braces that have no partner."""
    is_left = True
    while is_left:
        shorter = PAIR.sub(r"\1", text)
        is_left, text = shorter != text, shorter
    return text.count("{") + text.count("}")


def print_row(category: str, counts: Iterable[int]) -> None:
    """Print one kind of residue for all columns."""
    print(f"{category:<28}" + "".join(f"{count:>12}" for count in counts))


def print_table(columns: Mapping[str, Sequence[str]]) -> None:
    """Print how often each kind of residue stands in the texts of each column."""
    print(f"{'left in all texts':<28}" + "".join(f"{name:>12}" for name in columns))
    for category, pattern in RESIDUE.items():
        compiled = re.compile(pattern)
        print_row(
            category,
            (sum(len(compiled.findall(text)) for text in texts) for texts in columns.values()),
        )
    print_row(
        "brace without partner", (sum(map(loose_braces, texts)) for texts in columns.values())
    )


def main(arguments: Sequence[str]) -> None:
    """Print the table, or that there is nothing to count."""
    path = papers_file(arguments)
    if not path.exists():
        print("skipped: the collection of May papers is not here")
        return
    logging.disable(logging.CRITICAL)
    everything = read_texts(path)
    texts = [text for text in everything if MARK.search(text)]
    tex = sum(1 for text in texts if TEX.search(text))
    print(
        f"{len(everything)} titles and abstracts, {len(texts)} with a mark of TeX, {tex} with $ or a command"
    )
    columns = {"before": texts}
    notes = []
    for name, convert in converters().items():
        columns[name], raised, cost_ms = convert_all(convert, texts)
        lost = sum(map(words_lost, texts, columns[name]))
        notes.append(
            f"{name}: {cost_ms:.3f} ms a text, raised on {raised}, lost words of {lost} texts"
        )
    print_table(columns)
    print(*notes, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
