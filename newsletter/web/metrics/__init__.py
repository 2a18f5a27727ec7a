"""Numbers for Prometheus, what is counted of each request, and whether the program is ready."""

from newsletter.web.metrics.pages import WatchPages
from newsletter.web.metrics.traffic import HttpTraffic, Measured

__all__ = ["HttpTraffic", "Measured", "WatchPages"]
