"""Processes that deliver, on this machine: started, watched, told to end."""

from newsletter.workers.crew import Crew, CrewError
from newsletter.workers.lines import read_line, write_line

__all__ = ["Crew", "CrewError", "read_line", "write_line"]
