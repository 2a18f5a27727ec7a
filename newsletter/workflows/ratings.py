"""What subscribers said of entries, for those whose letters learn from it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from newsletter.model import Rating, SubscriberId
from newsletter.ports import EntryStore, Votes
from newsletter.rules.planning import Occasion


def read_ratings(
    occasions: Iterable[Occasion], votes: Votes | None, entries: EntryStore, *, now: datetime
) -> Mapping[SubscriberId, Sequence[Rating]]:
    """Return the ratings of those who gave any and did not switch the learning off.

    A vote for an entry that is not stored any more says nothing.
    """
    learners = [one.subscriber.id for one in occasions if one.preferences.learns]
    if votes is None or not learners:
        return {}
    given = votes.votes_of(learners)
    known = entries.get({vote.entry for some in given.values() for vote in some})
    ratings = {
        person: tuple(
            Rating(known[vote.entry], vote.vote > 0, (now - vote.voted_at) / timedelta(days=1))
            for vote in some
            if vote.entry in known
        )
        for person, some in given.items()
    }
    return {person: some for person, some in ratings.items() if some}
