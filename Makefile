# Two commands do everything on a fresh machine: `make run` and `make test`.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: run test lint bench score crash fuzz clean requirements servers

run: $(VENV)/.run-ready
	$(BIN)/intake demo

test: $(VENV)/.dev-ready servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev-ready servers
	$(BIN)/python -m bench

score: $(VENV)/.dev-ready
	$(BIN)/python -m bench.score

crash: $(VENV)/.dev-ready servers
	CRASH_ROUNDS=1000 $(BIN)/python -m pytest tests/whole/test_crash.py

# Mutated mails, others each time, until the time is over; what it finds is saved, and it says how to
# replay it.
fuzz: $(VENV)/.dev-ready
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),10)

servers:
	@.ci/servers

clean:
	rm -rf $(VENV) var dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run-ready: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev-ready: requirements/dev.txt $(VENV)/.run-ready
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# Needs pip-tools. Neither file names a registry.
COMPILE := pip-compile --quiet --generate-hashes --no-header --no-annotate --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--build-deps-for editable
requirements:
	$(COMPILE) --extra postgres --extra demo -o requirements/run.txt pyproject.toml
	$(COMPILE) --extra postgres --extra ocr --extra dkim --extra demo --extra dev -o requirements/dev.txt pyproject.toml
