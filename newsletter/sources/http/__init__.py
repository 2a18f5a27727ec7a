"""The polite client: asks other people's servers for pages, slowly, briefly, and only in public."""

from newsletter.sources.http.machine import Machine
from newsletter.sources.http.web import PoliteWeb

__all__ = ["Machine", "PoliteWeb"]
