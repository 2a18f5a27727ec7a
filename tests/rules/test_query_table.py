"""The topic language by example: which query finds which entry, and why.

Each case is put to the rule itself and to the index, which must give the same answer.
"""

from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import pytest

from newsletter.indexing import Stemmer, build_index
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName
from newsletter.rules.query import holds, parse


class Case(NamedTuple):
    """`content` is what the entry says, `expected` whether the query finds it."""

    query: str
    content: EntryContent
    expected: bool
    why: str


def entry(content: EntryContent, *sources: str) -> Entry:
    names = tuple(map(SourceName, sources)) or (SourceName("daily-papers"),)
    at = datetime(2026, 5, 4, tzinfo=UTC)
    return Entry(EntryId("e"), RevisionId("r"), content, names, at, ReleaseNo(1))


def title(text: str, abstract: str | None = None) -> EntryContent:
    return EntryContent(text, abstract)


SAFE: Final = title("A Safety Guardrail for Agents", "We study guardrails that a policy learns.")
ROBOT: Final = EntryContent(
    "Walking Robots",
    "Legged machines walk over gravel.",
    tldr="Gravel is no obstacle.",
    authors=("Zoë Müller-Banks", "Jane Q. Doe", "李 伟"),
    organization="NVIDIA Research",
    published_on=date(2026, 5, 1),
    upvotes=12,
    categories=("cs.RO", "neuroscience"),
)
BARE: Final = title("Notes")

YES, NO = True, False
CASES: Final = [
    # Words
    Case("gravel", ROBOT, YES, "a word of the abstract"),
    Case("obstacle", ROBOT, YES, "the source's own summary counts as abstract"),
    Case("robots", ROBOT, YES, "a word of the title"),
    Case("gravel robots", ROBOT, YES, "words side by side may stand anywhere"),
    Case("gravel sand", ROBOT, NO, "words side by side must all be there"),
    Case("robot", ROBOT, YES, "the singular finds the plural"),
    Case("walk", ROBOT, YES, "the stem finds its other forms"),
    Case("walker", ROBOT, NO, "another word with another stem"),
    Case("policies", SAFE, YES, "policies and policy have one stem"),
    Case("LLM", title("What LLMs know"), YES, "the plural s of an abbreviation"),
    Case("GPS", title("A GP model"), NO, "three letters are no plural"),
    Case("die", title("Dying cells"), YES, "an irregular form"),
    Case("dying", title("Cells that die"), YES, "and back"),
    Case("optimal", title("Optimizing code"), YES, "one stem in English (Porter2); quotes help"),
    Case('"optimal"', title("Optimizing code"), NO, "what is in quotes is not stemmed"),
    Case("news", title("A new method"), NO, "news is no form of new"),
    # Case and accents
    Case("POLICY", SAFE, YES, "case is folded in queries"),
    Case("nvidia", title("NVIDIA chips"), YES, "and in entries"),
    Case("Schrodinger", title("Schrödinger bridges"), YES, "accents are folded"),
    Case("schrödinger", title("SCHRODINGER bridges"), YES, "on both sides"),
    Case("strasse", title("Straße"), YES, "so is the sharp s"),
    Case("Lodz", title("Łódź"), YES, "and a stroke through a letter"),
    Case("naive", title("Naïve Bayes"), YES, "and a diaeresis"),
    Case("И", title("и"), YES, "Cyrillic has case too"),
    # Phrases
    Case('"safety guardrail"', SAFE, YES, "word for word"),
    Case('"guardrail safety"', SAFE, NO, "order counts in a phrase"),
    Case('"safety guardrails"', SAFE, NO, "a phrase is not stemmed"),
    Case('"safety guard*"', SAFE, YES, "a star on the last word of a phrase"),
    Case('"agents we"', SAFE, NO, "a phrase does not reach from title into abstract"),
    Case('"gravel gravel"', ROBOT, NO, "nor from the abstract into the summary"),
    Case('"a safety"', SAFE, YES, "small words count in a phrase"),
    Case("“safety guardrail”", SAFE, YES, "bent quotation marks"),
    Case("«safety guardrail»", SAFE, YES, "French ones"),
    Case('"GPT 4"', title("GPT-4 at work"), YES, "a hyphen parts words like a space"),
    # Endings
    Case("optimiz*", title("Optimizing code"), YES, "any ending"),
    Case("optimiz*", title("Optimal code"), NO, "the letters before the star must stand"),
    Case("guard*", SAFE, YES, "a longer word"),
    Case("robots*", title("A robot"), NO, "the star adds letters, it takes none away"),
    Case("walking*", title("They walk"), NO, "a word with a star is not stemmed"),
    Case("müll*", title("Muller plots"), YES, "accents are folded before a star too"),
    # Hyphens, dots, signs
    Case("GPT-4", title("GPT-4 at work"), YES, "as written"),
    Case("GPT-4", title("GPT 4 at work"), YES, "with a space"),
    Case("GPT-4", title("GPT4 at work"), YES, "as one word"),
    Case("GPT-4", title("GPT\u20114 at work"), YES, "with a hyphen that does not break"),
    Case("GPT-4", title("GPT-3 and 4 others"), NO, "the parts must stand side by side"),
    Case("GPT4", title("GPT-4 at work"), NO, "one word is one word"),
    Case("pre-training", title("Pretraining pays"), YES, "joined, and in any form"),
    Case("pre-train", title("Pretrained models"), YES, "the joined word is stemmed as well"),
    Case("pretraining", title("Pre-training pays"), NO, "nobody can know where to part a word"),
    Case('"pre-training"', title("Pretraining pays"), NO, "in quotes only as it stands"),
    Case("GPT-4*", title("GPT-4o at work"), YES, "a star behind a hyphen"),
    Case("GPT-4*", title("GPT4o at work"), YES, "joined too"),
    Case("x-ray", title("X\u2013Ray images"), YES, "a dash for a hyphen"),
    Case("reinforcement", title("Rein\u00adforce\u00adment"), YES, "soft hyphens are no part of a word"),
    Case("C++", title("C++ compilers"), YES, "a sign that belongs to a letter"),
    Case("C++", title("Vitamin C"), NO, "C and C++ are two words"),
    Case("C", title("C++ compilers"), NO, "and the other way round"),
    Case("C#", title("C# and F#"), YES, "a sharp"),
    Case("it's", title("It\u2019s learned"), YES, "either apostrophe"),
    Case('"its"', title("It's learned"), NO, "an apostrophe is not left out"),
    Case("agents'", SAFE, YES, "an apostrophe at the end"),
    Case("T-PPO", title("T-PPO, again"), YES, "one letter before a hyphen"),
    Case("snake_case", title("On snake case"), YES, "an underscore parts words"),
    Case("co2", title("CO$_2$ uptake"), YES, "a lowered digit belongs to its word"),
    # TeX
    Case("B-Coder", title(r"$\mathcal{B}$-Coder"), YES, "TeX dress is taken off"),
    Case("mathcal", title(r"$\mathcal{B}$-Coder"), NO, "and is no word"),
    Case("Schrödinger", title(r"Schr\"odinger"), YES, "TeX accents are accents"),
    Case("alpha", title(r"An $\alpha$-divergence"), YES, "a command that stands for a word"),
    Case("A2TGPO", title("A$^2$TGPO"), YES, "a raised digit"),
    Case("$k$-means", title("k-means, faster"), YES, "TeX in the query"),
    # Scripts without spaces
    Case("学习", title("强化学习的方法"), YES, "inside a text without spaces"),
    Case("习学", title("强化学习的方法"), NO, "order counts"),
    Case("学*", title("学习"), YES, "a star after one such character"),
    Case("강화", title("강화학습"), YES, "Hangul"),
    Case("ロボット", title("歩くロボット"), YES, "Kana"),
    Case("日本語", title("日本 語"), YES, "a line break between characters is no border"),
    # Operators
    Case("sand OR gravel", ROBOT, YES, "one of them"),
    Case("sand OR snow", ROBOT, NO, "none of them"),
    Case("robot AND gravel", ROBOT, YES, "AND may be written"),
    Case("robot -gravel", ROBOT, NO, "a minus excludes"),
    Case("robot NOT sand", ROBOT, YES, "so does NOT"),
    Case("robot \u2212gravel", ROBOT, NO, "a long minus excludes too"),
    Case("sand snow OR robot", ROBOT, YES, "AND binds before OR"),
    Case("sand (snow OR robot)", ROBOT, NO, "brackets bind first"),
    Case("robot -(sand OR gravel)", ROBOT, NO, "a minus before a bracket"),
    Case('robot -"legged machines"', ROBOT, NO, "a minus before a phrase"),
    Case("robot or gravel", ROBOT, NO, "a small or is a word"),
    Case("robot (gravel OR -sand)", ROBOT, YES, "a negation inside a bracket"),
    # Fields
    Case("title:robot", ROBOT, YES, "only the title"),
    Case("title:gravel", ROBOT, NO, "not the abstract"),
    Case("abstract:gravel", ROBOT, YES, "only the abstract"),
    Case("abstract:robots", ROBOT, NO, "not the title"),
    Case("Title:Robot", ROBOT, YES, "a field in any case"),
    Case("title: robot", ROBOT, YES, "a space behind the colon"),
    Case("title:(walk robot)", ROBOT, YES, "a field before a bracket holds for all of it"),
    Case("title:(robot gravel)", ROBOT, NO, "for each word of it"),
    Case("-title:gravel robot", ROBOT, YES, "a negated field"),
    Case("author:muller", ROBOT, YES, "names are folded"),
    Case("author:bank", ROBOT, NO, "names have no forms"),
    Case("author:bank*", ROBOT, YES, "but may have a star"),
    Case('author:"jane q doe"', ROBOT, YES, "a whole name"),
    Case('author:"jane doe"', ROBOT, NO, "a phrase leaves nothing out"),
    Case('author:"banks jane"', ROBOT, NO, "a name ends where the next begins"),
    Case("author:李", ROBOT, YES, "a name in another script"),
    Case("jane", ROBOT, NO, "without a field names are not searched"),
    Case("organization:nvidia", ROBOT, YES, "a word of the organization"),
    Case("organization:nvidia", BARE, NO, "no organization is known"),
    Case("category:cs.RO", ROBOT, YES, "a category"),
    Case("category:cs", ROBOT, YES, "the archive of a category"),
    Case("cs.RO", ROBOT, YES, "a whole category needs no field"),
    Case("cs", ROBOT, NO, "a part of one does"),
    Case("neuroscience", ROBOT, YES, "a category of one word"),
    Case("neurosci*", ROBOT, NO, "an ending is not looked for in categories"),
    Case("source:daily-papers", ROBOT, YES, "where it was announced"),
    Case("source:arxiv", ROBOT, NO, "and where not"),
    # Values
    Case("date:>=2026-05-01", ROBOT, YES, "the bound itself is in"),
    Case("date:>=2026-05-02", ROBOT, NO, "a day later is not"),
    Case("date:<=2026-05-01", ROBOT, YES, "from above as well"),
    Case("date:2026-05-01", ROBOT, YES, "just that day"),
    Case("date:(>=2026-04-01 <=2026-05-31)", ROBOT, YES, "between two days"),
    Case("date:>=2026-01-01", BARE, NO, "a day that is not known is on no side"),
    Case("notes -date:>=2026-01-01", BARE, YES, "so its negation holds"),
    Case("upvotes:>=12", ROBOT, YES, "up-votes at least"),
    Case("upvotes:>=13", ROBOT, NO, "one too few"),
    Case("upvotes:<=12 robot", ROBOT, YES, "up-votes at most"),
    Case("upvotes:\u226512", ROBOT, YES, "the sign itself"),
    Case("upvotes:>=1", BARE, NO, "up-votes that are not known"),
]  # fmt: skip


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=[f"{case.query} · {case.why}" for case in CASES])
def test_a_query_finds_what_the_table_says(case: Case) -> None:
    stored = entry(case.content)

    assert holds(parse(case.query).root, stored, Stemmer().stem) is case.expected
    assert bool(build_index([stored]).holds(case.query)) is case.expected
