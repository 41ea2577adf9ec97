# The desk's commands. Everything is installed where it is needed: system packages by apt when one is missing, the rest
# in .venv. Nothing global is touched.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
TOO_OLD := "Hace falta Python 3.11 o posterior, como el de Debian 12 y el de Ubuntu 24.04. Si tiene otro: make PYTHON=python3.12 run"
READY_TO_RUN := .venv/ready-to-run
READY_TO_TEST := .venv/ready-to-test

.PHONY: help run test lint simulate bench crash-sweep samples conformance pictures locale

help: ## esta ayuda
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  \033[1;36mmake %-12s\033[0m %s\n", $$1, $$2 }' Makefile

run: $(READY_TO_RUN) ## demostración: ensaya el episodio 3 en cuatro mercados, sin sonar en voz alta
	@$(BIN)/python -m broadcaster --station . demo

test: lint ## todo lo que la integración continua revisa: estilo, tipos, flechas entre cuartos y pruebas
	@$(BIN)/python -m pytest --numprocesses 4 --dist loadgroup

lint: $(READY_TO_TEST) ## estilo, tipos y flechas entre cuartos
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff .; exit 1; }
	@$(BIN)/mypy
	@for each in tests/*/conftest.py; do $(BIN)/mypy --no-error-summary "$$each"; done # of one name: one at a time
	@$(BIN)/lint-imports

SEED ?= 1
SEASONS ?= 1000
simulate: $(READY_TO_TEST) ## temporadas simuladas con fallas al azar: make simulate SEED=1 SEASONS=10000
	@$(BIN)/python tests/simulation/long_run.py --seed $(SEED) --seasons $(SEASONS)

bench: $(READY_TO_TEST) ## mediciones que necesitan una máquina tranquila (no son pruebas)
	@./install-system-packages bench
	@$(PIP) install --editable '.[bench]'
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python "$$bench"; done

crash-sweep: $(READY_TO_TEST) ## corta el programa, y la corriente, en cada escritura a disco: nada anotado se pierde
	@$(BIN)/python tests/crash/crash_sweep.py

samples: $(READY_TO_TEST) ## vuelve a producir los episodios de muestra desde sus guiones
	@$(BIN)/python -m broadcaster.production.samples
	@$(BIN)/python -m broadcaster.production.soundcheck broadcaster/playout/soundcheck.flac

conformance: $(READY_TO_TEST) ## mide otra vez el medidor y escribe las tablas de docs/loudness-conformance.md
	@cd tests/sound && ../../$(BIN)/python conformance_table.py

pictures: $(READY_TO_RUN) ## vuelve a tomar las imágenes de las guías, de los comandos de verdad
	@$(BIN)/python docs/pictures/make.py

locale: $(READY_TO_TEST) ## pone al día el catálogo en español
	@$(BIN)/python -m broadcaster.locale.catalogue

# The environments: made anew when what they are made from changes. A stamp is touched last, so that a broken install is
# tried again.
$(READY_TO_RUN): pyproject.toml install-system-packages
	@./install-system-packages run
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo $(TOO_OLD) >&2; exit 69; }
	@test -x $(BIN)/python || { echo "Se crea el entorno virtual .venv."; $(PYTHON) -m venv .venv; }
	@echo "Se instalan en .venv las bibliotecas que pide pyproject.toml."
	@$(PIP) install --editable .
	@touch $@

$(READY_TO_TEST): $(READY_TO_RUN)
	@./install-system-packages test
	@echo "Se instalan en .venv las herramientas de prueba que pide pyproject.toml."
	@$(PIP) install --editable '.[dev]'
	@./install-system-packages browser
	@touch $@
