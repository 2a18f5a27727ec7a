"""Working off what came in: each message with a time limit, and what cannot be read set aside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from newsletter.errors import NewsletterError, StorageError
from newsletter.model import InboundKind, InboundMessage, InboundState
from newsletter.ports import InboundStore
from newsletter.workflows.receive.ports import Received, ReceivePorts
from newsletter.workflows.receive.receiving import receive

LONGEST_LOOK: Final = timedelta(seconds=30)
"""What takes longer is set aside; anything honest takes a small part of a second."""
_BATCH: Final = 20

Tell = Callable[[InboundMessage, Received], None]


def work_off(
    store: InboundStore,
    ports: ReceivePorts,
    *,
    tell: Tell = lambda _, __: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Receive every message that waits, oldest first; return how many.

    One that is refused, fails or takes too long is set aside with the reason, for a person to look at
    and to replay. Raises StorageError when the database is away: what was claimed is given out again.
    """
    done = 0
    while not is_stopping():
        now = ports.post.clock.now()
        patience_until = now + _BATCH * LONGEST_LOOK
        claimed = store.claim(_BATCH, now=now, patience_until=patience_until)
        if not claimed:
            break
        for message in claimed:
            if is_stopping():
                store.settle(message.id, InboundState.RECEIVED)
                continue
            tell(message, receive_one(message, store, ports))
            done += 1
    return done


def receive_one(message: InboundMessage, store: InboundStore, ports: ReceivePorts) -> Received:
    """Receive one claimed message and write down what became of it."""
    received = _in_time(message, ports)
    aside = received.kind is InboundKind.REFUSED
    state = InboundState.ASIDE if aside else InboundState.HANDLED
    store.settle(message.id, state, received.note or ", ".join(received.applied))
    return received


def _in_time(message: InboundMessage, ports: ReceivePorts) -> Received:
    # A thread of its own for each, so that one that hangs holds up no other.
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="receive")
    try:
        return thread.submit(_safely, message, ports).result(LONGEST_LOOK.total_seconds())
    except TimeoutError:
        seconds = LONGEST_LOOK.total_seconds()
        return Received(InboundKind.REFUSED, note=f"took longer than {seconds:.0f} s")
    finally:
        thread.shutdown(wait=False, cancel_futures=True)


def _safely(message: InboundMessage, ports: ReceivePorts) -> Received:
    try:
        return receive(message, ports)
    except StorageError:
        raise
    except NewsletterError as error:
        return Received(InboundKind.REFUSED, note=str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost the others their answers
        return Received(InboundKind.REFUSED, note=f"{type(error).__name__}: {error}")
