"""From a text to the numbers of its tokens: the adapter of the tokenizers library."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsletter.embedding.texts import bounded
from newsletter.errors import MeaningError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_UNKNOWN: Final = ("[UNK]", "<unk>")
_LARGEST_BYTES: Final = 64_000_000


class Tokens:
    """The tokens that a model knows.

    One text at a time: the library would else start threads that outlive a fork badly.
    """

    def __init__(self, tokenizer: "Tokenizer", *, takes_special: bool) -> None:
        self._tokenizer = tokenizer
        self._takes_special = takes_special
        unknown = (tokenizer.token_to_id(sign) for sign in _UNKNOWN)
        self._empty = {number for number in unknown if number is not None}

    def of(self, text: str) -> Sequence[int]:
        """Return the numbers of the tokens; none when the model knows no word of the text."""
        plain = bounded(text)
        if not plain:
            return ()
        found = self._tokenizer.encode(plain, add_special_tokens=self._takes_special)
        pairs = zip(found.ids, found.special_tokens_mask, strict=True)
        knows_some = any(not special and number not in self._empty for number, special in pairs)
        return found.ids if knows_some else ()


def load_tokens(path: Path, *, max_tokens: int, takes_special: bool) -> Tokens:
    """Load a tokenizer.json; texts are cut behind `max_tokens`, special ones counted.

    Raises MeaningError when it cannot be read, and without the library.
    """
    try:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only who embeds loads it
    except ImportError as error:
        raise missing_library(error.name or "tokenizers") from error
    octets = _read(path)
    try:
        tokenizer = Tokenizer.from_buffer(octets)
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
    except Exception as error:  # the library raises Exception itself, for whatever is wrong
        message = f"{path}: cannot be read as a tokenizer ({short(error)})"
        raise MeaningError(message) from error
    return Tokens(tokenizer, takes_special=takes_special)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size <= _LARGEST_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise MeaningError(f"{path}: cannot be read ({error.strerror})") from error
    raise MeaningError(f"{path}: is too large for a tokenizer")


def missing_library(name: str) -> MeaningError:
    """Return the error for a library that is not installed, with its remedy."""
    return MeaningError(f'{name} is not installed; pip install "newsletter[semantic]"')


def short(error: Exception) -> str:
    """Return what a library says of a mistake, on one line that is not long."""
    return " ".join(str(error).split())[:200]
