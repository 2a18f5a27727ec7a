"""Working off what people asked for on pages: who they are is looked up here, after the page answered.

Each enquiry goes the way that a mail with the same wish goes, with the same limits for each address.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from newsletter.errors import NewsletterError, StorageError
from newsletter.model import EmailAddress, KeyPurpose, ReplyKind, SubscriptionState
from newsletter.ports import Enquiry, EnquiryKind, EnquiryStore
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import show_way_to_preferences
from newsletter.workflows.receive.joining import ask_for
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import link_to, make_ticket, may_ask, post

PATIENCE: Final = timedelta(minutes=5)
"""After this an enquiry that nobody brought to its end is looked at again."""
_BATCH: Final = 20

TellEnquiry = Callable[[Enquiry, str], None]
"""Hears of each enquiry that was looked at: "" when it is done, else what kept it from that."""


def work_off_enquiries(
    store: EnquiryStore,
    ports: ReceivePorts,
    *,
    tell: TellEnquiry = lambda _, __: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Look at every enquiry that waits, oldest first; return how many.

    One that fails waits for another look, three in all. Raises StorageError when the database is
    away: what was claimed is given out again.
    """
    done = 0
    while not is_stopping():
        now = ports.post.clock.now()
        claimed = store.claim(_BATCH, now=now, patience_until=now + PATIENCE)
        if not claimed:
            break
        for enquiry in claimed:
            if is_stopping():
                store.give_back(enquiry.id)
                continue
            tell(enquiry, _look_at(enquiry, store, ports))
            done += 1
    return done


def _look_at(enquiry: Enquiry, store: EnquiryStore, ports: ReceivePorts) -> str:
    """Answer an enquiry and forget it; return what kept it from that, "" for nothing."""
    try:
        answer(enquiry, ports)
    except StorageError:
        raise
    except NewsletterError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost the others their mails
        return f"{type(error).__name__}: {error}"
    store.done(enquiry.id)
    return ""


def answer(enquiry: Enquiry, ports: ReceivePorts) -> bool:
    """Post what an enquiry brings its address, if anything; return whether a message was posted.

    To do it twice posts nothing more: an address gets one such message a day. Raises
    PreferencesError for a document that is not a valid one of this address.
    """
    match enquiry.kind:
        case EnquiryKind.SUBSCRIBE:
            return ask_for(enquiry.address, enquiry.document, ports, evidence=enquiry.evidence)
        case EnquiryKind.PREFERENCES_LINK:
            return send_preferences_link(enquiry.address, ports)


def send_preferences_link(address: EmailAddress, ports: ReceivePorts) -> bool:
    """Mail a subscriber the way to the preferences page; return whether a message was posted.

    Anybody may name any address: who gets no letters gets nothing, and who does at most what
    `joining.ask` allows, counted together with it.
    """
    if not may_ask(address, ports.post):
        return False
    person = ports.subscribing.subscribers.find(address_key(address))
    if person is None or person.suppression or person.state is not SubscriptionState.CONFIRMED:
        return False
    ticket = make_ticket(person, KeyPurpose.PREFERENCES, ports.post)
    link = link_to(ticket, ports.post.head)
    return post(
        show_way_to_preferences(
            ports.office, link, ports.desk.present(person), ends_at=ticket.key.ends_at
        ),
        ReplyKind.CONFIRMATION,  # counts as one: it goes to whom anybody may have named
        person,
        ports.post,
        ticket=ticket,
    )
