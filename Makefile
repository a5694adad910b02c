# Article Ten. `make help` lists what there is; nothing here needs a service, a token or a second terminal.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON ?=
ARGS ?=
FAULTS ?= 500

VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/.stamps
# As many tests at a time as there are processors; `make test JOBS=0` for one after the other.
JOBS ?= auto
PYTEST = $(PY) -m pytest -n $(JOBS) --dist loadgroup
# Settings that make their own keys: for the gates that only look at the code.
EMBEDDED := ARTICLE_TEN_TESTING=1 DATABASE_URL=sqlite:///:memory:
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)

# Downloads go to a folder of their own and are deleted: no cache of the user is read or written.
CACHE := $(VENV)/.downloads
UV := UV_CACHE_DIR=$(CACHE)/uv UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never $(VENV)/bin/uv
NPM := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" NODE_USE_SYSTEM_CA=1 npm_config_cache=$(CACHE)/npm $(VENV)/bin/npm

# A message in place of a stack trace: what is missing, and what to do about it.
need_network = { echo; echo "Set-up could not fetch $(1). It needs the network once: the Python package index and the npm registry" \
	"(or mirrors of them set in your pip, uv and npm configuration). The first lines above say what failed; 'make $(2)' tries again."; exit 1; } >&2
step = @printf '\n== %s\n' '$(1)'

.PHONY: help setup demo two-nodes test faults check bench format messages lock clean
help: ## this list
	@echo 'Article Ten: safe-recruitment checks under Article 10 of Directive 2011/93/EU'; echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' $(MAKEFILE_LIST) | awk -F'~' '{printf "%-20s %s\n", $$1, $$2}'
	@echo; echo '  make demo PORT=8010     on another port'; echo '  make test ARGS="-k text"  some tests only'

setup: $(STAMPS)/packages $(STAMPS)/pages $(STAMPS)/messages ## everything the other commands need, into .venv and node_modules
	@:

demo: setup ## the whole product on this machine, with made-up people; Ctrl-C stops it
	@exec $(PY) manage.py demo --port $(PORT)

two-nodes: setup ## two States on this machine that ask each other, with made-up people; Ctrl-C stops both
	@exec $(PY) manage.py two_nodes $(ARGS)

test: setup ## the whole test suite, on SQLite
	@$(PYTEST) $(ARGS)

faults: setup ## disturb the exchange of two nodes in every way, 500 times; FAULTS=2000 for more
	@$(PY) -m tests.faults.run --faults $(FAULTS) $(ARGS)

check: setup lint types contracts migrations deployment test-sqlite test-postgresql ## all that continuous integration runs
	$(call step,Everything passed)

bench: setup ## what the product costs, as ratios to the raw cost of the same primitives
	@$(PY) -m scripts.bench

format: setup ## put the code into the one format
	@$(VENV)/bin/ruff check --fix-only --quiet .
	@$(VENV)/bin/ruff format .

messages: setup ## bring the translation catalogues up to date with the pages; says what is to translate
	@$(PY) -m scripts.messages

lock: $(STAMPS)/uv ## resolve the dependencies again (UPGRADE=--upgrade for newer versions)
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes $(UPGRADE) --group dev pyproject.toml \
		--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' --output-file requirements.lock
	@rm -rf $(CACHE)

clean: ## remove all that set-up, tests and the demo made
	@rm -rf $(VENV) node_modules var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -f locale/*/LC_MESSAGES/*.mo
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The gates, in the order in which they fail fastest.
.PHONY: lint types contracts migrations deployment test-sqlite test-postgresql
lint: setup
	$(call step,ruff)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	$(call step,deptry)
	@$(VENV)/bin/deptry --no-ansi . 2>&1

types: setup
	$(call step,mypy)
	@$(EMBEDDED) $(VENV)/bin/mypy

contracts: setup
	$(call step,import contracts)
	@$(VENV)/bin/lint-imports --no-cache

migrations: setup
	$(call step,missing migrations)
	@$(EMBEDDED) $(PY) manage.py makemigrations --check --dry-run

deployment: setup
	$(call step,check --deploy)
	@$(PY) scripts/check_deployment.py

test-sqlite: setup
	$(call step,tests on SQLite)
	@$(PYTEST) $(ARGS)

test-postgresql: setup
	$(call step,tests on PostgreSQL)
	@$(PY) scripts/with_postgres.py $(PYTEST) -m 'not browser' $(ARGS)

# Set-up: each stamp is newer than what it was made from, so a second run does nothing.
$(STAMPS)/uv: requirements-uv.lock
	$(call step,1/4 a Python environment in $(VENV))
	@for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		new=$$candidate; \
		"$$candidate" -c 'import ensurepip, venv' 2>/dev/null && found=$$candidate && break; \
	done; \
	if [ -z "$$new" ]; then \
		echo "Python 3.11 or newer is needed; python3 here is '$$(python3 --version 2>&1)'. Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; exit 1; \
	elif [ -z "$$found" ]; then \
		echo "$$new cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	$(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$$found" -m venv --clear $(VENV) || exit 1; \
	$(PY) --version
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-cache-dir --only-binary :all: --require-hashes --requirement requirements-uv.lock \
		|| $(call need_network,its installer,setup)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: $(STAMPS)/uv requirements.lock
	$(call step,2/4 Python packages)
	@$(UV) pip sync --python $(PY) --require-hashes --only-binary :all: requirements.lock || $(call need_network,the Python packages,setup)
	@rm -rf $(CACHE) && touch $@

$(STAMPS)/pages: $(STAMPS)/packages package.json package-lock.json .npmrc
	$(call step,3/4 style sheets)
	@$(NPM) ci --no-audit --no-fund || $(call need_network,the style sheets,setup)
	@rm -rf $(CACHE) && touch $@

$(STAMPS)/messages: $(STAMPS)/packages scripts/compile_messages.py $(CATALOGUES)
	$(call step,4/4 translations)
	@$(PY) scripts/compile_messages.py
	@touch $@
