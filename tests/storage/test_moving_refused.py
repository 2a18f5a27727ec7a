"""What a move refuses, and how it is given up: neither database is harmed."""

from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import text

from newsletter.errors import ConfigError, NewsletterError, SchemaError, StorageError
from newsletter.model import EmailAddress
from newsletter.storage import (
    Database,
    MessageOutbox,
    give_up_move,
    open_database,
    without_password,
)
from newsletter.storage.moves import Move
from newsletter.storage.moving.handover import leave, plan_move
from newsletter.testing.plans import FIRST_SLOT_AT
from tests.contracts.filled_house import stored_house
from tests.storage.a_move import NOW, Unplugged, count, move, path_of, unplug_at, url_of

OpenStored = Callable[[str], Database]
NewDatabase = Callable[[str], str]


def test_a_move_waits_for_no_worker_but_refuses(
    file: Database, server: Database, open_stored: OpenStored
) -> None:
    with closing(open_database(f"sqlite:///{file.path}")) as worker:
        worker.leases.hold()
        with pytest.raises(StorageError, match=r"running; stop it and repeat"):
            move(file, server)
        file.migrate()  # it goes on as before
    assert move(file, server).different == ()

    other = open_stored("sqlite")
    with pytest.raises(SchemaError, match="got another newsletter"):
        move(other, server)


def test_what_a_killed_worker_left_behind_is_not_in_the_way(
    file: Database, server: Database
) -> None:
    left = path_of(file).with_name(f"{path_of(file).name}.workers") / f"{'0' * 32}.lock"
    left.parent.mkdir(exist_ok=True)
    left.touch()
    assert move(file, server).different == ()


def test_a_worker_on_the_server_is_in_the_way_too(file: Database, server: Database) -> None:
    with closing(open_database(url_of(server))) as one:
        one.leases.hold()
        with pytest.raises(StorageError, match="running on it"):
            move(file, server)
        file.migrate()  # not closed
    assert move(file, server).different == ()


def test_two_moves_at_once_do_not_meet(file: Database, server: Database) -> None:
    with pytest.raises(Unplugged):
        move(file, server, unplug_at(1))
    url = url_of(server)
    with (
        closing(open_database(url)) as other,
        pytest.raises(StorageError, match="another `newsletter migrate` is filling it"),
    ):
        move(file, other)
    assert move(file, server).different == ()


def test_a_server_with_another_newsletter_is_left_alone(
    file: Database, open_stored: OpenStored
) -> None:
    used = open_stored("postgresql")
    stored_house(used).admit(EmailAddress("eve@example.org"))
    with pytest.raises(SchemaError, match=r"holds rows already, in table \w+; name an empty"):
        move(file, used)
    assert count(used, "subscribers") == 1
    file.migrate()  # not closed
    used.migrate()


def test_a_move_can_be_given_up_and_begun_anew(file: Database, server: Database) -> None:
    with pytest.raises(Unplugged):
        move(file, server, unplug_at(30))

    assert give_up_move(file, is_certain=False).place == server.name
    file.migrate()
    with file.writing() as connection:
        connection.execute(text("UPDATE outbox SET last_reply = 'later'"))
        connection.execute(text("DELETE FROM votes"))

    moved = move(file, server)
    assert moved.different == (), "what the first one left there is gone"
    assert count(server, "votes") == 0


def test_to_go_back_after_all_has_arrived_one_must_be_certain(
    file: Database, server: Database
) -> None:
    move(file, server)
    with pytest.raises(ConfigError, match=r"come twice.*--stay --yes"):
        give_up_move(file, is_certain=False)
    give_up_move(file, is_certain=True)
    file.migrate()
    MessageOutbox(file).claim(now=FIRST_SLOT_AT, limit=1)
    with pytest.raises(ConfigError, match="was not moved anywhere"):
        give_up_move(file, is_certain=True)
    with pytest.raises(ConfigError, match="only a SQLite file"):
        give_up_move(server, is_certain=True)


def test_two_moves_of_one_file_that_begin_at_once_do_not_both_go_on(
    file: Database, server: Database
) -> None:
    one, other = (plan_move(file, server.name, NOW) for _ in range(2))
    leave(file, one)
    with pytest.raises(StorageError, match="another `newsletter migrate` began meanwhile"):
        leave(file, other)
    assert move(file, server).different == ()


def test_a_file_that_was_opened_in_the_middle_has_not_moved(
    file: Database, server: Database
) -> None:
    given_up: list[Move] = []

    def open_again(done: int, rows: int) -> None:
        if done == rows and not given_up:
            given_up.append(give_up_move(file, is_certain=False))

    with pytest.raises(StorageError, match=r"opened again in the middle of the move; repeat"):
        move(file, server, open_again)
    with pytest.raises(SchemaError, match="does not hold everything"):
        server.migrate()
    assert move(file, server).different == ()


def test_a_file_moves_to_one_place_at_a_time(
    file: Database, server: Database, new_database: NewDatabase
) -> None:
    with pytest.raises(Unplugged):
        move(file, server, unplug_at(1))
    with (
        closing(open_database(new_database("postgresql"))) as elsewhere,
        pytest.raises(StorageError, match=r"moves to postgresql://.* already"),
    ):
        move(file, elsewhere)


def test_other_schemas_are_not_moved(file: Database, server: Database) -> None:
    with file.writing() as connection:
        connection.execute(text("DELETE FROM schema_version WHERE version > 15"))
        connection.execute(text("DELETE FROM schema_additions"))
    with pytest.raises(SchemaError, match=r"has schema 15.*newsletter migrate"):
        move(file, server)


def test_nothing_is_moved_where_there_is_nothing(
    new_database: NewDatabase, server: Database, file: Database
) -> None:
    with closing(open_database(new_database("sqlite"))) as empty:
        with pytest.raises(SchemaError, match="nothing that could be moved"):
            move(empty, server)
        with pytest.raises(ConfigError, match="from a SQLite file to a PostgreSQL server only"):
            move(file, empty)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE consents SET evidence = 'a' || char(0) WHERE id = 2",
         r"table consents, row id 2, column evidence is not a text without the character NUL"),
        ("UPDATE votes SET vote = 'up' WHERE entry = 'bob1'",
         r"table votes, row subscriber '.*', entry 'bob1', column vote is not a whole number"),
        ("UPDATE outbox SET updated_at = 'yesterday' WHERE id = 1",
         r"table outbox, row id 1, column updated_at is not a moment"),
        ("UPDATE slots SET local_date = '23.11.' WHERE name LIKE '%23%'", "local_date is not a day"),
        ("UPDATE outbox SET maybe_sent = 2 WHERE id = 1", "maybe_sent is not 0 or 1"),
        ("UPDATE inbound SET raw = 'text' WHERE id = 1", "raw is not octets"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_moved_is_named_before_anything_happens(
    file: Database, server: Database, statement: str, where: str
) -> None:
    with file.writing() as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(StorageError, match=where):
        move(file, server)
    file.migrate()  # not closed


def test_a_text_that_is_not_utf_8_is_named_without_its_value(
    file: Database, server: Database
) -> None:
    with file.writing() as connection:
        connection.execute(text("UPDATE consents SET evidence = CAST(X'C3' AS TEXT) WHERE id = 1"))
    with pytest.raises(StorageError, match=r"consents, row id 1, column evidence is not UTF-8"):
        move(file, server)
    give_up_move(file, is_certain=False)
    with file.writing() as connection:
        connection.execute(text("UPDATE consents SET evidence = 'page 1' WHERE id = 1"))
    assert move(file, server).different == ()


def test_passwords_are_never_shown(file: Database) -> None:
    shown = without_password("postgresql://me:s3cret@db.example.org/news?sslpassword=s3cret&x=1")
    assert shown == "postgresql://me@db.example.org/news?x=1"
    with closing(open_database("postgresql://me:s3cret@localhost:1/news")) as nowhere:
        with pytest.raises(NewsletterError) as caught:
            move(file, nowhere)
        assert "s3cret" not in str(caught.value)
    file.migrate()  # not closed
