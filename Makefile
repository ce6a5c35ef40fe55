# Every target first creates .venv from the lock when it is missing or older than it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# JupyterLab refuses to start as root (in a container, say) unless it is told that this is meant.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

# The matrices of the lessons are small: a second thread for their products mostly waits, on a busy machine for long.
export OPENBLAS_NUM_THREADS ?= 1

# Not in the lock: a dozen packages that nobody needs for a lesson.
MUTMUT := $(BIN)/uv run --quiet --no-project --with mutmut==3.8.1 mutmut

.PHONY: lab test test-fast test-lowest test-newest fuzz mutate lint notebooks pictures bench lock

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, %s is Python %s; try: make PYTHON=python3.12" % (sys.executable, sys.version.split()[0]))'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

lab: $(VENV)/.installed ## open JupyterLab on the start page
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 $(AS_ROOT) --LabApp.default_url=/lab/tree/00_start_here.ipynb notebooks

test: $(VENV)/.installed ## all tests: package, notebooks, browser
	$(BIN)/python -m pytest --nbval --nbval-current-env --numprocesses 3 --dist loadscope

test-fast: $(VENV)/.installed ## the mathematics, the data and what reads them: no panel, no notebook, no browser; half a minute
	$(BIN)/python -m pytest tests --ignore tests/panels --ignore tests/lessons --ignore tests/browser --numprocesses 2 --dist loadscope

test-lowest: RESOLUTION := --resolution lowest-direct
test-lowest: QUIET := -W ignore::DeprecationWarning -W ignore::PendingDeprecationWarning
test-lowest test-newest: test-%: $(VENV)/.installed ## all tests with the lowest versions that pyproject.toml allows, or with the newest there are
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-$*
	$(BIN)/uv pip install --quiet --python .venv-$* $(RESOLUTION) -e '.[dev]'
	.venv-$*/bin/python -m pytest --nbval-lax --nbval-current-env --ignore tests/test_lock.py $(QUIET) --numprocesses 3 --dist loadscope

fuzz: $(VENV)/.installed ## read damaged files, more than 100,000 of them and others each time; some minutes
	FUZZ=$(or $(FUZZ),52000) $(BIN)/python -m pytest tests/tables/test_fuzzed_files.py --hypothesis-show-statistics

mutate: $(VENV)/.installed ## do the tests notice each small change to models, optimizers and the loop? about 15 minutes
	rm -rf mutants
	nice $(MUTMUT) run
	$(MUTMUT) results # what survived; tests/MUTANTS.md says why it may

lint: $(VENV)/.installed ## ruff on code and notebooks, mypy on gdutils, zizmor on the workflow
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet .github/workflows

notebooks: $(VENV)/.installed ## run all lessons in place; outputs are committed
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.store_widget_state=False --ExecutePreprocessor.record_timing=False \
		notebooks/*.ipynb

pictures: $(VENV)/.installed ## draw the pictures of the start page's map anew
	$(BIN)/python -m docs.map_pictures

bench: $(VENV)/.installed ## training beside plain NumPy loops, imports, and slider to pixels beside the usual way
	$(BIN)/python -m benchmarks.training_speed
	$(BIN)/python -m benchmarks.start_up
	$(BIN)/python -m benchmarks.panel_latency

lock: $(VENV)/.installed ## pin pyproject.toml's dependencies, and theirs, for every platform
	printf -- '-e .[dev]\n' | $(BIN)/uv pip compile --universal --fork-strategy fewest --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" --quiet --output-file requirements.txt -
