"""The numbers of one worker for Prometheus. No label ever holds an address or a token."""

from collections.abc import Iterator, Mapping

from newsletter import __version__
from newsletter.rules.exposition import Family, Kind, Sample, gauge, gauges
from newsletter.workers.jobs.board import Board, classes_of


def worker_families(board: Board) -> Iterator[Family]:
    """Yield what a worker did since it started, and does now."""
    figures = board.figures()
    yield gauge("newsletter_build_info", "The version that runs.", 1, version=__version__)
    jobs = tuple(
        Sample(count, {"work": work, "result": result})
        for result, counts in (("done", figures.done), ("failed", figures.failed))
        for work, count in sorted(counts.items())
    )
    yield Family("newsletter_worker_jobs", Kind.COUNTER, "Jobs that ended, by kind.", jobs)
    yield Family(
        "newsletter_worker_job_seconds",
        Kind.HISTOGRAM,
        "How long jobs took, by kind.",
        tuple(_times(board)),
    )
    doing = [one.work for one in board.doing()]
    under_way = [(work, doing.count(work)) for work in sorted({*figures.done, *doing})]
    yield gauges("newsletter_worker_jobs_under_way", "Jobs now, by kind.", "work", under_way)
    yield _letters(figures.letters)
    yield gauge("newsletter_worker_lanes_open", "1 while jobs are taken.", board.is_open())
    restarts = (Sample(board.restarts(), {}),)
    yield Family(
        "newsletter_worker_lane_restarts",
        Kind.COUNTER,
        "How often jobs were taken again after the database was away.",
        restarts,
    )


def _letters(counts: Mapping[str, int]) -> Family:
    samples = tuple(Sample(count, {"event": event}) for event, count in sorted(counts.items()))
    return Family(
        "newsletter_worker_letters", Kind.COUNTER, "Tries of letters by how they ended.", samples
    )


def _times(board: Board) -> Iterator[Sample]:
    for work, times in sorted(board.times().items()):
        classes = classes_of(times)
        for bound, count in classes:
            yield Sample(count, {"work": work, "le": bound}, "_bucket")
        yield Sample(times.seconds, {"work": work}, "_sum")
        yield Sample(classes[-1][1], {"work": work}, "_count")
