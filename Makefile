# Everything that is done with this repository, by one word each. `make` lists the words.
#
# Each target works from a fresh clone with no step before it, and may be interrupted
# and repeated. Nothing is written outside the clone but the user's cache directory
# (the local cluster's programs, the operator image's base) and the clusters themselves.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Python is started hundreds of times here; what it compiled is kept, also where the shell says no.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
READY := .venv/.stamp
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

# Which cluster `make demo` uses: local, kind or current (the current kube-context).
CLUSTER ?= local
# Where `make image` pushes to, for example registry.example.edu/labs; empty: nowhere.
REGISTRY ?=
# How many submissions `make queue` hands in.
COUNT ?= 200
# How long `make fuzz` runs.
SECONDS ?= 60

##@ Look
.PHONY: help
help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo

##@ Try
.PHONY: demo demo-down
demo: $(READY) ## Watch three learners being graded [CLUSTER=local|kind|current]
	@$(BIN)/python -m demo up --cluster '$(CLUSTER)'

demo-down: $(READY) ## Remove the demo, and its cluster if the demo made it [CLUSTER=...]
	@$(BIN)/python -m demo down --cluster '$(CLUSTER)'

.PHONY: cluster-up cluster-down
cluster-up: $(READY) ## Start a real Kubernetes on this machine, without Docker (Linux, root)
	@$(BIN)/python -m localcluster up

cluster-down: $(READY) ## Remove it, with everything that ran on it
	@$(BIN)/python -m localcluster down

##@ Change
.PHONY: fmt generate lock
fmt: $(READY) ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

generate: $(READY) ## Write the CRDs, the editor schema and the kinds' pages from the models
	$(BIN)/python -m labgrader.api.schema
	$(BIN)/python -m tools.kinds

lock: $(READY) ## Pin the dependencies of pyproject.toml with hashes into requirements/
	$(LOCK) --group build --output-file requirements/build.txt
	$(LOCK) pyproject.toml --extra s3 --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --extra s3 --group dev --output-file requirements/dev.txt
	$(LOCK) --group s3-server --output-file requirements/s3-server.txt
	$(LOCK) --group mutants --output-file requirements/mutants.txt

##@ Prove
.PHONY: check verify-generated unit test experiments exercises flake mutants fuzz durations queue bench
check: $(READY) ## Lint, types, layers, exercises, generated files; writes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/labgrader lint exercises
	@$(MAKE) verify-generated

verify-generated: $(READY) ## Fail when `make generate` would change something
	$(BIN)/python -m labgrader.api.schema --check
	$(BIN)/python -m tools.kinds --check

unit: $(READY) ## The tests that need no cluster, in seconds
	$(BIN)/pytest -n auto --dist worksteal --ignore tests/cluster --ignore tests/fuzz \
	  -m 'not cluster and not slow' --hypothesis-profile quick

test: $(READY) ## All tests, on real clusters that are started and removed
	$(BIN)/pytest -n auto --dist worksteal --ignore tests/cluster -m 'not cluster'
	$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder -m 'cluster and not experiment'

experiments: $(READY) ## The tests that disturb for minutes; goes on where it was stopped
	@$(BIN)/python -m tools.experiments

exercises: $(READY) ## Prove every work of every exercise on a cluster; goes on where it was stopped
	@$(BIN)/python -m tools.exercises

flake: $(READY) ## Grade the same works many times, also on a busy machine; goes on where it was stopped
	@$(BIN)/python -m tools.flake

mutants: $(READY) .venv/mutants/.stamp ## Change the judges here and there; do tests notice? Goes on where it was stopped
	@$(BIN)/python -m tools.mutants

fuzz: $(READY) ## Look for new inputs that a judge or a property does not bear [SECONDS=60]
	SECONDS='$(SECONDS)' $(BIN)/pytest -q tests/fuzz
	$(BIN)/pytest -q -n auto -m hypothesis --hypothesis-profile wild tests/unit

durations: $(READY) ## Measure what each experiment takes, into its page; goes on where it was stopped
	@$(BIN)/python -m tools.durations

queue: $(READY) ## How long many submissions that disturb take [COUNT=200]
	@$(BIN)/python -m tools.queue --count '$(COUNT)'

bench: $(READY) ## Measure the operator beside a bare program and stock kopf
	@$(BIN)/python -m benchmarks

##@ Build
.PHONY: image clean
image: $(READY) ## Build the operator's image into build/labgrader.tar [REGISTRY=...: and push it]
	@$(BIN)/python -m tools.image $(if $(REGISTRY),--registry '$(REGISTRY)')

clean: ## Remove what was built in this clone (not the caches, not the clusters)
	rm -rf build dist .venv .mypy_cache .ruff_cache .pytest_cache .pytest-kind .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment. A stamp and not the folder, so that an interrupted
# installation is taken up again.
.PHONY: .venv
.venv: $(READY)

$(READY): requirements/dev.txt requirements/s3-server.txt pyproject.toml
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	    "$$python" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	      >/dev/null 2>&1 && break; \
	    [ "$$python" != python3 ] || { \
	      echo 'labgrader needs Python 3.11 to 3.14 with its venv module, and none is on PATH.'; \
	      echo 'On Debian and Ubuntu: apt-get install python3 python3-venv'; exit 1; } >&2; \
	  done; \
	  echo "Making .venv with $$("$$python" --version)"; \
	  rm -rf .venv; "$$python" -m venv .venv; \
	fi
	@echo 'Installing the locked packages of requirements/dev.txt into .venv (about a minute the first time)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m venv --clear .venv/s3
	@.venv/s3/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/s3-server.txt
	@touch $@

.venv/mutants/.stamp: requirements/mutants.txt | $(READY)
	@echo 'Installing the locked packages of requirements/mutants.txt into .venv/mutants'
	@$(BIN)/python -m venv --clear .venv/mutants
	@.venv/mutants/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutants.txt
	@touch $@
