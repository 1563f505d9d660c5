# FeedHub: `make run` and `make test` are all that a fresh machine needs.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help run install check fix chromium test test-browser test-long bench lock contract docs clean
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

# The browser tests drive the Chromium that is here; as root on a Debian without one, Debian's is installed.
FIND_CHROMIUM = { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
GET_CHROMIUM = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Debian's Chromium for the browser tests." && apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null

chromium:
	@$(FIND_CHROMIUM) || { $(GET_CHROMIUM); } || true
	@$(FIND_CHROMIUM) || echo "No Chromium is here and none could be installed: browser tests can't run. On Debian, as root: apt-get install chromium"

test: install chromium ## the whole suite, on SQLite and on PostgreSQL, pages in a real browser
	$(BIN)/pytest -n 2 -m 'not long'

test-browser: install chromium ## the pages in Debian's Chromium alone
	@$(FIND_CHROMIUM)
	$(BIN)/pytest -n 2 -m 'browser and not long' tests/browser

test-long: install chromium ## soak, kill and fuzz runs too
	$(BIN)/pytest -n 2

bench: install ## side by side with others, as ratios
	$(BIN)/python -m bench

docs: install ## hold the docs against the code
	$(BIN)/pytest -q tests/test_docs.py

contract: install ## write the API's description, the examples and the week to replay anew
	$(BIN)/python tests/contract_made.py
	$(BIN)/python tests/week_made.py

lock: install ## write requirements.lock anew (names, versions, hashes)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet --upgrade --group dev pyproject.toml -o requirements.lock

clean: ## remove what was made
	rm -rf .venv dist build .mypy_cache .ruff_cache .hypothesis
