"""arXiv: what it announces (RSS), told more fully (query API), and what was missed (OAI-PMH)."""

from newsletter.sources.arxiv.source import ArxivSource

__all__ = ["ArxivSource"]
