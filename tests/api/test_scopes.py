"""The command line names every scope there is."""

from newsletter.cli import token_commands
from newsletter.model import Scope


def test_every_scope_can_be_given_to_a_token() -> None:
    assert set(map(str, token_commands.ScopeName)) == set(map(str, Scope))
