# Two commands on a fresh machine: `make run` does the main job, `make test` passes all tests.
# Each sets up what it needs in .venv; nothing else is touched.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
NEWSLETTER := $(BIN)/newsletter
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
# Tests write many databases, each flushed to the disk: in memory, where there are 2 GB, nobody waits.
MEMORY := $(shell test -w /dev/shm && df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 2000000 { print "/dev/shm" }')
# Hundreds of processes start, each with the code of those before: bytecode is kept, whatever the shell says.
TESTING := PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
	$(if $(MEMORY),PYTEST_DEBUG_TEMPROOT=$(MEMORY))

# Tests wait for servers and processes as well: with a half more than there are cores none of these rests.
CROWD := $(shell n=$$(nproc 2>/dev/null || echo 1); echo $$((n + (n + 1) / 2)))

.PHONY: run demo serve dev test check format bench lock clean

run: $(VENV)/run.ready  ## collect, vouch for the three examples, send to the server inside the program
	$(NEWSLETTER) collect
	$(NEWSLETTER) subscribers import subscribers --consent "the three examples of this project, vouched for by make run"
	$(NEWSLETTER) send --ignore-schedule

demo: $(VENV)/run.ready  ## the same with all kinds of sources, against services imitated on this machine
	$(NEWSLETTER) demo

serve: $(VENV)/run.ready  ## keep running: scheduler, server inside the program, pages
	$(NEWSLETTER) serve

dev: $(VENV)/dev.ready  ## everything a developer needs in .venv
	@echo "Ready. Try: . $(BIN)/activate && newsletter --help"

test: $(VENV)/dev.ready  ## all tests
	$(TESTING) $(BIN)/python -m pytest -q --numprocesses $(CROWD) --dist worksteal

check: $(VENV)/dev.ready  ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.ready  ## the comparisons of benchmarks/, figures for docs/performance.md
	$(BIN)/python -m benchmarks

lock: $(VENV)/dev.ready  ## renew the lock files: versions and hashes, no registry address
	$(BIN)/python -m pip --quiet --disable-pip-version-check install uv
	$(BIN)/uv pip compile pyproject.toml --extra install --extra semantic --universal --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --upgrade --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra install --extra semantic --extra dev --extra postgresql --extra performance --universal --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --constraint requirements.lock --quiet -o requirements-dev.lock

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "newsletter needs Python 3.11 or newer; set PYTHON=/path/to/python3.x" >&2; exit 69; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.ready: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Setting up .venv (once) …"
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.ready: $(VENV)/run.ready requirements-dev.lock
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@
