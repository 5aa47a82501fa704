# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
# Two commands on a fresh machine: `make run` and `make test`.  Needs Python 3.11 or newer.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
unexport PYTHONDONTWRITEBYTECODE
INSTALL = $(BIN)/pip install -q --disable-pip-version-check

.PHONY: run test setup check format bench faults assets lock messages docs clean

run: $(VENV)/.run  ## serve the site at http://127.0.0.1:8000 (another port: make run PORT=8001)
	@echo "Starting the site; the first time it makes the example, half a minute. It then says its address."
	@echo "De site start; de eerste keer maakt hij het voorbeeld, een halve minuut. Daarna staat hier het adres."
	@$(BIN)/wijkeconomie serve --port $(PORT)

test: $(VENV)/.dev  ## all tests, on SQLite and on PostgreSQL
	$(BIN)/python tools/run_tests.py

setup: $(VENV)/.dev  ## .venv with the command wijkeconomie and the development tools

check: $(VENV)/.dev  ## format, lint, types, contracts, shape, docs, translations, licences
	$(BIN)/ruff format --check src tests tools
	$(BIN)/ruff check src tests tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/shape.py
	$(BIN)/python tools/docs.py --check
	$(BIN)/python tools/messages.py --check
	$(BIN)/reuse lint --quiet

format: $(VENV)/.dev
	$(BIN)/ruff format src tests tools
	$(BIN)/ruff check --fix src tests tools

bench: $(VENV)/.bench  ## speed, each line against a peer in the same run
	$(BIN)/python tests/bench/run.py

faults: $(VENV)/.dev  ## killed loads, a full disk, a service that stops half-way
	$(BIN)/python tests/faults/run.py

assets:  ## rebuild the committed front-end files (needs node and npm)
	cd frontend && npm ci --ignore-scripts && node build.mjs

docs: $(VENV)/.dev  ## rebuild the generated reference
	$(BIN)/python tools/docs.py

messages: $(VENV)/.dev  ## compile the translations
	$(BIN)/python tools/messages.py

lock:  ## renew the locks (needs uv)
	$(LOCK) pyproject.toml --group build -o requirements.txt
	$(LOCK) -c requirements.txt pyproject.toml --group build --group dev -o requirements-dev.txt
	$(LOCK) -c requirements-dev.txt pyproject.toml --group build --group dev --group bench -o requirements-bench.txt
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/pip
	@echo "Once: fetching what the site needs into $(VENV). That takes about a minute, without a word."
	@echo "Eenmalig: ophalen wat de site nodig heeft, in $(VENV). Dat duurt ongeveer een minuut, zonder bericht."
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/pip
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements-bench.txt | $(VENV)/.dev
	$(INSTALL) --require-hashes -r requirements-bench.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache
