# make run   sets the machine up, builds and serves on port 8080
# make test  sets the machine up, builds and runs all tests; FILTER=LibraryMaskTests runs one suite
# make checks  runs the checks that .ci/run leaves out; checks/README.md says what each asks
PORT ?= 8080
SWIFT ?= swift
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
PACKAGES := libssl-dev zlib1g-dev pkg-config curl
SOURCES := Package.swift Sources Tests checks Benchmarks
# The Python of the checks, in a virtual environment of its own.
VENV := .build/checks-venv
PYTHON := $(VENV)/bin/python
SCRIPTS = checks scripts Benchmarks $(shell grep -rlIE '^\#!/usr/bin/env python3' checks scripts Benchmarks)
# What `make soak` takes.
SECONDS ?= 120

.PHONY: run build test bench prices counts manifests replicas fuzz sbom schemathesis bench-peers conformance faults soak hold same-answers regions lint format setup

run: setup
	$(SWIFT) build -c release --product dropoutd
	exec "$$($(SWIFT) build -c release --show-bin-path)/dropoutd" serve --port $(PORT)

build: setup
	$(SWIFT) build -c release --product dropoutd

# All tests, or with FILTER those that it matches: a bundle, a suite or a test.
test: setup
	$(SWIFT) test $(if $(FILTER),--filter '$(FILTER)')

# A thousand cases of HTTP and JSON on plain sockets.
conformance: build
	python3 checks/conformance "$$($(SWIFT) build -c release --show-bin-path)/dropoutd"

# Broken connections, no descriptors, little memory, a killed process.
faults: build
	checks/faults "$$($(SWIFT) build -c release --show-bin-path)/dropoutd"

# Mixed full load, under which the memory must stay flat.
soak: build
	checks/soak "$$($(SWIFT) build -c release --show-bin-path)/dropoutd" $(SECONDS)

# What would stop, hold or starve the server: five minutes.
hold: build
	checks/hold "$$($(SWIFT) build -c release --show-bin-path)/dropoutd"

# The answers of another build, OLD=path, byte for byte.
same-answers: build
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product prices
	checks/compare-answers "$(OLD)" "$$($(SWIFT) build -c release --show-bin-path)/dropoutd" \
	    "$$($(SWIFT) build -c release --show-bin-path)/prices"

# openapi.yaml beside what each release promised.
compatibility: $(VENV)/made
	$(PYTHON) checks/compatibility --self-test
	$(PYTHON) checks/compatibility

# The kernels by themselves, on one core.
bench: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product kernel-benchmarks
	"$$($(SWIFT) build -c release --show-bin-path)/kernel-benchmarks"

# Prices of random questions against the time and the memory that they take: five minutes.
prices: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product prices
	"$$($(SWIFT) build -c release --show-bin-path)/prices"

# The server beside FastAPI and nginx, see Benchmarks/README.md.
bench-peers: PACKAGES += wrk nginx python3-venv
bench-peers: build
	Benchmarks/peers/compare "$$($(SWIFT) build -c release --show-bin-path)/dropoutd" --rounds 3

# The kernels' instructions for each element, within their bounds.
counts: PACKAGES += valgrind
counts: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product kernel-benchmarks
	checks/instruction-counts "$$($(SWIFT) build -c release --show-bin-path)/kernel-benchmarks"

# Three replicas behind HAProxy, one killed and one drained under load.
replicas: PACKAGES += haproxy
replicas: build
	checks/replicas/run "$$($(SWIFT) build -c release --show-bin-path)/dropoutd"

# The manifests, against schemas and without a cluster; with the program, what it thinks of them.
manifests: build
	checks/manifests "$$($(SWIFT) build -c release --show-bin-path)/dropoutd"

# Two minutes of libFuzzer; FUZZ_SECONDS says otherwise.
fuzz: PACKAGES += lld
fuzz: setup
	checks/fuzz/run

# The bill of materials, checked, where a release picks it up.
sbom: setup
	checks/sbom
	scripts/sbom > .build/dropout-service.cdx.json

# What openapi.yaml says, against a server: every check of Schemathesis.
schemathesis: PACKAGES += python3-venv
schemathesis: setup
	$(SWIFT) build --product dropoutd
	checks/schemathesis "$$($(SWIFT) build --show-bin-path)/dropoutd"

# The parts of openapi.yaml and docs/generators.md that GET /generators decides.
regions: setup
	$(SWIFT) build --product dropoutd
	scripts/regions "$$($(SWIFT) build --show-bin-path)/dropoutd"

lint: $(VENV)/made
	$(SWIFT) format lint --strict --recursive --configuration .swift-format $(SOURCES)
	$(VENV)/bin/ruff format --quiet --check $(SCRIPTS)
	$(VENV)/bin/ruff check --quiet $(SCRIPTS)

format: $(VENV)/made
	$(SWIFT) format --in-place --recursive --configuration .swift-format $(SOURCES)
	$(VENV)/bin/ruff check --quiet --select I --fix $(SCRIPTS)
	$(VENV)/bin/ruff format --quiet $(SCRIPTS)

# Made anew if checks/requirements.txt has changed.
$(VENV)/made: checks/requirements.txt
	$(MAKE) setup PACKAGES=python3-venv
	python3 -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# Installs the Debian packages that are missing, and only those.
setup:
	@missing=""; for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q "install ok installed" || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update && $(SUDO) apt-get install -y --no-install-recommends $$missing; fi
