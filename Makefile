# Everything is installed into .venv in this folder. `make run` and `make test` are all the set-up.

VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs-in
STAMP := $(VENV)/.made-in

# A virtual environment does not survive being copied or moved: it is made anew where it now is.
ifneq ($(shell cat $(RUNS) 2>/dev/null),$(CURDIR))
.PHONY: $(RUNS)
endif

.PHONY: install run test check fix bench

install: $(STAMP)

# What it takes to run, and nothing else: so a stranger does not wait for the tools.
$(RUNS): pyproject.toml requirements.txt
	@python=; for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "Mellom needs Python 3.11 or newer, and found none (python3 is: $$(python3 --version 2>&1))." >&2; \
		echo "Install it, or say where it is: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; fi; \
	if [ "$$(cat $@ 2>/dev/null)" != "$(CURDIR)" ]; then rm -rf $(VENV); fi; \
	[ -x $(BIN)/python ] || $$python -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@echo "$(CURDIR)" > $@

$(STAMP): $(RUNS) requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip check --disable-pip-version-check
	@touch $@

run: $(RUNS)
	$(BIN)/mellom try

test: install
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.catalogues check

fix: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r bench/requirements.txt
	$(BIN)/python -m bench

.PHONY: picture
picture: install  # The README's picture of the playground, in the browser that is here.
	$(BIN)/python -m tests.picture

.PHONY: crash
crash: install  # Fifty kills in a row, and one at each moment of asking members something.
	MELLOM_TEST_THOROUGH=1 $(BIN)/python -m pytest tests/test_crashes.py tests/test_asking_crashes.py
