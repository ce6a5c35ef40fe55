# `make lab` needs requirements.txt alone, all else requirements-dev.txt; .venv is made when it is missing or older.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --quiet
# Packages are compiled when they are installed: every kernel starts in a third of the time.
export UV_COMPILE_BYTECODE := true
# JupyterLab refuses to start as root (in a container, say) unless it is told that this is meant.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Two processes: one for the browser, one for all else, see tests/conftest.py.
TEST := $(BIN)/python -m pytest --nbval --nbval-current-env --numprocesses 2 --dist loadscope
# Not in the lock: a dozen packages that nobody needs for a lesson.
MUTMUT := $(UV) run --no-project --with mutmut==3.8.1 mutmut

.PHONY: lab test test-fast test-all test-newest fuzz mutate lint notebooks pictures book bench lock

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, %s is Python %s; try: make PYTHON=python3.12" % (sys.executable, sys.version.split()[0]))'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

# Matplotlib looks for fonts once, and says so in the first cell where that takes long: better now.
$(VENV)/.lab: requirements.txt | $(VENV)/.made
	@echo 'Installing what the lessons need, about 800 MB: the first time takes a minute or two'
	$(UV) pip install --python $(BIN)/python -r requirements.txt
	@$(BIN)/python -c 'import matplotlib.font_manager'
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.lab
	$(UV) pip install --python $(BIN)/python -r requirements-dev.txt
	@touch $@

lab: $(VENV)/.lab ## open JupyterLab on the start page
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 $(AS_ROOT) --LabApp.default_url=/lab/tree/00_start_here.ipynb notebooks

test: $(VENV)/.dev ## the package, every notebook, and every lesson in the browser
	$(TEST)

test-fast: $(VENV)/.dev ## the mathematics and the exercises: half a minute
	$(BIN)/python -m pytest tests --ignore tests/tables --ignore tests/panels --ignore tests/lessons --ignore tests/browser --numprocesses 2 --dist loadscope

test-all: $(VENV)/.dev ## every control of every lesson in the browser, too: each week
	$(TEST) -m 'weekly or not weekly'

test-newest: $(VENV)/.dev ## with the newest packages that pyproject.toml allows
	$(UV) venv --clear --python $(BIN)/python .venv-newest
	$(UV) pip install --python .venv-newest -e '.[dev]'
	.venv-newest/bin/python -m pytest --nbval-lax --nbval-current-env --ignore tests/test_lock.py --numprocesses 2 --dist loadscope

fuzz: $(VENV)/.dev ## read damaged files, more than 100,000 of them and others each time; some minutes
	FUZZ=$(or $(FUZZ),52000) $(BIN)/python -m pytest tests/tables/test_fuzzed_files.py --hypothesis-show-statistics

mutate: $(VENV)/.dev ## do the tests notice each small change to models, optimizers and the loop? about 15 minutes
	rm -rf mutants
	nice $(MUTMUT) run
	$(MUTMUT) results # what survived; tests/MUTANTS.md says why it may

lint: $(VENV)/.dev ## ruff on code and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

notebooks: $(VENV)/.dev ## run all lessons in place; outputs are committed
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.store_widget_state=False --ExecutePreprocessor.record_timing=False \
		notebooks/*.ipynb

pictures: $(VENV)/.dev ## draw the pictures of the start page's map, and the README's moving one, again
	$(BIN)/python -m docs.map_pictures
	$(BIN)/python -m docs.readme_picture

book: $(VENV)/.dev ## all lessons as web pages: build/book/index.html
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -c docs . build/book
	@echo 'The book is ready: build/book/index.html'

bench: $(VENV)/.dev ## training beside plain NumPy; parts on two processes beside one; a slider's move beside ready pictures and the usual way
	$(BIN)/python -m benchmarks.training_speed
	$(BIN)/python -m benchmarks.many_parts
	$(BIN)/python -m benchmarks.panel_latency

COMPILE := $(UV) pip compile --universal --fork-strategy fewest --python-version 3.11 --no-emit-index-url \
	--custom-compile-command "make lock"

lock: $(VENV)/.made ## pin pyproject.toml's dependencies, and theirs, for every platform
	printf -- '-e .\n' | $(COMPILE) --output-file requirements.txt -
	grep -v '^-e' requirements.txt > $(VENV)/learner.txt
	printf -- '-e .[dev]\n' | $(COMPILE) --constraint $(VENV)/learner.txt --output-file requirements-dev.txt -
