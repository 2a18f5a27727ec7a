"""A paper as Hugging Face writes it: the inner object, and the wrapper of the lists."""

import textwrap
from datetime import UTC, datetime, time, timedelta
from typing import Final

from newsletter.testing.services.exchange import JsonValue, stamp
from newsletter.testing.services.world import Hub, Paper, hex_of, pick

_HIDDEN, _CLAIMED, _RELATIVE, _WRAPPED, _LAB = 0.1, 0.2, 0.3, 0.15, 0.4
_EARLIER: Final = timedelta(hours=4)
"""The outer publishedAt is midnight UTC told as if it were the time of New York."""
_READERS: Final = 9
_WIDTH: Final = 80

Record = dict[str, JsonValue]


def wrapper_json(paper: Paper, hub: Hub, now: datetime) -> Record:
    """Return what a list holds of a paper."""
    inner = paper_json(paper, hub, now)
    reader = _reader(paper)
    optional: Record = {"mediaUrls": inner["mediaUrls"]} if hub.media else {}
    if "organization" in inner:
        optional["organization"] = inner["organization"]
    return {
        "paper": inner,
        "publishedAt": stamp(_published(paper) - _EARLIER),
        "title": inner["title"],
        "summary": inner["summary"],
        **optional,
        "thumbnail": f"https://cdn-thumbnails.example.org/social-thumbnails/papers/{paper.arxiv_id}.png",
        "numComments": hub.comments,
        "submittedBy": {
            **{key: value for key, value in reader.items() if key != "user"},
            "isHf": False,
            "isHfAdmin": False,
            "isMod": False,
            "followerCount": pick(f"{paper.key} followers", 900),
            "isUserFollowing": False,
        },
        "isAuthorParticipating": paper.chance("participates") < _CLAIMED,
    }


def paper_json(paper: Paper, hub: Hub, now: datetime) -> Record:
    """Return the inner object; what there is not is absent, never null."""
    version = paper.first
    is_wrapped = paper.chance("wrapped") < _WRAPPED
    summary = textwrap.fill(version.abstract, _WIDTH) if is_wrapped else version.abstract
    optional: Record = {}
    if hub.media:
        optional["mediaUrls"] = list(hub.media)
    if hub.project:
        optional["projectPage"] = hub.project
    if hub.code:
        by = "auto" if hub.stars % 2 else "user"
        optional |= {"githubRepo": hub.code, "githubRepoAddedBy": by, "githubStars": hub.stars}
    if hub.summary:
        optional |= {"ai_summary": hub.summary, "ai_keywords": list(hub.keywords)}
    if paper.chance("lab") < _LAB:
        optional["organization"] = _organization(paper)
    return {
        "id": paper.arxiv_id,
        "authors": _authors(paper),
        "publishedAt": stamp(_published(paper)),
        "submittedOnDailyAt": stamp(datetime.combine(hub.day, time(), UTC)),
        "title": version.title,
        "submittedOnDailyBy": _reader(paper),
        "summary": summary,
        "upvotes": hub.upvotes_at(now),
        "discussionId": hex_of(f"{paper.key} discussion"),
        **optional,
    }


def _published(paper: Paper) -> datetime:
    return datetime.combine(paper.first.submitted_at.astimezone(UTC).date(), time(), UTC)


def _authors(paper: Paper) -> list[JsonValue]:
    records: list[JsonValue] = []
    for place, person in enumerate(paper.authors):
        key = f"{paper.key} author {place}"
        record: Record = {"_id": hex_of(key)}
        if paper.chance(f"claims {place}") < _CLAIMED:
            changed = paper.first.submitted_at + timedelta(days=1, milliseconds=485)
            record |= {
                "user": _user(key, person.name),
                "name": person.name,
                "status": "claimed_verified" if place % 2 else "admin_assigned",
                "statusLastChangedAt": stamp(changed),
            }
        is_hidden = place > 0 and paper.chance(f"hidden {place}") < _HIDDEN
        records.append({**record, "name": person.name, "hidden": is_hidden})
    return records


def _user(key: str, name: str) -> Record:
    login = name.partition(" ")[0].lower() + hex_of(key, 4)
    return {
        "_id": hex_of(f"{key} user"),
        "avatarUrl": _avatar(key),
        "isPro": False,
        "fullname": name,
        "user": login,
        "type": "user",
        "name": login,
    }


def _reader(paper: Paper) -> Record:
    """Return who handed the paper in: one of a few, who reads a lot."""
    which = paper.number % _READERS
    login = f"reader-{which}"
    return {
        "_id": hex_of(login),
        "avatarUrl": _avatar(login),
        "isPro": which == 0,
        "fullname": f"Reader {which}",
        "user": login,
        "type": "user",
        "name": login,
    }


def _avatar(key: str) -> str:
    """Return an address; of some it is relative."""
    if pick(f"{key} relative", 100) < 100 * _RELATIVE:
        return f"/avatars/{hex_of(key, 32)}.svg"
    return f"https://cdn-avatars.example.org/v1/production/uploads/{hex_of(key)}.png"


def _organization(paper: Paper) -> Record:
    name = paper.organization.split(",")[0]
    return {
        "_id": hex_of(paper.organization),
        "name": "".join(word[0] for word in name.split() if word[0].isalpha()).upper(),
        "fullname": paper.organization,
        "avatar": f"https://cdn-avatars.example.org/orgs/{hex_of(name)}.png",
    }
