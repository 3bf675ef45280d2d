# Two commands: `make dashboard` and `make test`; `make help` lists the others.
# Everything is set up in the checkout: the environment in .venv, data in data/, served files in static/.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SEARCH := python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for p in $(SEARCH); do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8501
MIRROR ?=
URL := http://localhost:$(PORT)
SERVE := $(BIN)/python -m server --port $(PORT)
CATALOGS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/messages.po))
# How many tests run at once; a machine with more cores and memory may name more.
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest --dist loadgroup
# Without compiled files every process that a test starts would compile all of ours anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help dashboard coachella demo test lint unit slow browser bench docs clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

dashboard: $(VENV)/.served demo ## set everything up and open the dashboard (PORT=8501)
	@$(BIN)/python -m demo.records
	@for try in 1 2 3 4 5 6 7 8 9; do sleep 1; \
	  $(BIN)/python -c 'import urllib.request as web; web.urlopen("$(URL)/_stcore/health")' 2>/dev/null \
	  && { $(BIN)/python -m webbrowser -t "$(URL)" >/dev/null 2>&1; break; }; done &
	$(SERVE)

coachella: $(VENV)/.served ## fetch and build the real region (MIRROR=DIR takes the sources from a folder)
	$(BIN)/python -m geo build --region coachella $(if $(MIRROR),--mirror $(MIRROR),--fetch)

demo: $(VENV)/.served ## build the invented region
	@$(BIN)/python -m geo build --region demo

test: lint $(VENV)/.served ## set everything up and pass all tests, fast ones first
	$(PYTEST) -n $(WORKERS) -m "not browser"
	@$(MAKE) --no-print-directory browser

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.dev $(VENV)/.served ## the fast tests: no region is built, no page opened
	$(PYTEST) -n $(WORKERS) -m "not slow and not browser and not server"

slow: $(VENV)/.dev $(VENV)/.served ## the tests that take longer or need a database server
	$(PYTEST) -n $(WORKERS) -m "(slow or server) and not browser"

browser: $(VENV)/.dev $(VENV)/.served ## the tests in a real browser
	$(BIN)/python tests/chromium.py
	$(PYTEST) -n $(WORKERS) -m browser

bench: $(VENV)/.dev ## time us beside named peers
	$(PIP) install --constraint constraints.txt --editable '.[bench]'
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

docs: $(VENV)/.runtime ## write docs/DATA.md from the catalog and the declared columns
	$(BIN)/python -m geo docs

clean: ## remove what the targets made, but not the data
	rm -rf $(VENV) build static/vendor static/shapes $(CATALOGS)

# --- set-up, each step once ---------------------------------------------------------------------

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found: install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Python cannot make an environment: install its venv package (Debian: python3-venv)"; exit 1; }

$(VENV)/.runtime: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	$(PIP) install --constraint constraints.txt --no-deps django-leaflet
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	touch $@

$(VENV)/.served: $(VENV)/.runtime $(CATALOGS)
	$(BIN)/python -m layers.assets
	touch $@

%.mo: %.po | $(VENV)/.runtime
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
