# make run     sets the machine up, builds and serves on port 8080
# make test    sets the machine up, builds and runs all tests; FILTER=LibraryMaskTests runs one suite
# make lint    checks the style, make format applies it
# make checks  runs the checks that .ci/run leaves out; checks/README.md says what each asks
PORT ?= 8080
SWIFT ?= swift
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
PACKAGES := libssl-dev zlib1g-dev pkg-config curl
SOURCES := Package.swift Sources Tests checks Benchmarks
RELEASE = $$($(SWIFT) build -c release --show-bin-path)
DEBUG = $$($(SWIFT) build --show-bin-path)
# The Python of the checks, in a virtual environment of its own.
VENV := .build/checks-venv
PYTHON := $(VENV)/bin/python
SCRIPTS = checks scripts Benchmarks $(shell grep -rlIE '^\#!/usr/bin/env python3' checks scripts Benchmarks)
# The pages whose examples are run.
PAGES ?= README.md $(wildcard docs/*.md)
# How long `make soak` takes.
SECONDS ?= 120
# What .ci/run leaves out and `make checks` runs: 12 minutes and the builds.
CHECKS := faults hold soak replicas fuzz schemathesis manifests sbom

.PHONY: run build test lint format setup checks bench bench-peers compatibility conformance counts examples faults fuzz hold \
    libraries links manifests metrics mutations phrases prices regions replicas same-answers sbom schemathesis soak

run: setup
	$(SWIFT) build -c release --product dropoutd
	exec "$(RELEASE)/dropoutd" serve --port $(PORT)

build: setup
	$(SWIFT) build -c release --product dropoutd

# All tests, or with FILTER those that it matches: a bundle, a suite or a test.
test: setup
	$(SWIFT) test $(if $(FILTER),--filter '$(FILTER)')

lint: $(VENV)/made
	$(SWIFT) format lint --strict --recursive --configuration .swift-format $(SOURCES)
	$(VENV)/bin/ruff format --quiet --check $(SCRIPTS)
	$(VENV)/bin/ruff check --quiet $(SCRIPTS)

format: $(VENV)/made
	$(SWIFT) format --in-place --recursive --configuration .swift-format $(SOURCES)
	$(VENV)/bin/ruff check --quiet --select I --fix $(SCRIPTS)
	$(VENV)/bin/ruff format --quiet $(SCRIPTS)

# MARK: Checks that .ci/run has, by themselves

# The parts of openapi.yaml and docs/generators.md that GET /generators decides: writes them anew.
regions: setup
	$(SWIFT) build --product dropoutd
	scripts/regions "$(DEBUG)/dropoutd"

# The examples of the pages.
examples: PACKAGES += openssl
examples: setup
	$(SWIFT) build --product dropoutd
	checks/readme-examples "$(DEBUG)/dropoutd" $(PAGES)

# The links and the names of files in the pages.
links:
	checks/links

# Turns of phrase that must not come back.
phrases:
	checks/phrases

# A thousand cases of HTTP and JSON on plain sockets.
conformance: setup
	$(SWIFT) build --product dropoutd
	python3 checks/conformance "$(DEBUG)/dropoutd"

# openapi.yaml beside what each release promised.
compatibility: $(VENV)/made
	$(PYTHON) checks/compatibility --self-test
	$(PYTHON) checks/compatibility

# The page of figures, as Prometheus reads it.
metrics: $(VENV)/made setup
	$(SWIFT) build --product dropoutd
	$(PYTHON) checks/metrics-lint "$(DEBUG)/dropoutd"

# The kernels' instructions for each element, within their bounds.
counts: PACKAGES += valgrind
counts: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product kernel-benchmarks
	checks/instruction-counts "$(RELEASE)/kernel-benchmarks"

# MARK: Checks that .ci/run leaves out or cuts short

# All of them, one after the other. Says at the end which failed.
checks:
	@failed=""; for check in $(CHECKS); do \
	    echo "== $$check"; $(MAKE) --no-print-directory $$check || failed="$$failed $$check"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed"; exit 1; fi; echo "all passed: $(CHECKS)"

# Broken connections, no descriptors, little memory, a killed process.
faults: build
	checks/faults "$(RELEASE)/dropoutd"

# What would stop, hold or starve the server.
hold: build
	checks/hold "$(RELEASE)/dropoutd"

# Mixed full load, under which the memory must stay flat.
soak: build
	checks/soak "$(RELEASE)/dropoutd" $(SECONDS)

# Three replicas behind HAProxy, one killed and one drained under load.
replicas: PACKAGES += haproxy
replicas: build
	checks/replicas/run "$(RELEASE)/dropoutd"

# Two minutes of libFuzzer; FUZZ_SECONDS says otherwise.
fuzz: PACKAGES += lld
fuzz: setup
	checks/fuzz/run

# What openapi.yaml says, against a server: every check of Schemathesis.
schemathesis: PACKAGES += python3-venv
schemathesis: setup
	$(SWIFT) build --product dropoutd
	checks/schemathesis "$(DEBUG)/dropoutd"

# The manifests, against schemas and without a cluster; with the program, what it thinks of them.
manifests: PACKAGES += python3-venv
manifests: build
	checks/manifests "$(RELEASE)/dropoutd"

# The bill of materials, checked, where a release picks it up.
sbom: PACKAGES += python3-venv
sbom: setup
	checks/sbom
	scripts/sbom > .build/dropout-service.cdx.json

# Prices of random questions against the time and the memory that they take.
prices: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product prices
	"$(RELEASE)/prices"

# The masks of the real libraries, which are installed first: 6 GB. They need Python 3.11.
libraries: build .build/libraries-venv/made .build/mindspore-venv/made
	failed=0; \
	for script in forms.py compare.py; do \
	    .build/libraries-venv/bin/python checks/libraries/$$script "$(RELEASE)/dropoutd" \
	        --python .build/libraries-venv/bin/python --python .build/mindspore-venv/bin/python || failed=1; \
	done; \
	.build/libraries-venv/bin/python checks/libraries/examples.py docs/generators.md \
	    --python .build/libraries-venv/bin/python --python .build/mindspore-venv/bin/python || failed=1; \
	exit $$failed

# The answers of another build, OLD=path, byte for byte.
same-answers: build
	$(if $(OLD),,$(error OLD is the path of the dropoutd to compare with))
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product prices
	checks/compare-answers "$(OLD)" "$(RELEASE)/dropoutd" "$(RELEASE)/prices"

# Small changes of the sources that no test notices: a hundred by default. MUTATIONS has the flags of checks/mutations.
mutations: setup
	python3 checks/mutations $(MUTATIONS)

# MARK: Benchmarks

# The kernels by themselves, on one core.
bench: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product kernel-benchmarks
	"$(RELEASE)/kernel-benchmarks"

# The server beside FastAPI and nginx, see Benchmarks/README.md.
bench-peers: PACKAGES += wrk nginx python3-venv
bench-peers: build
	Benchmarks/peers/compare "$(RELEASE)/dropoutd" --rounds 3

# MARK: What the targets above need

# Installs the Debian packages that are missing, and only those.
setup:
	@missing=""; for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q "install ok installed" || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update && $(SUDO) apt-get install -y --no-install-recommends $$missing; fi

# Virtual environments. Each is made anew if its list of packages has changed.
$(VENV)/made: checks/requirements.txt
	$(call environment,$(VENV),$<)

.build/libraries-venv/made: checks/libraries/requirements.txt
	$(call environment,.build/libraries-venv,$<,--extra-index-url https://download.pytorch.org/whl/cpu)

.build/mindspore-venv/made: checks/libraries/requirements-mindspore.txt
	$(call environment,.build/mindspore-venv,$<)

define environment
	$(MAKE) --no-print-directory setup PACKAGES=python3-venv
	python3 -m venv --clear $(1)
	$(1)/bin/pip install --quiet --disable-pip-version-check $(3) --requirement $(2)
	touch $@
endef
