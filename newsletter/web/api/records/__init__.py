"""What the API answers with: the names are a contract, and stand in the OpenAPI document."""

from newsletter.web.api.records.editions import DeliveryPage, DeliveryRecord, EditionRecord
from newsletter.web.api.records.entries import EntryPage, EntryRecord, TopicList, TopicRecord
from newsletter.web.api.records.forms import FieldProblem, ProblemDetails
from newsletter.web.api.records.people import (
    JoiningRecord,
    SubscriberDetails,
    SubscriberPage,
    SubscriberRecord,
)
from newsletter.web.api.records.slots import EditionList, PlannedSlot

__all__ = [
    "DeliveryPage",
    "DeliveryRecord",
    "EditionList",
    "EditionRecord",
    "EntryPage",
    "EntryRecord",
    "FieldProblem",
    "JoiningRecord",
    "PlannedSlot",
    "ProblemDetails",
    "SubscriberDetails",
    "SubscriberPage",
    "SubscriberRecord",
    "TopicList",
    "TopicRecord",
]
