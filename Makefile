# The house from outside: `make help` lists what there is. Only python3 and make are
# assumed; everything else comes from requirements.lock into .venv.

.DEFAULT_GOAL := help
.PHONY: help night demo test lint bench growth faults dev clean

READY := .venv/.ready
BIN := .venv/bin
DATA := $(or $(CLIENTELE_HOME),var)
COMPANY := $(or $(CLIENTELE_COMPANY),demo)
ROOMS := warehouse pipelines expectations tests benchmarks

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 14

night: $(READY) ## Receive, build, check and publish all that waits (makes the demo's deliveries first)
	@if [ "$(COMPANY)" = demo ] && [ -z "$$(ls -A "$(DATA)/demo/landing" 2>/dev/null)" ]; \
	then $(BIN)/clientele demo; fi
	@$(BIN)/clientele night

demo: $(READY) ## Make the demo company's deliveries
	@$(BIN)/clientele demo

test: $(READY) ## Hold the code to its rules, then run every test
	@$(BIN)/ruff check $(ROOMS)
	@$(BIN)/ruff format --check $(ROOMS)
	@$(BIN)/mypy
	@$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder --durations 25

lint: $(READY) ## Read Python and SQL for manner (ruff, mypy, sqlfluff)
	@$(BIN)/ruff check $(ROOMS)
	@$(BIN)/ruff format --check $(ROOMS)
	@$(BIN)/mypy
	@$(BIN)/python tests/lint_sql.py

bench: $(READY) ## Measure all that performance claims rest on, each against a floor or a peer (BENCH=--small: see it work)
	@$(BIN)/python benchmarks/bench.py $(BENCH)

growth: $(READY) ## Measure nights at growing sizes, as far as the machine goes (GROWTH="--customers 100000 1000000")
	@$(BIN)/python benchmarks/growth.py $(GROWTH)
	@$(BIN)/python benchmarks/plots.py

faults: $(READY) ## Kill nights and publishers, fill disks, flip bits; see all of it heal (give it two hours)
	@$(BIN)/python benchmarks/faults.py $(FAULTS)

dev: $(READY) ## Open Dagster with the lineage from source to aggregate
	@$(BIN)/clientele dev

clean: ## Remove what was built: environment, caches; data stays
	rm -rf .venv build *.egg-info target logs
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(ROOMS) -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python that is new enough and can make an environment.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up the environment (about a minute) ..." >&2
	@for python in python3 python3.12 python3.11 python3.13; do \
	    if $$python -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)' \
	        2>/dev/null; then exec $$python -m venv .venv; fi; \
	done; \
	echo "Python 3.11 or later with its venv module is needed:" \
	    "install python3 (and python3-venv where that is a package of its own)." >&2; \
	exit 1
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
	@echo "The environment is ready." >&2
