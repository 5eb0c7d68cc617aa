# The environment is .venv and node_modules; both are built from lock files when these change.
PYTHON ?= python3
BIN := .venv/bin
# Python and front-end packages are installed side by side.
MAKEFLAGS += --no-print-directory -j2
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Some machines forbid it: every process would then compile some three thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lock messages screenshots bench drills

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | sort | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: node_modules/.installed .venv/.base ## the environment that the portal runs in

setup-dev: setup .venv/.dev

.venv/.base: requirements/base.txt
	@PYTHON="$(PYTHON)" sh scripts/setup.sh python base

.venv/.dev: requirements/dev.txt .venv/.base
	@PYTHON="$(PYTHON)" sh scripts/setup.sh python dev

# Without Node.js on the machine the one from PyPI does it, which needs .venv.
HAS_NODE := $(shell sh scripts/setup.sh has-node && echo yes)
node_modules/.installed: package-lock.json $(if $(HAS_NODE),,.venv/.base)
	@sh scripts/setup.sh front-end

# Demo data unless the environment or .env say otherwise.
DEMO ?= $(shell sed -n 's/^ *DEMO *= *//p' .env 2>/dev/null | tail -n 1)
run: export DEMO := $(or $(DEMO),1)
run: setup ## the portal, here, with demo data the first time (Ctrl-C stops it)
	@exec $(BIN)/python manage.py runportal --first-run --with-parent

test: setup-dev ## all tests, on every engine within reach
	@$(BIN)/python -m scripts.test $(ARGS)

check: setup-dev ## format, lint, types, contracts, templates, migrations, translations
	@$(BIN)/python -m scripts.check $(ARGS)

lock: setup-dev ## new lock files from requirements/*.in and package.json
	@sh scripts/lock.sh

messages: setup-dev ## collect msgids into locale/*.po (needs gettext) and compile them
	@$(BIN)/python -m scripts.messages

screenshots: setup-dev ## pictures of the pages in var/screenshots
	@$(BIN)/python -m scripts.screenshots $(ARGS)

bench: setup-dev ## measurements as ratios, JSON in var/bench
	@$(BIN)/python -m pip install --quiet --no-deps -r bench/requirements.txt
	@$(BIN)/python -m bench $(ARGS)

drills: setup-dev ## faults on purpose: kill -9 here and there, nothing may be lost
	@$(BIN)/python -m pytest tests -m drill $(ARGS)
	@$(BIN)/python -m bench.kills
	@MACHINE_STEPS=10000 $(BIN)/python -m scripts.test tests/workorders/test_books_machine.py tests/workorders/test_ledger.py
