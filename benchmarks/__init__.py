"""What things cost, measured: `python -m benchmarks` runs every module of this folder with a `run()`."""
