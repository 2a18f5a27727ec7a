"""Moving a newsletter from a SQLite file to a PostgreSQL server."""

from newsletter.storage.moving.handover import give_up_move
from newsletter.storage.moving.moving import Moved, move_database
from newsletter.storage.moving.tallies import TableMoved, Tally

__all__ = ["Moved", "TableMoved", "Tally", "give_up_move", "move_database"]
