"""How far a long piece of work has come: one bar, that begins anew with each phase."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter.cli.session import Session


@contextmanager
def show_phases(session: Session) -> Iterator[Callable[[str, int, int], None]]:
    """Give the function that is to hear how far the work is; a bar for each phase, on a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=session.err,
        transient=True,
        disable=session.is_quiet or not session.err.is_terminal,
    )
    with bar:
        task = bar.add_task("Reading", total=None)
        phase = ""

        def tell(name: str, done: int, total: int) -> None:
            nonlocal phase
            if name != phase:
                bar.reset(task, total=total, description=name)
                phase = name
            bar.update(task, completed=done, total=total)

        yield tell
