"""Asks the imitated services as a plain client would: no redirects, nothing tried again."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from newsletter.testing.services import Services

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
OAI = "{http://www.openarchives.org/OAI/2.0/}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def xml(self) -> ET.Element:
        return ET.fromstring(self.body)  # noqa: S314 - our own server wrote it


def ask(
    services: Services,
    target: str,
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
) -> Answer:
    """Return the answer to one request; `target` begins with the service."""
    line = http.client.HTTPConnection("127.0.0.1", services.port, timeout=20)
    try:
        sent = {"Accept": "*/*", "Accept-Encoding": "identity"} | (headers or {})
        line.request(method, f"/{target}", body, sent)
        response = line.getresponse()
        return Answer(response.status, dict(response.headers), response.read())
    finally:
        line.close()
