"""A client of our own pages, which speak plain HTTP on this machine."""

import ssl
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import httpx

_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The usual one reads all certificates of the machine first, which takes longer than most tests."""


def client_of(url: str, headers: Mapping[str, str] = MappingProxyType({})) -> httpx.Client:
    """Return a client that minds no proxy; whoever asked closes it."""
    return httpx.Client(base_url=url, headers=headers, trust_env=False, verify=_NO_TLS)
