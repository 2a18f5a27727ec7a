"""Does the time of an answer tell a token that is ours from one that is not? The Mann-Whitney test."""

import http.client
import itertools
import math
import random
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final
from urllib.parse import urlsplit

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_TOKEN_LENGTH: Final = 48
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_BODY: Final = "List-Unsubscribe=One-Click"


def compare(url: str, ours: Sequence[str], count: int) -> None:
    """Press `count` tokens of each kind, in turns by chance and one at a time, and print the tests.

    `ours` are twice as many tokens that nobody pressed yet: half of them are pressed before.
    """
    dice = random.Random(8058)  # noqa: S311 - the order of a benchmark
    first, again = ours[:count], ours[count : 2 * count]
    forged = ["".join(dice.choices(_ALPHABET, k=_TOKEN_LENGTH)) for _ in range(count)]
    client = _Client(url)
    for token in again:
        client.press(token)
    turns = [
        *(("ours, the first time", one) for one in first),
        *(("ours, a second time", one) for one in again),
        *(("not ours", one) for one in forged),
        *(("none at all", f"x{number}") for number in range(count)),
    ]
    dice.shuffle(turns)
    times: dict[str, list[float]] = {}
    for kind, token in turns:
        times.setdefault(kind, []).append(client.press(token))
    _tell(times)


def _tell(times: Mapping[str, Sequence[float]]) -> None:
    known = times["ours, the first time"]
    print(
        f"  time of the answer, {len(known)} of each kind, beside a token of ours pressed the first time:"
    )
    for kind, sample in sorted(times.items()):
        print(f"    {kind:<24}median {median(sample) * 1e3:6.2f} ms", end="")
        if sample is known:
            print()
            continue
        p, shift = mann_whitney(known, sample)
        print(f"   p = {p:.3f}, Cliff's delta {shift:+.3f}")


class _Client:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._places = itertools.count()
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)

    def press(self, token: str) -> float:
        """Return how many seconds the answer took."""
        # From another place each time: one that tries many is asked to wait, and that is another answer.
        high, low = divmod(next(self._places), 256)
        headers = {**_FORM, "X-Forwarded-For": f"198.18.{high}.{low}"}
        begun = time.perf_counter()
        self._connection.request("POST", f"/unsubscribe/{token}", _BODY, headers)
        answer = self._connection.getresponse()
        answer.read()
        return time.perf_counter() - begun


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Return the two-sided p of the test by its normal approximation, and Cliff's delta.

    Mann and Whitney 1947, with the mean rank for ties. Delta is the share of pairs in which `one` is
    larger, less the share in which it is smaller: 0 for no difference, 1 and -1 for no overlap. For some
    twenty values of each or more.
    """
    values = sorted((*((value, 0) for value in one), *((value, 1) for value in other)))
    ranks, place, ties = 0.0, 0, 0
    while place < len(values):
        end = place
        while end < len(values) and values[end][0] == values[place][0]:
            end += 1
        mean = (place + end + 1) / 2
        ranks += mean * sum(side == 0 for _, side in values[place:end])
        ties += (end - place) ** 3 - (end - place)
        place = end
    n, m, both = len(one), len(other), len(values)
    u = ranks - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (both + 1 - ties / (both * (both - 1))))
    p = math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2))
    return p, 2 * u / (n * m) - 1
