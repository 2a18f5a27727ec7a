"""What can go wrong, with the exit code that tells a calling program what to do next.

Exit codes are those of sysexits.h: an MTA that pipes mail into us keeps the message when we exit 75.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended, in the words of sysexits.h."""

    OK = 0
    USAGE = 64
    DATA = 65
    NO_INPUT = 66
    UNAVAILABLE = 69
    SOFTWARE = 70
    CANNOT_CREATE = 73
    TEMPORARY = 75
    CONFIG = 78


class NewsletterError(Exception):
    """The root of every error that this program raises on purpose."""

    exit_code: ExitCode = ExitCode.SOFTWARE


class ConfigError(NewsletterError):
    """The operator's settings cannot be used; the message lists every problem with its place."""

    exit_code = ExitCode.CONFIG


class PreferencesError(NewsletterError):
    """A subscriber's document cannot be used; the message lists every problem with its place."""

    exit_code = ExitCode.DATA


class QueryError(PreferencesError):
    """A topic query cannot be read.

    `position` counts characters from 0 in the query as written.
    """

    def __init__(self, message: str, *, query: str, position: int) -> None:
        super().__init__(message)
        self.query = query
        self.position = position


class AddressError(PreferencesError):
    """A text is no mail address that we would write to."""


class SourceError(NewsletterError):
    """A source could not be read this time; it is tried again at its next turn."""

    exit_code = ExitCode.TEMPORARY


class FetchError(SourceError):
    """A page of the web did not come. `status` is that of the answer; None: there was none to use.

    The message is the fact, and after it the `remedy` of a source, where there is one.
    """

    def __init__(self, fact: str, *, status: int | None = None, remedy: str = "") -> None:
        super().__init__(f"{fact}; {remedy}" if remedy else fact)
        self.status = status
        self.fact = fact
        self.remedy = remedy


class BusyError(FetchError):
    """A service asked for patience, more often or for longer than there is time for."""


class OutOfTimeError(FetchError):
    """A visit to a service came to its deadline."""


class RenderingError(NewsletterError):
    """A letter could not be rendered; the message names template, line and cause."""


class MeaningError(NewsletterError):
    """A model of meaning is missing, is not the one it should be, or cannot be run; says the remedy."""

    exit_code = ExitCode.UNAVAILABLE


class JudgedError(NewsletterError):
    """A collection with judgements, or a list of likes, cannot be read; names file and line."""

    exit_code = ExitCode.DATA


class MessageError(NewsletterError):
    """A value cannot stand in a message, for instance a control character in a header."""


class InboundError(NewsletterError):
    """A received message is over a limit, or runs in a circle: it is set aside, never guessed at."""

    exit_code = ExitCode.DATA


class StorageError(NewsletterError):
    """The database cannot be read or written now."""

    exit_code = ExitCode.TEMPORARY


class RecordError(StorageError):
    """One record is gone or damaged; the database can be read and written all the same."""


class SchemaError(NewsletterError):
    """The database was written by a newer program, or is none of ours."""

    exit_code = ExitCode.CONFIG


class IllegalTransitionError(NewsletterError):
    """A state machine was sent an event that its table does not allow in that state."""


class UnknownSubscriberError(NewsletterError):
    """There is no subscriber with that address."""

    exit_code = ExitCode.NO_INPUT


class UnknownEntryError(NewsletterError):
    """There is no entry with that id."""

    exit_code = ExitCode.NO_INPUT
