# make serve | serve-all | test | test-cluster | faults | lint | types | bench | bench-quick | profile | rivals | bench-anomaly | bench-credit | bench-forecast | drift-report | build | image | image-test | split-test | bench-engine | models | setup | lock | clean
PYTHON ?= python3.11
VENV   := .venv
FLAVOUR ?= cpu
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Modules are compiled when they are first imported: most never are. uv installs in seconds what takes pip minutes, but
# does not read pip's configuration: where it finds no package, pip is asked.
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile
NODE   := backend/node_modules/.ready

export BENTOML_DO_NOT_TRACK := True
# Bytecode is kept between starts even where the environment is a container's: without it a start takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup models serve serve-all test test-cluster faults lint types bench bench-quick profile rivals bench-anomaly bench-credit bench-forecast drift-report build image image-test split-test bench-engine lock clean

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
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)
	REQUIRE_PYTHON=1 npm test --prefix backend

test-cluster: $(READY)
	$(BIN)/python -m pytest tests/models/test_engine.py -m cluster $(ARGS)

faults: $(READY)
	rm -rf reports/faults
	$(BIN)/python -m pytest tests/faults -m faults $(ARGS); failed=$$?; $(BIN)/python -m tests.faults.page; exit $$failed

types: $(READY) $(NODE)
	$(BIN)/python scripts/export_contract.py contracts/openapi.json
	npm run --silent --prefix backend types

lint: $(READY) $(NODE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent --prefix backend lint

# About 50 minutes; each part alone in less than ten: BENCH="--rounds 2 --go-on" measures rounds until there are two, later
# BENCH="--rounds 4 --go-on" two more. BENCH="--rounds 1 --only ours b cached" takes two minutes.
bench: models rivals
	$(BIN)/python -m benchmarks.serving intent $(BENCH)
	$(BIN)/python -m benchmarks.serving ner $(BENCH)
	$(BIN)/python -m benchmarks.mixed $(BENCH_MIXED)
	$(BIN)/python -m benchmarks.overload $(BENCH_OVERLOAD)
	$(BIN)/python -m benchmarks.endpoints $(BENCH_ENDPOINTS)
	$(BIN)/python -m benchmarks.results

bench-quick: BENCH = --rounds 1 --seconds 4 --warmup 1
bench-quick: BENCH_MIXED = --seconds 40
bench-quick: BENCH_OVERLOAD = --seconds 5 --requests 50000
bench-quick: BENCH_ENDPOINTS = --calls 25
bench-quick: bench

profile: models
	$(BIN)/python -m benchmarks.flames

# Other people's servers, each where it disturbs nobody; libraries that they lack are found in ours.
rivals: .cache/rivals/.ready .cache/mlserver/.ready

.cache/rivals/.ready: benchmarks/rivals/requirements.txt
.cache/mlserver/.ready: benchmarks/rivals/requirements-mlserver.txt
.cache/rivals/.ready .cache/mlserver/.ready: | $(READY)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -r $<
	echo $(CURDIR)/$(VENV)/lib/$$($(PYTHON) -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}")')/site-packages > $$(echo $(@D)/lib/python*/site-packages)/project.pth
	touch $@

bench-anomaly: models
	$(BIN)/python -m benchmarks.anomaly

bench-credit: $(READY)
	$(BIN)/python -m benchmarks.credit

bench-forecast: models
	$(BIN)/python -m benchmarks.forecast

drift-report: $(READY)
	$(BIN)/drift-report $(ARGS)

build: models
	$(BIN)/bentoml build

image: models
	scripts/image $(FLAVOUR)

image-test: models
	scripts/image-test

split-test: models
	SPLIT=1 $(BIN)/python -m pytest tests/deploy/test_split.py

bench-engine: models
	$(BIN)/python -m benchmarks.engine

lock:
	scripts/lock

clean:
	rm -rf $(VENV) backend/node_modules backend/dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build reports *.egg-info
