"""Runs the benchmarks, all or those that are named: `python -m benchmarks letters`."""

import importlib
import pkgutil
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Run each module of this folder that has a `run()`, in the order of their names."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("_") or (wanted and module.name not in wanted):
            continue
        run = getattr(importlib.import_module(f"benchmarks.{module.name}"), "run", None)
        if run:
            print(f"\n{module.name}")
            run()


if __name__ == "__main__":
    main(sys.argv[1:])
