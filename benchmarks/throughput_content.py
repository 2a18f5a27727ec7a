"""Entries and subscribers that were made up, as many as a benchmark of delivery wants.

The texts read like abstracts: other words in each, several topics in every day. The same numbers
give the same texts, so that one run can be compared with the next.
"""

import json
import random
from collections.abc import Iterator
from typing import Final

TOPICS: Final = {
    "robots": "robot*",
    "retrieval": "retrieval",
    "speech": "speech",
    "privacy": "privacy",
    "graphs": "graph*",
    "vision": "vision OR image*",
    "agents": "agent*",
    "translation": "translation",
    "proteins": "protein*",
    "weather": "weather OR climate",
    "proofs": "proof*",
    "code": '"program synthesis" OR code',
    "rewards": "reward*",
    "compression": "compression OR quantization",
    "fairness": "fairness",
    "teaching": "student* OR classroom*",
}
_FIELDS: Final = (
    "robot grasping", "document retrieval", "speech recognition", "privacy auditing",
    "graph matching", "image restoration", "planning with agents", "machine translation",
    "protein folding", "weather forecasting", "proof search", "code repair", "reward modelling",
    "model compression", "fairness testing", "classroom dialogue", "vision in low light",
    "program synthesis", "climate downscaling", "quantization of weights",
)  # fmt: skip
_METHODS: Final = (
    "a sparse memory", "contrastive pretraining", "a learned verifier", "two-stage search",
    "calibrated sampling", "a small draft model", "curriculum ordering", "latent diffusion",
    "low-rank updates", "a mixture of narrow experts", "self-play", "counterfactual probing",
)  # fmt: skip
_QUALITIES: Final = (
    "Slow", "Patient", "Frugal", "Robust", "Local", "Honest", "Faithful", "Small", "Early", "Shared",
)  # fmt: skip
_SENTENCES: Final = (
    "Work on {field} often assumes that data is plentiful, which rarely holds outside a laboratory.",
    "We ask whether {method} helps with {field}, and when it does not.",
    "Earlier attempts at {field} relied on {other}, whose cost grows quickly with the input.",
    "On {n} benchmarks the error falls by {p} percent while training takes {k} hours on one machine.",
    "An ablation shows that most of the gain comes from {method} rather than from the larger model.",
    "The effect persists when the test set is drawn from a source that was never seen in training.",
    "Where labels are noisy, {other} remains the better choice, and we explain why.",
    "A study with {n} participants suggests that people notice the difference within {k} minutes.",
    "We publish the data, the prompts and every intermediate checkpoint so that others can repeat it.",
    "A short proof bounds the regret, and an experiment on {field} shows that the bound is loose.",
)
_AUTHORS: Final = (
    "A. Lindqvist", "B. Okonjo", "C. Marchetti", "D. Petrov", "E. Nakagawa", "F. Adeyemi",
    "G. Sørensen", "H. Bauer", "I. Castillo", "J. Wójcik", "K. Haddad", "L. O'Brien",
)  # fmt: skip
_FEWEST_SENTENCES: Final = 3
_TOPICS_EACH: Final = 4
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def entry_lines(count: int, seed: int = 5) -> Iterator[str]:
    """Yield `count` entries, each as one line of JSON."""
    dice = random.Random(seed)  # noqa: S311 - texts, not secrets
    for number in range(count):
        yield json.dumps(_entry(number, dice), ensure_ascii=False)


def document(number: int, entries: int, seed: int = 5) -> str:
    """Return the document of one subscriber, who names four topics and wants `entries` entries."""
    dice = random.Random(seed * 1_000_003 + number)  # noqa: S311
    wanted = dice.sample(sorted(TOPICS), _TOPICS_EACH)
    topics = ", ".join(f"{{name: {name}, query: '{TOPICS[name]}'}}" for name in wanted)
    name = "".join(dice.choice(_LETTERS) for _ in range(8)).title()
    return (
        f"email: reader{number}@example.net\nname: {name} Reader {number}\n"
        f"topics: [{topics}]\nentries: {{at_most: {entries}}}\n"
    )


def _entry(number: int, dice: random.Random) -> dict[str, object]:
    field, second = dice.sample(_FIELDS, 2)
    method, other = dice.sample(_METHODS, 2)
    chosen = dice.sample(_SENTENCES, _FEWEST_SENTENCES + number % 3)
    page = f"https://papers.example.org/abs/{number:05}"
    return {
        "id": f"made-{number:05}",
        "title": f"{dice.choice(_QUALITIES)} {field.title()} With {method.title()}: Lessons From {second}",
        "abstract": " ".join(
            one.format(
                field=dice.choice((field, second)),
                method=method,
                other=other,
                n=dice.randrange(3, 60),
                p=dice.randrange(2, 40),
                k=dice.randrange(2, 90),
            )
            for one in chosen
        ),
        "authors": dice.sample(_AUTHORS, 2 + number % 4),
        "upvotes": dice.randrange(200),
        "links": {"page": page, "pdf": f"{page}.pdf"},
    }
