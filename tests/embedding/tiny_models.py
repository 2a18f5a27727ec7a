"""Networks of a few hundred bytes, written by hand, and tokenizers for them.

An ONNX file is a protobuf message; the numbers of its fields are those of onnx.proto.
"""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

VOCABULARY: Final = (
    *("[UNK]", "tides", "rise", "fall", "stars", "shine", "at", "night", "letters", "of"),
    *("the", "sea", "moon", "a", "broken", "."),
)
DIMENSIONS: Final = 12
_FLOAT, _INT64 = 1, 7

Node = tuple[str, Sequence[str], str]
"""An operation, its inputs and its output."""

GATHER: Final[Sequence[Node]] = (("Gather", ("table", "input_ids"), "told"),)
"""The vector of each token, whatever stands beside it."""
LESS_THE_LARGEST: Final[Sequence[Node]] = (
    ("Gather", ("table", "input_ids"), "each"),
    ("ReduceMax", ("each",), "largest"),
    ("Sub", ("each", "largest"), "told"),
)
"""What is said of a token depends on all texts of the run."""
NO_VECTORS: Final[Sequence[Node]] = (("Identity", ("input_ids",), "told"),)


def write_tiny_model(
    folder: Path,
    nodes: Sequence[Node] = GATHER,
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    special: Mapping[str, float] | None = None,
) -> Path:
    """Write model.onnx and tokenizer.json into `folder`, and return it.

    `special` gives words a vector of nothing but that number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(_model(nodes, inputs, special or {}))
    tokenizer: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(VOCABULARY)},
            "unk_token": "[UNK]",
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    return folder


def _model(nodes: Sequence[Node], inputs: Sequence[str], special: Mapping[str, float]) -> bytes:
    parts = [_field(1, b"".join(_node(*node))) for node in nodes]
    parts += [_field(2, b"tiny"), _field(5, _table(special))]
    parts += [_field(11, _value(name, _INT64)) for name in inputs]
    parts += [_field(12, _value("told", _INT64 if nodes == NO_VECTORS else _FLOAT))]
    return _number(1, 8) + _field(7, b"".join(parts)) + _field(8, _number(2, 13))


def _node(operation: str, inputs: Sequence[str], output: str) -> Iterable[bytes]:
    yield from (_field(1, name.encode()) for name in inputs)
    yield _field(2, output.encode())
    yield _field(4, operation.encode())


def _table(special: Mapping[str, float]) -> bytes:
    rows = []
    for number, word in enumerate(VOCABULARY):
        plain = [((number + 3) * (at + 7) ** 2 % 19 - 9) / 9 for at in range(DIMENSIONS)]
        rows += [special[word]] * DIMENSIONS if word in special else plain
    sizes = _number(1, len(VOCABULARY)) + _number(1, DIMENSIONS) + _number(2, _FLOAT)
    return sizes + _field(8, b"table") + _field(9, struct.pack(f"<{len(rows)}f", *rows))


def _value(name: str, kind: int) -> bytes:
    axes = [_field(1, _field(2, axis)) for axis in (b"batch", b"sequence", b"width")]
    shape = b"".join(axes[: 3 if kind == _FLOAT else 2])
    tensor = _number(1, kind) + _field(2, shape)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    octets = bytearray()
    while value > 0x7F:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*octets, value])
