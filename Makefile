# `make demo` and `make test` need nothing but Python 3.11 or later.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    ?= out/demo

.PHONY: help demo test test-long test-all check bench docs clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp a set of packages: reinstalled only when pyproject.toml changes.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) tools/check_python.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

demo: $(VENV)/.installed  ## install into .venv, and match the sample youths of data/samples
	$(BIN)/matchmaker demo --out $(OUT)

test: check  ## install what tests need; lint, types, layers, tests
	$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest -n 2 -m 'not long'

test-long: $(VENV)/.installed-test  ## the long property runs
	$(BIN)/python -m pytest -n 2 -m long

test-all: check  ## every test, then the whole command killed at a hundred moments: 20 minutes
	$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest -n 2
	$(BIN)/python -m tests.faults

check: $(VENV)/.installed-test  ## lint, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed  ## time the main job and the search on synthetic data; benchmarks/results keeps figures
	$(BIN)/python -m benchmarks.main_job
	$(BIN)/python -m benchmarks.candidates

docs: $(VENV)/.installed  ## rewrite what pages take from the code: settings, tables, printed output
	$(BIN)/python tools/write_reference_pages.py
	$(BIN)/python tools/write_mails_page.py
	$(BIN)/python tools/run_pages.py

clean:  ## remove what make made
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
