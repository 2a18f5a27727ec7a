"""Preferences documents: a strict YAML reader, a schema with places, a folder of files.

The reader and the schema tools serve config.yaml as well.
"""

from newsletter.preferences.directory import DirectoryStore
from newsletter.preferences.document import PreferencesSection
from newsletter.preferences.documents import parse_documents
from newsletter.preferences.file_names import document_file_name
from newsletter.preferences.nodes import ListNode, MappingNode, Node, ScalarNode, locate
from newsletter.preferences.scalars import (
    Address,
    Name,
    Paragraph,
    QueryText,
    YesNo,
    is_timezone,
    one_of,
    one_word,
    plain_text,
    text,
    whole,
)
from newsletter.preferences.show import show
from newsletter.preferences.surroundings import UNNAMED, Surroundings, folded, surroundings_of
from newsletter.preferences.taking_in import TakenIn, read_paths, take_in_files
from newsletter.preferences.validation import (
    SchemaSection,
    nearest,
    quote,
    suggest,
    validate,
    wrong,
)
from newsletter.preferences.yaml_reader import CONFIG_LIMITS, DOCUMENT_LIMITS, Limits, read_yaml

__all__ = [
    "CONFIG_LIMITS",
    "DOCUMENT_LIMITS",
    "UNNAMED",
    "Address",
    "DirectoryStore",
    "Limits",
    "ListNode",
    "MappingNode",
    "Name",
    "Node",
    "Paragraph",
    "PreferencesSection",
    "QueryText",
    "ScalarNode",
    "SchemaSection",
    "Surroundings",
    "TakenIn",
    "YesNo",
    "document_file_name",
    "folded",
    "is_timezone",
    "locate",
    "nearest",
    "one_of",
    "one_word",
    "parse_documents",
    "plain_text",
    "quote",
    "read_paths",
    "read_yaml",
    "show",
    "suggest",
    "surroundings_of",
    "take_in_files",
    "text",
    "validate",
    "whole",
    "wrong",
]
