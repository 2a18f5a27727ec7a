"""The work of `newsletter archive …`."""

from collections.abc import Sequence

from newsletter.bootstrap import build_archive, open_newsroom
from newsletter.cli.progress import show_count
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.tables import plain_table
from newsletter.model import PublicEdition


def run_build(session: Session, days: int, now: str | None) -> None:
    """Plan public editions and say how many are new on each day."""
    with (
        open_newsroom(session.config_path, now=read_moment(now)) as room,
        show_count(session, "Planning …") as tell,
    ):
        is_wanted = room.config.web.archive
        built = [
            (day, [one for one in new if one.matches])
            for day, new in build_archive(room, days, tell=tell)
        ]
    if session.wants_json:
        lines: list[JsonValue] = [
            {"day": day.isoformat(), "editions": len(new), "entries": _entries(new)}
            for day, new in built
        ]
        session.write_json({"archive": is_wanted, "days": lines})
        return
    if not is_wanted:
        session.notice("There is no archive: `web.archive: no` stands in the config.")
        return
    rows = [(day.isoformat(), str(len(new)), str(_entries(new))) for day, new in built]
    session.say(plain_table("New in the archive", ("Day", "Editions", "Entries"), rows))


def _entries(new: Sequence[PublicEdition]) -> int:
    return sum(len(one.matches) for one in new)
