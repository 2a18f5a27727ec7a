"""How lanes are told to an operator."""

from datetime import timedelta

from newsletter.cli.lanes import lane_record, lane_table
from newsletter.model import Lane, Limits
from newsletter.rules.throttle import EVERYTHING, domain_lane, refuse, relay_lane, slow_down
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.workflows import LaneLine, report_lanes

NOW = FIRST_SLOT_AT
GROUPS = {f"d{number}.org": "google.com" for number in range(5)} | {"x.org": "host.net"}
LIMITS = Limits(per_minute=600, per_domain={"google.com": 120}, groups=GROUPS)


def told(lanes: dict[str, Lane], limits: Limits = LIMITS) -> list[tuple[object, ...]]:
    named = {domain_lane(name): lane for name, lane in lanes.items()}
    lines = report_lanes(named, limits, NOW)
    return [(one.subject, len(one.domains), one.per_minute, state(one)) for one in lines]


def state(line: LaneLine) -> object:
    return lane_record(line)["state"]  # type: ignore[index, call-overload]


def test_without_limits_and_groups_there_is_nothing_to_tell() -> None:
    quiet = {EVERYTHING: Lane(free_at=NOW), relay_lane("a:25"): Lane(free_at=NOW)}
    assert report_lanes(quiet, Limits(), NOW) == ()


def test_lanes_with_a_limit_and_those_that_are_shared_are_told() -> None:
    assert told({}) == [
        ("google.com", 5, 120, "free"),
        ("host.net", 1, None, "free"),
        ("all letters", 0, 600, "free"),
    ]


def test_those_that_are_shut_or_slowed_come_first() -> None:
    slowed = slow_down(slow_down(Lane(), "4.7.1", NOW - timedelta(minutes=2)), "4.7.1", NOW)
    shut = refuse(Lane(), "ada", "5.7.1", NOW, enough=1)
    assert told({"google.com": slowed, "lone.org": shut})[:3] == [
        ("google.com", 5, 30, "slowed"),
        ("lone.org", 0, None, "closed"),
        ("host.net", 1, None, "free"),
    ]


def test_of_many_lanes_the_first_are_shown_with_some_domains() -> None:
    many = {f"d{number}.org": f"p{number}.net" for number in range(30)}
    lines = report_lanes({}, Limits(groups=GROUPS | many), NOW)
    table = lane_table(lines)
    assert len(lines) == 31
    assert table.row_count == 11
    assert lane_record(lines[0])["domains"] == list(lines[0].domains)  # type: ignore[index, call-overload]


def test_a_lane_names_three_domains_and_counts_the_others() -> None:
    (shown, *_) = lane_table(report_lanes({}, LIMITS, NOW)).columns[1].cells
    assert str(shown) == "d0.org, d1.org, d2.org, 2 more"
