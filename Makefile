# make run   sets everything up in .venv and starts tongbao
# make test  sets everything up and runs the tests

# Tried in this order unless PYTHON names one. Each is run, not looked up: a name on PATH may be a
# shim that fails.
PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?=
# Above 0, the tests run in that many processes, whole files at a time.
WORKERS ?= 0

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq install --compile
HASHED := $(PIP) --require-hashes --no-build-isolation

# What a shell exports must not change what is installed and imported here.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_TARGET
export PIP_USER := 0

.DEFAULT_GOAL := help
.PHONY: help run test rules-mutants check coverage completions picture shots bench bench-batch java test-spark bench-spark \
	web chromium test-web oracle fuzz mutants licences audit lock clean always

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' Makefile

# Set-up writes to stderr only, so that `make run ARGS=...` leaves nothing but data on stdout.
# It starts afresh where the checkout was moved, where the interpreter is gone, and where PYTHON
# names another than .venv was made with.
.venv/made: $(shell test ! -e .venv/made || { test -e $(PY) && \
		test "$$(cat .venv/place)" = "$(CURDIR)" && \
		test "$(PYTHON)" = "" -o "$(PYTHON)" = "$$(cat .venv/made)"; } || echo always)
	@lack=; for python in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do \
		if said=$$("$$python" requirements/preflight.py 2>&1 </dev/null); then \
			echo "tongbao: setting up .venv with $$python" >&2; \
			"$$python" -m venv --clear .venv >&2 && echo "$(CURDIR)" >.venv/place && \
			echo "$$python" >$@; exit; \
		fi; \
		case $$said in "tongbao needs "*) lack=$${lack:-$$said};; esac; \
	done; \
	none="tongbao needs $(if $(PYTHON),PYTHON to be )CPython 3.11, 3.12 or 3.13:"; \
	none="$$none install one (Debian, Ubuntu: apt-get install python3-dev python3-venv)."; \
	echo "$${lack:-$$none}" >&2; exit 1

.venv/build: requirements/build.txt .venv/made
	@$(HASHED) -r $< >&2
	@touch $@

# CPython 3.13 has dropped a name that durable-rules 2.0.28 calls. Its build ignores CFLAGS, and a
# cached wheel may have been built without these.
.venv/run: requirements/run.txt .venv/build
	@CPPFLAGS="$$CPPFLAGS -O2 -DPyEval_CallObject=PyObject_CallObject" \
		$(HASHED) --no-cache-dir -r $< >&2
	@touch $@

.venv/tongbao: pyproject.toml .venv/run
	@$(PIP) --no-deps --no-build-isolation --no-index --editable . >&2
	@touch $@

# Where it cannot be compiled, that is said and batches run slower.
.venv/scanner: $(wildcard engine/batch/native/*) engine/batch/build.py .venv/tongbao
	@$(PY) -m engine.batch.build >&2
	@touch $@

# What is kept is named after all that it was made from: without it, starts are slower.
.venv/snapshot: $(wildcard rulesets/*.yaml rulesets/*/*.yaml engine/*.py) .venv/tongbao
	@$(PY) -m engine.take_snapshot >&2
	@touch $@

.venv/dev: requirements/dev.txt .venv/tongbao .venv/scanner .venv/snapshot
	@$(HASHED) -r $< >&2
	@touch $@

run: .venv/tongbao .venv/scanner .venv/snapshot ## start tongbao; ARGS="check cases.jsonl" runs a batch
	@.venv/bin/tongbao $(ARGS)

test: .venv/dev ## run the tests; ARGS goes to pytest, WORKERS=2 uses two processes
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

rules-mutants: .venv/dev ## judge every mutant of the rules, of which the tests take a sample
	@MUTANTS_EVERY=1 $(PY) -m pytest tests/shipped/test_mutation_score.py $(ARGS)

check: .venv/dev ## read the code without running it
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/deptry .
	.venv/bin/vulture

oracle: .venv/dev ## put every class of every decision to another engine, and through open formats
	@$(PY) -m tests.oracle.every_class $(ARGS)

coverage: .venv/dev ## run the tests and show the lines none of them reached
	@$(PY) -m coverage run -m pytest $(ARGS)
	@$(PY) -m coverage report

completions: .venv/dev ## write what completes the commands in bash, zsh and fish
	@$(PY) -m tui.completions completions

picture: .venv/dev ## draw docs/terminal.svg and docs/binding.svg again
	@$(PY) -m tests.support.picture docs/terminal.svg
	@$(PY) -m tui --lang zh rules graph hospital_binding --region 440300 --as-of 2026-03-01 \
		--format svg -o docs/binding.svg

shots: .venv/dev ## draw every screen in both languages as SVG; ARGS names the folder
	@$(PY) -m tests.support.shots $(or $(ARGS),shots)

bench: .venv/dev ## measure, and print the tables of README
	@$(PY) -m tests.benchmarks.starting
	@$(PY) -m tests.benchmarks.reasoning
	@$(PY) -m tests.benchmarks.browsing
	@$(PY) -m tests.benchmarks.turning
	@$(PY) -m tests.benchmarks.workbench

.venv/bench: requirements/bench.txt .venv/dev
	@$(HASHED) -r $< >&2
	@touch $@

bench-batch: .venv/bench ## measure the batch check beside its peers; ARGS="--cases 100000"
	@$(PY) -m tests.benchmarks.batch.run $(ARGS)

.venv/fuzz: requirements/fuzz.txt .venv/dev
	@$(HASHED) -r $< >&2
	@touch $@

# Above what fits into `make test`: inputs of gigabytes, and mutation led by coverage.
SECONDS ?= 600
fuzz: .venv/fuzz ## fuzz both readers, and three evaluators with each other; SECONDS=60 for each reader
	@HOSTILE_BIG=1 $(PY) -m pytest tests/security --timeout 1800 $(ARGS)
	@$(PY) -m tests.fuzz.run reader $(SECONDS)
	@$(PY) -m tests.fuzz.run loader $(SECONDS)
	@$(PY) -m tests.fuzz.evaluators

.venv/mutants: requirements/mutants.txt .venv/dev
	@$(HASHED) -r $< >&2
	@touch $@

mutants: .venv/mutants ## change the engine in small ways and see the tests fail; ARGS names modules
	@$(PY) -m tests.mutants $(ARGS)

.venv/spark: requirements/spark.txt .venv/dev
	@$(HASHED) -r $< >&2
	@touch $@

java:
	@lack="tongbao needs Java 17 or later to run Spark:"; \
	lack="$$lack install it (Debian, Ubuntu: apt-get install openjdk-17-jre-headless)."; \
	"$${JAVA_HOME:+$$JAVA_HOME/bin/}java" -version >/dev/null 2>&1 || { echo "$$lack" >&2; exit 1; }

test-spark: java .venv/spark ## test the check on Apache Spark, on this machine; needs Java
	@$(PY) -m pytest tests/spark --timeout 600 $(ARGS)

.venv/web: requirements/web.txt .venv/run
	@$(HASHED) -r $< >&2
	@touch $@

web: .venv/tongbao .venv/scanner .venv/snapshot .venv/web ## start tongbao for browsers; ARGS="--port 8080"
	@.venv/bin/tongbao web $(ARGS)

chromium:
	@lack="tongbao needs Chromium to test what browsers show:"; \
	lack="$$lack install it (Debian, Ubuntu: apt-get install chromium)."; \
	"$${CHROMIUM:-chromium}" --version >/dev/null 2>&1 || { echo "$$lack" >&2; exit 1; }

test-web: chromium .venv/web .venv/dev ## test the version for browsers; needs Chromium
	@$(PY) -m pytest tests/web $(ARGS)

bench-spark: java .venv/spark ## measure the check on Apache Spark; ARGS="--cases 100000"
	@$(PY) -m tests.benchmarks.spark $(ARGS)

licences: .venv/web ## write requirements/licences.md from what the packages state
	@$(PY) requirements/licences.py >requirements/licences.new
	@mv requirements/licences.new requirements/licences.md

.venv/audit: requirements/audit.txt .venv/build
	@$(HASHED) -r $< >&2
	@touch $@

# A release that the database does not know is a failure too: it was not looked at.
audit: .venv/audit ## ask PyPI for advisories on every release that is locked; needs the network
	@failed=; for lock in requirements/*.txt; do \
		echo "$$lock" >&2; \
		$(PY) -m pip_audit --strict --disable-pip --require-hashes --progress-spinner off \
			-r $$lock >&2 || failed="$$failed $$lock"; \
	done; test -z "$$failed" || { echo "tongbao: not known to be clean:$$failed. The lines above say" \
		"why: an advisory, or PyPI could not be asked, and then nothing is known." >&2; exit 1; }

lock: .venv/made ## resolve the locks again; UPGRADE=--upgrade takes what is new
	@$(PY) -m venv --clear .venv-lock
	@.venv-lock/bin/python -m pip --disable-pip-version-check -qq install uv
	@cd requirements && compile() { \
		../.venv-lock/bin/uv pip compile --quiet --no-python-downloads --universal \
			--fork-strategy fewest --python-version 3.11 --generate-hashes --no-header \
			$(UPGRADE) -o "$$@" >/dev/null; \
	} && compile build.txt build.in && compile run.txt ../pyproject.toml && \
	compile dev.txt ../pyproject.toml --group ../pyproject.toml:dev -c run.txt -c build.txt && \
	compile bench.txt --group ../pyproject.toml:bench -c run.txt -c dev.txt -c build.txt && \
	compile fuzz.txt --group ../pyproject.toml:fuzz -c run.txt -c dev.txt -c build.txt && \
	compile mutants.txt --group ../pyproject.toml:mutants -c run.txt -c dev.txt -c build.txt && \
	compile spark.txt ../pyproject.toml --extra spark -c run.txt -c dev.txt -c build.txt && \
	compile web.txt ../pyproject.toml --extra web -c run.txt -c dev.txt -c build.txt && \
	compile audit.txt --group ../pyproject.toml:audit -c run.txt -c dev.txt -c build.txt

clean: ## remove what set-up and the tools made
	rm -rf .venv .venv-lock .coverage .fuzz .hypothesis .import_linter_cache .mypy_cache .ruff_cache dist
