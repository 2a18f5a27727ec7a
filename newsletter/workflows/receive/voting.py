"""What a person thinks of entries of a letter, written as an answer to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from newsletter.model import (
    Answer,
    Command,
    CommandName,
    EditionId,
    InboundMail,
    Misunderstanding,
    Subscriber,
)
from newsletter.rules.addresses import read_message_id
from newsletter.rules.answering import Voted, ask_which_letter, thank_for_vote
from newsletter.workflows.receive.ports import ReceivePorts

_VOTES: Final = frozenset({CommandName.LIKE, CommandName.DISLIKE})
_ID_LENGTH: Final = 20
_MOST_REFERENCES: Final = 20
_MOST_WISHES: Final = 20


def vote_at_once(
    person: Subscriber, wishes: Sequence[Command], mail: InboundMail, ports: ReceivePorts
) -> Answer:
    """Keep the votes of a mail that is nothing else; what it holds beside them is not looked at."""
    first, *others = [vote_by_mail(person, wish, mail, ports) for wish in wishes[:_MOST_WISHES]]
    blocks = (block for answer in (first, *others) for block in answer.blocks)
    return replace(first, blocks=tuple(blocks))


def is_proved_vote(
    person: Subscriber,
    wishes: Sequence[Command | Misunderstanding],
    mail: InboundMail,
    ports: ReceivePorts,
) -> bool:
    """Whether a mail is nothing but likes and dislikes, and answers a letter that this person got.

    The Message-ID of a letter is known to who has seen it alone: as good a proof as its links, which
    are good for votes as well. Where a mail program or a relay left it out, one reply more is needed.
    """
    is_vote = all(isinstance(one, Command) and one.name in _VOTES for one in wishes)
    head, secrets = ports.post.head, ports.post.secrets
    return is_vote and any(
        read_message_id(reference, person.id, secrets, head.domain)
        for reference in mail.references[-_MOST_REFERENCES:]
    )


def vote_by_mail(
    person: Subscriber, wish: Command, mail: InboundMail, ports: ReceivePorts
) -> Answer:
    """Keep what a person thinks of entries of the letter that is answered, by their numbers."""
    references = mail.references[-_MOST_REFERENCES:]
    names = [EditionId(one.strip("<>")[:_ID_LENGTH]) for one in references]
    editions = ports.ledger.editions(names)
    mine = [one for one in editions.values() if one.reader.subscriber == person.id]
    if not mine:
        return ask_which_letter(ports.office)
    shown = dict(enumerate((*mine[-1].matches, *mine[-1].also_matched), start=1))
    numbers = list(dict.fromkeys(map(int, wish.arguments)))
    chosen = {number: shown[number].entry for number in numbers if number in shown}
    is_like = wish.name is CommandName.LIKE
    now = ports.post.clock.now()
    ports.votes.vote_all(person.id, chosen.values(), 1 if is_like else -1, now=now)
    titles = ports.titles(list(chosen.values()))
    preferences = person.preferences
    voted = Voted(
        is_like=is_like,
        titles={number: titles.get(entry, "") for number, entry in chosen.items()},
        missing=[number for number in numbers if number not in shown],
        counts=preferences is None or preferences.learns,
    )
    return thank_for_vote(ports.office, voted)
