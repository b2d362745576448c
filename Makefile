# The door of the project: `make` lists what it opens. Needs make and Python 3.11 or newer, nothing else.

PY := .venv/bin/python
RUN := .venv/.installed-run
DEV := .venv/.installed-dev

.PHONY: help run demo-reset test test-slow check format messages bench

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: $(RUN)  ## the portal on http://127.0.0.1:8000 (HOST= PORT= move it; Ctrl-C stops it)
	@$(PY) -m config.serve

demo-reset: $(RUN)  ## throw the demonstration away and build it anew
	@$(PY) -m config.prepare --reset

test: $(DEV)  ## the tests, on SQLite and on what TEST_DATABASE_URL and TEST_REDIS_URL name
	@$(PY) -m tests

test-slow: $(DEV)  ## the slow tier: faults and load
	@$(PY) -m tests --slow

check: $(DEV)  ## linter, formatter, floors of the house, migrations, translations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-cache
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py messages check

format: $(DEV)  ## put imports and layout in order
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

messages: $(DEV)  ## bring the translations up to the source, then compile them
	@$(PY) manage.py messages extract
	@$(PY) manage.py messages compile

bench: $(DEV)  ## the benchmarks: product against limit, ratios in one run
	@$(PY) -m bench

# The stamps: pip runs where a requirements file changed, so that a second start needs no network.
$(RUN): requirements.txt | $(PY)
	@echo "Installing the pinned packages; later starts find them in place …"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing the pinned packages of tests and checks …"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $(RUN) $@

$(PY):
	@for python in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14 python; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	done; \
	test -n "$$found" || { echo "No Python 3.11 or newer found. Install one, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	$$found -m venv .venv || { rm -rf .venv; echo "$$found cannot make a virtual environment. On Debian and Ubuntu install the package python3-venv." >&2; exit 1; }
