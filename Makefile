# Everything a newcomer runs. A fresh machine needs Python 3.11 or newer (with venv), make, and nothing else;
# Chromium, for the browser tests alone, is installed by `make test` where that is possible.

PYTHON ?= python3
PORT   ?= 8000
BIN    := .venv/bin
READY  := .venv/ready

# Tests that need a server, a browser, the whole set-up or more than a moment are left to `make test`.
FAST := not postgres and not browser and not slow and not readme
# One more than there are processors, as a test of a browser or of several machines mostly waits; but no more than four:
# such a test starts several processes itself.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')
# Bytecode is kept whatever the environment says: tests start hundreds of processes, and each would compile all of Foedus.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

.PHONY: help setup cluster run test types tests check format bench lock vendor clean

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1~\2/p' Makefile | column -t -s '~' 2>/dev/null \
	  || sed -nE 's/^([a-z]+):.*## (.*)/  make \1: \2/p' Makefile

setup: $(READY) ## .venv with everything in requirements.lock; does nothing when it is up to date

cluster: .venv/cluster ## and what screening on many machines needs (Ray and Arrow: 410 MB more)

run: setup ## build an exercise record of the bundled compact and serve it on http://localhost:$(PORT)
	$(BIN)/foedus demo --port $(PORT)

test: setup ## every check and every test: what a change must pass
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs=2 types tests

# Types take one processor for minutes: beside them is installed what tests need, and the tests begin. Each says what it
# found in one piece, and either fails the whole.
types: setup
	@found=$$($(BIN)/mypy 2>&1); status=$$?; printf '\nTypes: %s\n' "$$found"; exit $$status

tests: setup
	@$(MAKE) --no-print-directory cluster || test "$$CI" != true
	$(BIN)/python tools/chromium.py
	$(BIN)/python -m tools.second_opinions
	$(BIN)/python -m tools.key_places
	$(PYTEST)

check: setup ## the same checks with the fast tests only: for use while writing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) -q -m "$(FAST)"

format: setup ## sort imports and lay out the code
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

bench: setup ## every figure of README.md, measured again
	@set -e; for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

lock: setup ## write requirements.lock anew from pyproject.toml (needs uv on PATH)
	uv pip compile --quiet --universal --python-version 3.11 --upgrade --extra dev --generate-hashes \
	  --no-annotate --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --extra cluster --generate-hashes \
	  --constraint requirements.lock --no-annotate --no-header pyproject.toml -o requirements-cluster.lock

vendor: setup ## make the vendored browser files anew (needs npm on PATH)
	$(BIN)/python tools/vendor.py

clean: ## remove .venv and what the tools keep
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist

# The stamp is written last: an interrupted set-up is done again from where pip can go on.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Foedus needs Python 3.11 or newer, and \
	$(PYTHON) is " + sys.version.split()[0] + ": name another with `make PYTHON=python3.12 $(MAKECMDGOALS)`" or 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing $$(grep -c '^[a-z]' requirements.lock) packages into .venv (630 MB, a minute or so)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check
	@touch $(READY)

.venv/cluster: $(READY) requirements-cluster.lock
	@echo "Installing what screening on many machines needs into .venv (410 MB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-cluster.lock
	@$(BIN)/python -m pip check
	@touch $@
