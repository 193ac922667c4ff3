# The commands that do not change. Each one makes the environment that it needs.
python := .venv/bin/python

.PHONY: help run test check lint fix faults guards deployment product bench bench-full pictures messages lock licences sbom environment

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## the portal with an example year, on PORT (8000), until Ctrl-C
	@scripts/bootstrap requirements.txt
	@$(python) -m scripts.start

test: environment ## every test, on SQLite and on a PostgreSQL of its own
	@scripts/test

# Side by side: tests that wait for a browser or a lock leave the processor to the others.
check: environment ## what must pass before a change may land
	@$(MAKE) --no-print-directory --jobs 2 lint test

# With an environment of its own, so that nobody's .env decides what passes.
lint: export DEBUG := on
lint: export DATABASE_URL := sqlite://:memory:
lint: environment ## style, types, imports, migrations, templates, spelling
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports
	$(python) manage.py makemigrations --check --dry-run
	$(python) manage.py check --fail-level WARNING
	$(python) -m djlint --lint --quiet templates
	$(python) -m scripts.check_templates
	$(python) -m scripts.swedish

fix: environment ## put the code in order
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

faults: environment ## attacks and faults too long for check, a deployment, every guard taken away in turn
	@scripts/test --faults
	@$(MAKE) --no-print-directory --jobs 2 guards deployment

# Side by side, since neither asks how long anything takes.
guards: environment
	@scripts/mutate

deployment: environment
	@TRY_IT_VENV=$(CURDIR)/.venv deploy/try_it

product: environment ## every page in every language, width and theme, on every day; half an hour
	@scripts/test --product

bench: environment ## the benchmarks, as ratios: ten minutes, into docs/prestanda.md
	@scripts/bench

bench-full: environment
	@scripts/bench --full

pictures: environment ## the pictures in docs/bilder, of the portal as it is now
	@$(python) -m scripts.pictures

messages: environment ## the texts of the public pages into locale/, and what is translated compiled
	@DEBUG=on $(python) -m scripts.messages

lock: environment ## pin the newest versions that pyproject.toml allows
	$(call compile,requirements.txt)
	$(call compile,requirements-dev.txt,--group dev --constraint requirements.txt)

compile = $(python) -m uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	--extra pdf --no-header --no-emit-index-url --no-emit-find-links $(2) pyproject.toml --output-file $(1)

licences: environment ## the licences of all libraries; fails on one that does not go with ours
	@$(python) -m scripts.supply

sbom: environment ## a bill of materials of what runs, as CycloneDX
	@$(python) -m scripts.supply sbom

environment:
	@scripts/bootstrap requirements-dev.txt
