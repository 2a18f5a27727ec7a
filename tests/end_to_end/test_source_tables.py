"""What an operator reads of sources, on a narrow terminal."""

from io import StringIO

from rich.console import Console

from newsletter.cli.tables import source_table
from newsletter.model import SourceName, SourceReport, SourceState


def shown(report: SourceReport, width: int) -> str:
    out = StringIO()
    Console(file=out, width=width).print(source_table([report]))
    return out.getvalue()


def test_a_problem_is_shown_to_its_last_word_however_narrow_the_terminal_is() -> None:
    problem = f"https://blog.example.org/{'a' * 90}: the name has no address; look at `url`"
    report = SourceReport(SourceName("blog"), "feed", SourceState.FAILED, problems=(problem,))

    text = shown(report, 60)

    assert "".join(problem.split()) in "".join(text.split())
