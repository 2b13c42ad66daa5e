# make serve | test | lint | bench | bench-forecast | build | models | setup | lock | clean
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

export BENTOML_DO_NOT_TRACK := True

.PHONY: setup models serve test lint bench bench-forecast build lock clean

setup: $(READY)

$(READY): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

models: $(READY)
	$(BIN)/train --missing

serve: models
	$(BIN)/bentoml serve

test: $(READY)
	$(BIN)/python -m pytest $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: models
	$(BIN)/python -m benchmarks.serving

bench-forecast: models
	$(BIN)/python -m benchmarks.forecast

build: models
	$(BIN)/bentoml build

lock:
	scripts/lock

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build reports *.egg-info
