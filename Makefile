# make serve | serve-all | test | lint | types | bench | bench-anomaly | bench-credit | bench-forecast | build | models | setup | lock | clean
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Modules are compiled when they are first imported: most never are. uv installs in seconds what takes pip minutes, but
# does not read pip's configuration: where it finds no package, pip is asked.
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile
NODE   := backend/node_modules/.ready

export BENTOML_DO_NOT_TRACK := True

.PHONY: setup models serve serve-all test lint types bench bench-anomaly bench-credit bench-forecast build lock clean

setup: $(READY)

$(READY): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) torch==2.13.0 $(shell grep '^uv==' requirements-dev.txt)
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt || $(PIP) -r requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $(READY)

$(NODE): backend/package.json backend/package-lock.json
	npm ci --prefix backend --no-audit --no-fund
	touch $(NODE)

models: $(READY)
	$(BIN)/train --missing

serve: models
	$(BIN)/bentoml serve

serve-all: models $(NODE)
	npm run --silent --prefix backend build
	scripts/serve-all

test: $(READY) $(NODE)
	$(BIN)/python -m pytest $(ARGS)
	REQUIRE_PYTHON=1 npm test --prefix backend

types: $(READY) $(NODE)
	$(BIN)/python scripts/export_contract.py contracts/openapi.json
	npm run --silent --prefix backend types

lint: $(READY) $(NODE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent --prefix backend lint

bench: models
	$(BIN)/python -m benchmarks.serving

bench-anomaly: models
	$(BIN)/python -m benchmarks.anomaly

bench-credit: $(READY)
	$(BIN)/python -m benchmarks.credit

bench-forecast: models
	$(BIN)/python -m benchmarks.forecast

build: models
	$(BIN)/bentoml build

lock:
	scripts/lock

clean:
	rm -rf $(VENV) backend/node_modules backend/dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build reports *.egg-info
