# FeedHub: `make run` and `make test` are all that a fresh machine needs.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help run install check fix test test-long bench lock docs clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "FeedHub needs Python 3.11 or newer; say which with PYTHON=python3.x")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

install: .venv/installed ## virtual environment with the locked dependencies

run: install ## the demo city on http://127.0.0.1:$(PORT)
	$(BIN)/feedhub demo --port $(PORT)

check: install ## style, types, contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: install ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: install ## the whole suite, on SQLite and on PostgreSQL
	$(BIN)/pytest -n 2 -m 'not long'

test-long: install ## soak, kill and fuzz runs too
	$(BIN)/pytest -n 2

bench: install ## side by side with others, as ratios
	$(BIN)/python -m bench

docs: install ## hold the docs against the code
	$(BIN)/pytest -q tests/test_docs.py

lock: install ## write requirements.lock anew (names, versions, hashes)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet --upgrade --group dev pyproject.toml -o requirements.lock

clean: ## remove what was made
	rm -rf .venv dist build .mypy_cache .ruff_cache .hypothesis
