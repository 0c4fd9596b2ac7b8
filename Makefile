# Two commands: `make lab` to learn, `make test` to check. Both set everything up the first time.

PYTHON ?= python3
LESSON ?=
VENV := .venv
BIN := $(VENV)/bin
# Two workers, and one thread each: with more they would fight over two cores.
ONE_THREAD := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

.PHONY: help lab test setup data fresh text notebook picture newest constraints clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */make \1\t/' | expand -t 16

lab: setup data  ## open the lessons in JupyterLab, on a copy that is yours
	@$(BIN)/python -m helpers lessons
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/my_lessons $(LAB_OPTIONS)

test: setup  ## run everything: the helpers' tests, the rules, every notebook
	@$(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

setup: $(VENV)/ready  ## the virtual environment with all packages

$(VENV)/ready: requirements.txt constraints.txt pyproject.toml .jupyterlab.json helpers/commands/supported.py
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Name a Python: make lab PYTHON=..."; exit 1; }
	@$(PYTHON) helpers/commands/supported.py
	@echo "Setting up $(VENV): some minutes the first time, and about 3 GB."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt || { \
		echo "The packages could not be installed; the lines above say why. It takes a network and 3 GB of disk."; \
		exit 1; }
	@git config diff.jupytext.textconv "$(BIN)/jupytext --to py:percent --output -" 2>/dev/null || true
	@mkdir -p $(VENV)/share/jupyter/lab/settings
	@cp .jupyterlab.json $(VENV)/share/jupyter/lab/settings/overrides.json
	@touch $@

data: setup  ## fetch and verify the data
	@$(BIN)/python -m helpers download mnist || echo "Never mind: the lessons will use the practice digits."

fresh: setup  ## a fresh copy of a lesson: make fresh LESSON=05 (yours is kept beside it)
	@$(BIN)/python -m helpers fresh $(LESSON)

text: setup  ## for authors: a lesson as text in scratch/: make text LESSON=05
	@mkdir -p scratch
	@$(BIN)/jupytext --to py:percent --output scratch/$(LESSON).py notebooks/$(LESSON)_*.ipynb

notebook: setup  ## for authors: that text back into the lesson, and run it: make notebook LESSON=05
	@$(BIN)/jupytext --update --to ipynb --output $$(ls notebooks/$(LESSON)_*.ipynb) scratch/$(LESSON).py
	@$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False \
		notebooks/$(LESSON)_*.ipynb

picture: setup  ## for authors: draw the picture at the top of README anew
	@$(BIN)/python -m helpers picture

newest: setup  ## for authors: take the newest packages in place of those that were tested
	@grep -v '^-c' requirements.txt > $(VENV)/newest.txt
	@$(BIN)/python -m pip install --quiet --upgrade -r $(VENV)/newest.txt

constraints: setup  ## for authors: write down every package that is installed, for all to use
	@echo "# Everything that was installed when the tests last ran, made by: make constraints" > constraints.txt
	@$(BIN)/python -m pip freeze --exclude-editable >> constraints.txt

clean:  ## remove the environment, not your lessons
	rm -rf $(VENV)
