# Two commands on a fresh machine: `make demo` and `make test`. Paths are relative, so that a
# folder with spaces in its name works.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
PURE := tests/test_structure.py tests/test_config.py tests/alignment tests/verbalization \
	tests/speakers tests/text tests/topics tests/clips tests/captions

.PHONY: help venv demo test check quick format clean

help:
	@echo "make demo    install, run configs/demo.yaml, say where the results are"
	@echo "make test    install, then make check"
	@echo "make check   ruff, mypy --strict, import-linter, pytest"
	@echo "make venv    .venv with everything in it"
	@echo "make format  let ruff format the code"
	@echo "make clean   remove .venv and caches"

venv: $(STAMP)

# Scripts in .venv/bin carry the folder's full path in their first line; modules do not.
$(STAMP): pyproject.toml constraints.txt
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cuecast needs Python 3.11 or newer; say PYTHON=python3.12")'
	"$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/python -m pipeline run configs/demo.yaml

test: $(STAMP)
	$(MAKE) check

check: $(STAMP)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(BIN)/python -m pytest

quick: $(STAMP)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m pytest -q $(PURE)

format: $(STAMP)
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
