"""Letters whose domains share a lane are claimed by turns, however many domains they are."""

from collections.abc import Callable, Iterable

import pytest

from newsletter.model import Claim, Limits, Throttle
from newsletter.ports import Ledger, Outbox, Throttles
from newsletter.rules.throttle import domain_lane, refuse
from newsletter.storage import Database, Holder, LaneStore, MessageOutbox, SlotLedger
from newsletter.testing.lanes import MemoryLanes
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from tests.contracts.test_lanes import NOW, SECOND, Post, recipients

GOOGLE = domain_lane("google.com")
MANY = {f"d{number}.org": "google.com" for number in range(3_000)}

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def post(request: pytest.FixtureRequest, open_stored: OpenStored, admit: Admit) -> Post:
    if request.param == "memory":
        memory = MemoryLedger()
        return _post(memory, MemoryLanes(memory), MemoryOutbox(memory), lambda _: None)
    database = open_stored(request.param)
    outbox = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
    ledger = SlotLedger(database)
    return _post(ledger, LaneStore(database), outbox, lambda names: admit(database, names))


def _post(
    ledger: Ledger, lanes: Throttles, outbox: Outbox, admit: Callable[[Iterable[str]], None]
) -> Post:
    return Post(ledger, lanes, outbox, admit)


def claimed(post: Post, limits: Limits, after: float = 0, limit: int = 100) -> list[str]:
    return recipients(_claim(post, limits, after, limit))


def _claim(post: Post, limits: Limits, after: float, limit: int) -> Claim:
    return post.claim(Throttle(NOW + after * SECOND, limits), limit=limit)


def test_siblings_take_turns_and_hold_up_nobody_else(post: Post) -> None:
    post.plan("a@d1.org", "b@D2.org", "c@d2999.org", "e@google.com", "f@free.net", "g@xd1.org")
    limits = Limits(per_domain={"google.com": 60}, groups=MANY)
    assert claimed(post, limits, limit=3) == ["a@d1.org", "f@free.net", "g@xd1.org"]
    assert claimed(post, limits) == []
    assert claimed(post, limits, after=1) == ["b@D2.org"]
    assert claimed(post, limits, after=2) == ["c@d2999.org"]
    assert claimed(post, limits, after=3) == ["e@google.com"], "it is the provider's own"


def test_a_limit_of_its_own_holds_beside_that_of_the_group(post: Post) -> None:
    post.plan("a@d1.org", "b@d1.org", "c@d2.org", "d@d2.org", "e@free.net")
    limits = Limits(per_domain={"google.com": 600, "d1.org": 60}, groups=MANY)
    assert claimed(post, limits) == ["a@d1.org", "c@d2.org", "d@d2.org", "e@free.net"]
    assert claimed(post, limits, after=0.4) == []
    assert claimed(post, limits, after=0.5) == ["b@d1.org"]


def test_while_the_group_is_closed_to_us_all_its_letters_wait(post: Post) -> None:
    post.plan("a@d1.org", "b@d2.org", "c@free.net")
    post.lanes.change(
        [GOOGLE], lambda lanes: {GOOGLE: refuse(lanes[GOOGLE], "ada", "550 5.7.1", NOW, enough=1)}
    )
    limits = Limits(groups=MANY)
    assert claimed(post, limits) == ["c@free.net"]
    assert claimed(post, limits, after=300) == ["a@d1.org"], "one finds out"
    assert claimed(post, limits, after=300) == []


def test_a_group_by_hand_that_is_named_like_one_of_its_domains_counts_it(post: Post) -> None:
    post.plan("a@gmail.com", "b@gmail.com", "c@googlemail.com", "d@free.net")
    limits = Limits(per_domain={"gmail.com": 60}, groups={"googlemail.com": "gmail.com"})
    assert claimed(post, limits, limit=2) == ["a@gmail.com", "d@free.net"]
    assert claimed(post, limits, after=1, limit=2) == ["b@gmail.com"]
