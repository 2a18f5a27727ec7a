"""The work of `newsletter doctor`."""

from typing import Final

import typer
from rich.text import Text

from newsletter.bootstrap import examine
from newsletter.cli.session import Session
from newsletter.errors import ExitCode
from newsletter.model import Verdict

_SIGNS: Final = {
    Verdict.OK: ("✓", "green"),
    Verdict.WARN: ("!", "yellow"),
    Verdict.BAD: ("✗", "red"),
}


def run_doctor(session: Session) -> None:
    """Show each finding as soon as it is known."""
    findings = []
    for finding in examine(session.config_path):
        findings.append(finding)
        sign, colour = _SIGNS[finding.verdict]
        line = Text.assemble((f"{sign} ", colour), (finding.subject, "bold"), f": {finding.fact}")
        session.say(line)
        if finding.remedy:
            session.say(Text(f"    → {finding.remedy}"))
    if session.wants_json:
        session.write_json(
            {
                "findings": [
                    {
                        "subject": one.subject,
                        "verdict": one.verdict,
                        "fact": one.fact,
                        "remedy": one.remedy,
                    }
                    for one in findings
                ]
            }
        )
    if any(finding.verdict is Verdict.BAD for finding in findings):
        raise typer.Exit(ExitCode.CONFIG)
