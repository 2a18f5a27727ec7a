"""Preferences documents: a strict YAML reader, a schema with places, a folder of files.

The reader and the schema tools serve config.yaml as well.
"""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
from newsletter.preferences.show import show

if TYPE_CHECKING:
    from newsletter.preferences.documents import parse_documents
    from newsletter.preferences.editing.changing import change_document, read_changed
    from newsletter.preferences.editing.difference import Difference, differences
    from newsletter.preferences.editing.edit import (
        Append,
        Change,
        Put,
        Remove,
        edit,
        read_value,
        rewrite,
    )
    from newsletter.preferences.editing.pieces import Lines, lay_out
    from newsletter.preferences.editing.quoting import Value
    from newsletter.preferences.editing.settings import read_removal, read_setting
    from newsletter.preferences.editing.wishes import begin_document, fulfil
    from newsletter.preferences.folder.directory import DirectoryStore
    from newsletter.preferences.folder.file_names import document_file_name
    from newsletter.preferences.folder.many import read_texts
    from newsletter.preferences.folder.taking_in import (
        TakenIn,
        merge_into,
        read_paths,
        take_in_files,
    )
    from newsletter.preferences.folder.watching import watch_folder
    from newsletter.preferences.folder.whole_files import locked, write_whole
    from newsletter.preferences.forms.fields import read_fields
    from newsletter.preferences.forms.form import Form, OwnTopic
    from newsletter.preferences.forms.line_ends import with_line_ends_of
    from newsletter.preferences.forms.places import by_field
    from newsletter.preferences.forms.reading import DAY_NAMES, FormReader
    from newsletter.preferences.forms.syncing import Side, Synced, bring_together
    from newsletter.preferences.schema.document import PreferencesSection
    from newsletter.preferences.schema.json_schema import Schema, document_schema
    from newsletter.preferences.schema.scalars import (
        Address,
        Name,
        Paragraph,
        QueryText,
        Weight,
        YesNo,
        is_timezone,
        one_of,
        one_word,
        plain_text,
        text,
        whole,
    )
    from newsletter.preferences.schema.surroundings import (
        UNNAMED,
        Surroundings,
        folded,
        surroundings_of,
    )
    from newsletter.preferences.schema.validation import (
        SchemaSection,
        nearest,
        quote,
        suggest,
        validate,
        wrong,
    )
    from newsletter.preferences.yaml_text.nodes import (
        ListNode,
        MappingNode,
        Node,
        ScalarNode,
        locate,
    )
    from newsletter.preferences.yaml_text.reader import (
        CONFIG_LIMITS,
        DOCUMENT_LIMITS,
        Limits,
        read_yaml,
    )

_LATE: Final = {
    "documents": ("parse_documents",),
    "editing.changing": ("change_document", "read_changed"),
    "editing.difference": ("Difference", "differences"),
    "editing.edit": ("Append", "Change", "Put", "Remove", "edit", "read_value", "rewrite"),
    "editing.pieces": ("Lines", "lay_out"),
    "editing.quoting": ("Value",),
    "editing.settings": ("read_removal", "read_setting"),
    "editing.wishes": ("begin_document", "fulfil"),
    "folder.directory": ("DirectoryStore",),
    "folder.file_names": ("document_file_name",),
    "folder.many": ("read_texts",),
    "folder.taking_in": ("TakenIn", "merge_into", "read_paths", "take_in_files"),
    "folder.watching": ("watch_folder",),
    "folder.whole_files": ("locked", "write_whole"),
    "forms.fields": ("read_fields",),
    "forms.form": ("Form", "OwnTopic"),
    "forms.line_ends": ("with_line_ends_of",),
    "forms.places": ("by_field",),
    "forms.reading": ("DAY_NAMES", "FormReader"),
    "forms.syncing": ("Side", "Synced", "bring_together"),
    "schema.document": ("PreferencesSection",),
    "schema.json_schema": ("Schema", "document_schema"),
    "schema.scalars": (
        "Address",
        "Name",
        "Paragraph",
        "QueryText",
        "Weight",
        "YesNo",
        "is_timezone",
        "one_of",
        "one_word",
        "plain_text",
        "text",
        "whole",
    ),
    "schema.surroundings": ("UNNAMED", "Surroundings", "folded", "surroundings_of"),
    "schema.validation": ("SchemaSection", "nearest", "quote", "suggest", "validate", "wrong"),
    "yaml_text.nodes": ("ListNode", "MappingNode", "Node", "ScalarNode", "locate"),
    "yaml_text.reader": ("CONFIG_LIMITS", "DOCUMENT_LIMITS", "Limits", "read_yaml"),
}
"""A command that reads the config has no use for editing, forms and a watch over a folder."""

__all__ = [
    "CONFIG_LIMITS",
    "DAY_NAMES",
    "DOCUMENT_LIMITS",
    "UNNAMED",
    "Address",
    "Append",
    "Change",
    "Difference",
    "DirectoryStore",
    "Form",
    "FormReader",
    "Limits",
    "Lines",
    "ListNode",
    "MappingNode",
    "Name",
    "Node",
    "OwnTopic",
    "Paragraph",
    "PreferencesSection",
    "Put",
    "QueryText",
    "Remove",
    "ScalarNode",
    "Schema",
    "SchemaSection",
    "Side",
    "Surroundings",
    "Synced",
    "TakenIn",
    "Value",
    "Weight",
    "YesNo",
    "begin_document",
    "bring_together",
    "by_field",
    "change_document",
    "differences",
    "document_file_name",
    "document_schema",
    "edit",
    "folded",
    "fulfil",
    "is_timezone",
    "lay_out",
    "locate",
    "locked",
    "merge_into",
    "nearest",
    "one_of",
    "one_word",
    "parse_documents",
    "plain_text",
    "quote",
    "read_changed",
    "read_fields",
    "read_paths",
    "read_removal",
    "read_setting",
    "read_texts",
    "read_value",
    "read_yaml",
    "rewrite",
    "show",
    "suggest",
    "surroundings_of",
    "take_in_files",
    "text",
    "validate",
    "watch_folder",
    "whole",
    "with_line_ends_of",
    "write_whole",
    "wrong",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
