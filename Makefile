# `make train`: install, train a GAN on handwritten digits, write its report.
# `make test`:  install, run the tests.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: train test check

train: $(VENV)/installed
	$(BIN)/saddle train

test: $(VENV)/installed
	$(BIN)/pytest -n auto $(PYTEST_OPTIONS)

check: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/pyright
	$(BIN)/lint-imports

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "saddle needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
