"""Vectors of texts are found again, kept once, and forgotten when nobody used them for long."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.ports import ModelId, TextKey, VectorStore
from newsletter.storage import Database, StoredVectors
from newsletter.testing.vectors import MemoryVectors

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SMALL, LARGE = ModelId("small-1f2e"), ModelId("large ☃ '); --")

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_stored: OpenStored) -> VectorStore:
    if request.param == "memory":
        return MemoryVectors()
    return StoredVectors(open_stored(request.param))


def key(number: int) -> TextKey:
    return TextKey(blake2b(b"%d" % number, digest_size=16).digest())


def vector(number: int, size: int = 4) -> bytes:
    return blake2b(b"vector %d" % number, digest_size=size).digest()


def some(*numbers: int) -> dict[TextKey, bytes]:
    return {key(number): vector(number) for number in numbers}


def test_of_a_new_store_nothing_is_known(store: VectorStore) -> None:
    assert store.find(SMALL, [key(1), key(2)]) == {}
    assert store.find(SMALL, []) == {}
    assert store.forget(unused_since=NOW) == 0


def test_what_is_kept_is_found(store: VectorStore) -> None:
    store.keep(SMALL, some(1, 2, 3), now=NOW)
    assert store.find(SMALL, [key(3), key(9), key(1), key(1)]) == some(1, 3)


def test_every_byte_comes_back(store: VectorStore) -> None:
    zero, all_bytes = TextKey(bytes(16)), bytes(range(256)) * 3
    store.keep(SMALL, {zero: all_bytes, TextKey(b"\xff" * 16): b"\\x00'"}, now=NOW)
    assert store.find(SMALL, [zero])[zero] == all_bytes
    assert store.find(SMALL, [TextKey(b"\xff" * 16)]) == {b"\xff" * 16: b"\\x00'"}


def test_vectors_of_one_model_are_not_those_of_another(store: VectorStore) -> None:
    store.keep(SMALL, some(1), now=NOW)
    assert store.find(LARGE, [key(1)]) == {}
    store.keep(LARGE, {key(1): b"other", key(2): b"more"}, now=NOW)
    assert store.find(SMALL, [key(1), key(2)]) == some(1)
    assert store.find(LARGE, [key(1), key(2)]) == {key(1): b"other", key(2): b"more"}


def test_what_is_kept_again_stays_as_it_was(store: VectorStore) -> None:
    store.keep(SMALL, some(1), now=NOW)
    store.keep(SMALL, {key(1): b"another", **some(2)}, now=NOW)
    store.keep(SMALL, {}, now=NOW)
    assert store.find(SMALL, [key(1), key(2)]) == some(1, 2)


def test_thousands_are_kept_and_found_in_one_call(store: VectorStore) -> None:
    many = some(*range(5_003))
    store.keep(SMALL, many, now=NOW)
    assert store.find(SMALL, iter([*many, key(-1)])) == many


def test_what_nobody_used_is_forgotten(store: VectorStore) -> None:
    store.keep(SMALL, some(1, 2), now=NOW)
    store.keep(LARGE, some(1), now=NOW)
    store.keep(SMALL, some(3), now=NOW + 10 * DAY)
    assert store.forget(unused_since=NOW) == 0
    assert store.forget(unused_since=NOW + DAY) == 3
    assert store.find(SMALL, [key(1), key(2), key(3)]) == some(3)
    assert store.find(LARGE, [key(1)]) == {}
    assert store.forget(unused_since=NOW + DAY) == 0


def test_thousands_are_forgotten_in_one_call(store: VectorStore) -> None:
    many = some(*range(2_500))
    store.keep(SMALL, many, now=NOW)
    store.keep(SMALL, some(7), now=NOW + 2 * DAY)
    assert store.forget(unused_since=NOW + DAY) == 2_499
    assert store.find(SMALL, many) == some(7)


def test_what_is_kept_again_counts_as_used(store: VectorStore) -> None:
    store.keep(SMALL, some(1, 2), now=NOW)
    store.keep(SMALL, some(1, 3), now=NOW + 5 * DAY)
    assert store.forget(unused_since=NOW + 5 * DAY) == 1
    assert store.find(SMALL, [key(1), key(2), key(3)]) == some(1, 3)


def test_a_clock_that_was_set_back_makes_nothing_older(store: VectorStore) -> None:
    store.keep(SMALL, some(1), now=NOW)
    store.keep(SMALL, some(1), now=NOW - 30 * DAY)
    assert store.forget(unused_since=NOW) == 0


def test_days_are_counted_in_utc(store: VectorStore) -> None:
    tokyo = timezone(timedelta(hours=9))
    store.keep(SMALL, some(1), now=NOW.replace(hour=23).astimezone(tokyo))  # the 24th there
    assert store.forget(unused_since=NOW.replace(hour=1).astimezone(tokyo)) == 0
    assert store.forget(unused_since=(NOW + DAY).replace(hour=1)) == 1


def test_threads_that_keep_the_same_at_once_keep_it_once(store: VectorStore) -> None:
    gate, troubles = threading.Barrier(4), list[BaseException]()

    def keep(first: int) -> None:
        gate.wait()
        try:
            for model in (SMALL, LARGE):
                store.keep(model, some(*range(first, first + 300)), now=NOW + first * DAY)
        except BaseException as error:  # noqa: BLE001 - the test shows what it was
            troubles.append(error)

    threads = [threading.Thread(target=keep, args=(first,)) for first in (0, 0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    for model in (SMALL, LARGE):
        assert store.find(model, map(key, range(600))) == some(*range(500))


@given(
    calls=st.lists(
        st.tuples(st.integers(0, 6), st.sets(st.integers(0, 5)), st.booleans()), max_size=8
    )
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_store_on_disk_does_as_the_one_in_memory_does(
    any_database: Database, calls: list[tuple[int, set[int], bool]]
) -> None:
    model = ModelId("of a whole example")
    real, fake = StoredVectors(any_database), MemoryVectors()
    real.forget(unused_since=NOW + 99 * DAY)
    for day, numbers, is_kept in calls:
        if is_kept:
            real.keep(model, some(*numbers), now=NOW + day * DAY)
            fake.keep(model, some(*numbers), now=NOW + day * DAY)
        else:
            moment = NOW + day * DAY
            assert real.forget(unused_since=moment) == fake.forget(unused_since=moment)
        everything = [key(number) for number in range(6)]
        assert real.find(model, everything) == fake.find(model, everything)
