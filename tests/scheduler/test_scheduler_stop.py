"""`serve` is told to stop in the middle of a long plan: it ends after the batch it is at."""

import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from newsletter.scheduler import Rounds, Scheduler
from newsletter.testing.plans import make_plan
from newsletter.workflows import Adoption, Published

PATIENCE_S = 30.0


async def _deliver(_: Callable[..., None], __: Callable[[], bool]) -> None:
    return


def _scheduler(publish: Callable[[], Iterator[Published]]) -> Scheduler:
    rounds = Rounds(
        sources=(),
        intervals={},
        last_pulls=dict,
        collect=lambda _: pytest.fail("there are no sources"),
        changes=lambda _: iter(()),
        adopt=lambda: Adoption(0, ()),
        publish=publish,
        get_ready=lambda: None,
        receive=lambda _: 0,
        deliver=_deliver,
    )
    return Scheduler(rounds, lead_s=lambda: 0.0)


def test_a_stop_in_the_middle_of_planning_does_not_wait_for_the_last_batch() -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def publish() -> Iterator[Published]:
        for _ in count():  # as many batches as one likes
            begun.set()
            may_go_on.wait(PATIENCE_S)
            yield Published((), ())

    scheduler = _scheduler(publish)
    scheduler.start()
    assert begun.wait(PATIENCE_S)
    stopping = threading.Thread(target=scheduler.stop, daemon=True)
    stopping.start()
    may_go_on.set()
    stopping.join(PATIENCE_S)
    assert not stopping.is_alive()


def test_a_batch_that_asks_for_its_delivery_while_the_program_ends_holds_nothing_up() -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def publish() -> Iterator[Published]:
        yield Published((make_plan("ada", ["gulls"]),), ())
        begun.set()
        may_go_on.wait(PATIENCE_S)
        yield Published((make_plan("ada", ["gulls"]),), ())

    scheduler = _scheduler(publish)
    scheduler.start()
    assert begun.wait(PATIENCE_S)
    stopping = threading.Thread(target=scheduler.stop, daemon=True)
    stopping.start()
    stopping.join(0.3)  # it waits for the plan by now
    may_go_on.set()
    stopping.join(5.0)
    assert not stopping.is_alive()
