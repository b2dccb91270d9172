# On a machine with Python 3.11 or newer and make, every target works with nothing done before: each makes the virtual
# environment it needs, once, and brings it up to date when setup.cfg or pyproject.toml change.
#
#   make test ARGS="-k wildcard"       pass something on to the program that the target runs
#   make demo PYTHON=/opt/python3.12   use this interpreter
#   make test VENV=.venv-3.12          keep the environment in this folder of the checkout

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
ARGS ?=

# Set by whoever runs several Pythons; inside our environment they could only bring in someone else's packages.
unexport PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check lint types imports docs-check tree golden docs bench dev clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/demo.stamp ## audit a sample account: a phone app whose guests reach more than they should
	@$(BIN)/permcheck audit fixtures/mobile-backend --fail-on never $(ARGS)

test: $(VENV)/test.stamp ## run the tests
	@$(BIN)/python -m pytest $(ARGS)

check: lint types imports docs-check ## everything that must hold besides the tests: style, types, imports, docs

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp tree
	$(BIN)/mypy $(wildcard $(addprefix build/tree/,permcheck bench tests tools))

imports: $(VENV)/test.stamp tree
	cd build/tree && ../../$(BIN)/lint-imports --config ../../setup.cfg --no-logo --no-cache

docs-check: $(VENV)/test.stamp
	$(BIN)/python tools/docs.py --check

# The packages as they are once installed, with rules/ inside permcheck/, for tools that read files and not imports.
# They are links, so a message about build/tree/permcheck/x.py is about permcheck/x.py.
tree:
	@rm -rf build/tree && mkdir -p build/tree/permcheck
	@ln -s $(foreach entry,$(wildcard permcheck/*),"$(CURDIR)/$(entry)") build/tree/permcheck/
	@ln -s "$(CURDIR)/rules" build/tree/permcheck/rules
	@ln -s $(foreach entry,$(wildcard bench tests tools),"$(CURDIR)/$(entry)") build/tree/

golden: $(VENV)/test.stamp ## write fixtures/*/expected again; read the difference before you commit it
	@$(BIN)/python tools/golden.py $(ARGS)

docs: $(VENV)/test.stamp ## write docs/rules/*.md again, from the rules
	@$(BIN)/python tools/docs.py $(ARGS)

bench: $(VENV)/demo.stamp ## time permcheck on generated accounts, next to other ways to the same answer
	@$(BIN)/python bench/run.py $(ARGS)

dev: $(VENV)/dev.stamp ## install everything a contributor needs, and say what to do next
	@echo 'Ready. permcheck is installed from this folder, so what you edit is what runs.'
	@echo
	@echo '  . $(BIN)/activate         then "permcheck --help" works in this shell'
	@echo '  make test ARGS="-k NAME"     some tests; make test for all of them'
	@echo '  make check                   style, types, imports, docs'
	@echo '  permcheck new-rule --help    start a rule; CONTRIBUTING.md says how one is written'
	@command -v node >/dev/null && command -v npm >/dev/null || \
	  { echo; echo 'Node.js is not installed: the differential tests will be skipped here. CI runs them.'; }

clean: ## remove everything that make has made
	test ! -e $(VENV)/made-in || rm -rf $(VENV)
	rm -rf build dist bench/.cache bench/out permcheck.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find $(wildcard permcheck rules tests bench tools) -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment

INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --editable
STAMPS := $(addprefix $(VENV)/,demo.stamp test.stamp dev.stamp)

# An environment holds its own path: one that came here by copying or moving the folder still runs the code of the old
# place. One whose interpreter has been removed runs nothing. Both are made anew. One that make did not make is left alone.
STALE := $(shell test -x $(BIN)/python && test "$$(cat $(VENV)/made-in 2>/dev/null)" = "$(CURDIR)" || echo stale)
ifneq ($(STALE),)
.PHONY: venv $(STAMPS)
$(STAMPS): | venv
venv:
	@if [ -e $(VENV) ] && [ ! -e $(VENV)/made-in ]; then \
	  echo 'permcheck: make did not make $(VENV): move it away, or choose another name: make VENV=.venv-permcheck ...' >&2; \
	  exit 1; \
	fi; \
	for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
	  if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'permcheck: no Python 3.11+ with venv was found: install one, or name it: make PYTHON=/path/to/python3 ...' >&2; \
	  exit 1; \
	fi; \
	echo "permcheck: making $(VENV) with $$("$$found" --version); this is done once" >&2; \
	rm -rf $(VENV) && mkdir -p $(VENV) && echo "$(CURDIR)" > $(VENV)/made-in && "$$found" -m venv $(VENV)
endif

$(VENV)/demo.stamp: setup.cfg pyproject.toml
	@echo 'permcheck: installing what it needs' >&2
	@$(INSTALL) '.'
	@touch $@

$(VENV)/test.stamp: setup.cfg pyproject.toml
	@echo 'permcheck: installing what it and its tests need' >&2
	@$(INSTALL) '.[test]'
	@touch $@ $(VENV)/demo.stamp

$(VENV)/dev.stamp: setup.cfg pyproject.toml
	@echo 'permcheck: installing everything a contributor needs' >&2
	@$(INSTALL) '.[test,tables]'
	@touch $@ $(VENV)/demo.stamp $(VENV)/test.stamp
