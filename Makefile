# Everything from nothing: Python 3.11 or newer and make are enough.
# A second run skips what has not changed: see the stamps in .venv.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/made
SOURCES := $(wildcard app/web/static/src/*)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start this program a hundred times: whatever the machine says, it is compiled once.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check style types layers definitions bench assets pictures format clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

run: $(MADE)/installed $(MADE)/assets ## Set up, then serve a demonstration on http://127.0.0.1:8000 (or PORT=...)
	@$(BIN)/python -m compileall -q app # a start takes half as long
	$(BIN)/fingerpost serve --demo --port $(PORT)

test: $(MADE)/developer $(MADE)/assets ## Set up, then run every test
	$(BIN)/pytest --numprocesses auto --dist worksteal

check: $(MADE)/developer ## Check the style, the types, the layers and the definitions
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types style layers definitions

style: $(MADE)/developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(MADE)/developer
	$(BIN)/mypy

layers: $(MADE)/developer
	$(BIN)/lint-imports --no-logo

definitions: $(MADE)/developer
	$(BIN)/fingerpost check

bench: $(MADE)/developer $(MADE)/assets ## Measure speed and size; writes bench.json
	$(BIN)/python -m bench

assets: $(MADE)/developer ## Make the style sheet and the script again
	$(BIN)/python tools/assets.py

pictures: $(MADE)/developer $(MADE)/assets ## Take the pictures of the main pages in docs/pictures again
	$(BIN)/python -m tools.pictures
	$(BIN)/python -m tools.pictures_together

format: $(MADE)/developer ## Put the code in its usual form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean: ## Remove all that set-up made, except the data in instance/
	rm -rf $(VENV) node_modules app/web/static/build dist bench.json

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Fingerpost needs Python 3.11 or newer as $(PYTHON). Name another with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "This Python cannot make environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(MADE)/installed: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@mkdir -p $(MADE) && touch $@

$(MADE)/developer: requirements-dev.txt $(MADE)/installed
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(MADE)/assets: tools/assets.py package-lock.json requirements-node.txt $(SOURCES) | $(MADE)/installed
	$(BIN)/python tools/assets.py
	@touch $@
