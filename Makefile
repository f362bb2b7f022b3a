# `make demo`: the main job on a real table. `make test`: everything a change has to pass. Both work in .venv/.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export OMP_NUM_THREADS = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo check test test-all bench docs clean

demo: .venv/.light
	rm -rf runs/demo
	$(BIN)/synthwright demo --out runs/demo

check: .venv/.full
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/build.py --check

test: check
	$(BIN)/python -m pytest -q -m "not slow and not gpu and not ray"

test-all: check
	$(BIN)/python -m pytest -q

bench: .venv/.full
	for script in benchmarks/*.py; do $(BIN)/python "$$script" || exit 1; done

docs: .venv/.full
	$(BIN)/python docs/build.py

# The light install is what a user gets: the core dependencies and nothing else.
.venv/.light: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

.venv/.full: .venv/.light
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[test]"
	touch $@

clean:
	rm -rf .venv runs build dist
