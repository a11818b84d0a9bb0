# `make` alone explains itself. The environment lies in .venv and is made when it is first needed.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run demo test lint format bench postgres vendor lock

BIN := .venv/bin
FLASK := $(BIN)/flask
ARGS ?=
# One more than there are cores: a worker often waits for a browser or a server.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/installed ## the registry on http://127.0.0.1:8000, with its database in instance/
	@$(FLASK) db upgrade
	@$(FLASK) setup-code
	@$(FLASK) serve

demo: export REGISTRY_DATABASE := sqlite:///$(CURDIR)/instance/demo.sqlite
demo: export REGISTRY_DEMO := 1
demo: .venv/installed ## the same with a made-up alliance, in a database of its own; prints a sign-in for each role
	@$(FLASK) demo

test: .venv/installed-for-development ## every test; on PostgreSQL too where REGISTRY_TEST_POSTGRES names one; ARGS="-k name" for some
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

lint: .venv/installed-for-development ## ruff, mypy, and which way imports run
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/installed-for-development ## bring every file into the one form that lint wants
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

bench: .venv/installed-for-development ## measure what docs/ claims about speed and size
	@$(BIN)/python -m benchmarks $(ARGS)

postgres: ## a throwaway PostgreSQL for anyone's tests, until Ctrl-C
	@scripts/postgres start

vendor: ## fetch the stylesheets and test scripts that lie in the tree anew, from npm
	@$(or $(PYTHON),python3) scripts/vendor.py

lock: ## choose the newest versions that setup.cfg allows, anew, on every Python we support
	@$(or $(PYTHON),python3) scripts/lock.py python3.11 python3.12 python3.13

# ---- the environment -------------------------------------------------------------------------------

.venv/installed: setup.cfg pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing what the registry needs into .venv, once; about a minute …"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/installed-for-development: .venv/installed
	@echo "Installing what its tests and checks need …"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(BIN)/pip:
	@python=$$(scripts/find-python) && "$$python" -m venv --clear .venv
