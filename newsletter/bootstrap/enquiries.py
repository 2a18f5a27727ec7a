"""What people asked for on pages: kept by the pages, worked off in the rounds of `serve`."""

import logging
from collections.abc import Callable
from typing import Final

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.ports import Enquiry, EnquiryStore
from newsletter.storage import Enquiries
from newsletter.workflows import ReceivePorts, work_off_enquiries

LOG: Final = logging.getLogger("newsletter.serve")


def enquiries_of(room: Newsroom) -> EnquiryStore:
    """Return where enquiries wait."""
    return Enquiries(room.database)


def answer_enquiries(
    room: Newsroom, ports: ReceivePorts, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Answer every enquiry that waits; return how many were looked at. Raises StorageError."""
    return work_off_enquiries(enquiries_of(room), ports, tell=_tell, is_stopping=is_stopping)


def _tell(enquiry: Enquiry, trouble: str) -> None:
    if trouble:
        LOG.warning(
            "enquiry id=%d kind=%s look %d of 3 failed%s: %s",
            enquiry.id,
            enquiry.kind,
            enquiry.tries,
            "" if enquiry.tries < 3 else ", it is left aside",  # noqa: PLR2004 - as the line says
            trouble,
        )
    else:
        LOG.info("answered enquiry id=%d kind=%s", enquiry.id, enquiry.kind)
