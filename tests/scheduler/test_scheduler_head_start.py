"""The first letters of a slot leave before the others are planned."""

import threading
from collections.abc import Callable, Iterator

import pytest

from newsletter.model import EditionId, OutboxEvent, OutboxId
from newsletter.scheduler import Rounds, Scheduler
from newsletter.scheduler.head_start import HeadStart
from newsletter.testing.plans import make_plan
from newsletter.workflows import Adoption, Delivered, Published

PATIENCE_S = 30.0


class SmallHouse:
    """Plans two batches of two letters; each round of delivery sends all that is planned."""

    def __init__(self) -> None:
        self.waiting = 0
        self.sent = 0
        self.sent_before_second_batch: int | None = None
        self.all_sent = threading.Event()

    def publish(self) -> Iterator[Published]:
        """Yield the batches, once; notes what had left when the second one was asked for."""
        if self.sent_before_second_batch is not None:
            return
        yield self._batch("ada", "bea")
        self.sent_before_second_batch = self.sent
        yield self._batch("cem", "dan")

    def _batch(self, *names: str) -> Published:
        self.waiting += len(names)
        return Published(tuple(make_plan(name, ["paper"]) for name in names), ())

    async def deliver(self, tell: Callable[[Delivered], None], _: Callable[[], bool]) -> None:
        """Send what waits."""
        while self.waiting:
            self.waiting -= 1
            self.sent += 1
            tell(Delivered(OutboxId(self.sent), EditionId("e"), OutboxEvent.ACCEPT, "250 ok"))
        if self.sent == 4:
            self.all_sent.set()

    def rounds(self) -> Rounds:
        """Return the work of this house."""
        return Rounds(
            sources=(),
            intervals={},
            last_pulls=dict,
            collect=lambda _: pytest.fail("there are no sources"),
            changes=lambda _: iter(()),
            adopt=lambda: Adoption(0, ()),
            publish=self.publish,
            get_ready=lambda: None,
            receive=lambda _: 0,
            deliver=self.deliver,
        )


def test_the_first_letters_have_left_when_the_second_batch_is_planned() -> None:
    house = SmallHouse()
    scheduler = Scheduler(house.rounds(), lead_s=lambda: 0.0)
    scheduler.start()
    try:
        assert house.all_sent.wait(PATIENCE_S)
    finally:
        scheduler.stop()
    assert house.sent_before_second_batch == 2


def test_a_relay_that_does_not_answer_holds_the_plans_up_for_a_moment_only() -> None:
    head_start = HeadStart(longest_s=0.01)
    head_start.expect(100)
    head_start.note_one()
    head_start.wait()  # comes back


def test_tries_of_before_are_not_counted() -> None:
    head_start = HeadStart(longest_s=PATIENCE_S)
    head_start.note_one()
    head_start.expect(2)
    waiting = threading.Thread(target=head_start.wait, daemon=True)
    waiting.start()
    head_start.note_one()
    assert waiting.is_alive()
    head_start.note_one()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()


def test_the_end_of_the_program_waits_for_no_letter() -> None:
    head_start = HeadStart(longest_s=PATIENCE_S)
    head_start.expect(100)
    waiting = threading.Thread(target=head_start.wait, daemon=True)
    waiting.start()
    head_start.end()
    waiting.join(PATIENCE_S / 2)
    assert not waiting.is_alive()
