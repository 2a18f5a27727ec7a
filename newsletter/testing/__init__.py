"""A fake for every port, and a misbehaving SMTP server. Only tests import this room."""

from newsletter.testing.clock import FakeClock
from newsletter.testing.faults import Fault, FaultKind, fault_of
from newsletter.testing.renderers import FakeRenderer
from newsletter.testing.smtp_manners import Manners
from newsletter.testing.smtp_server import ScriptedSmtpServer
from newsletter.testing.sources import FakeSource
from newsletter.testing.transports import FakeTransport
from newsletter.testing.web import FakeWeb

__all__ = [
    "FakeClock",
    "FakeRenderer",
    "FakeSource",
    "FakeTransport",
    "FakeWeb",
    "Fault",
    "FaultKind",
    "Manners",
    "ScriptedSmtpServer",
    "fault_of",
]
