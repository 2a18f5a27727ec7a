"""No document costs a second or fifty megabytes, whatever stands in it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.preferences.hostile import names

HOUSE = Path(__file__).parents[2]
MANY_DOCUMENTS = {"a hundred documents", "a hundred of one person", "a chain of links"}
Cost = list[float] | str


@pytest.fixture(scope="module")
def costs() -> Mapping[str, Cost]:
    """Read every document in a process of its own; all of them take some seconds."""
    program = [sys.executable, str(HOUSE / "tests" / "preferences" / "hostile.py")]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    done = subprocess.run(program, env=environment, check=True, capture_output=True)
    found: dict[str, Cost] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", names())
def test_a_hostile_document_costs_little_and_ends_in_few_words(
    name: str, costs: Mapping[str, Cost]
) -> None:
    cost = costs[name]
    assert not isinstance(cost, str), cost
    seconds, kilobytes, problems, longest = cost
    assert seconds < 1
    assert kilobytes < 50 * 1024
    assert problems <= (300 if name in MANY_DOCUMENTS else 50)
    assert longest < 800
