# make run     installs the packages, builds and serves on port 8080; TLS=0 leaves TLS and its library out
# make test    installs the packages, builds and runs all tests; FILTER=LibraryMaskTests runs one suite
# make lint    checks the style, make format applies it
# make checks  runs the checks that .ci/run leaves out; checks/README.md describes each
PORT ?= 8080
SWIFT ?= swift
TRAITS = $(if $(filter 0,$(TLS)),--disable-default-traits)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
PACKAGES := libssl-dev zlib1g-dev pkg-config curl
SOURCES := Package.swift Sources Plugins Tests checks Benchmarks
RELEASE = $$($(SWIFT) build -c release --show-bin-path)
DEBUG = $$($(SWIFT) build --show-bin-path)
# The Python of the checks, in a virtual environment.
VENV := .build/checks-venv
PYTHON := $(VENV)/bin/python
SCRIPTS = checks clients scripts Benchmarks $(shell grep -rlIE '^\#!/usr/bin/env python3' checks scripts Benchmarks)
# The pages whose examples are run.
PAGES ?= README.md $(wildcard docs/*.md)
# The duration of `make soak` in seconds.
SECONDS ?= 120
# The checks of `make checks`, which .ci/run leaves out. They take 15 minutes, and the builds.
CHECKS := faults hold soak replicas nginx-cache fuzz inference clients perf-analyzer arrays schemathesis manifests cluster sbom without-tls

.PHONY: run build test lint format setup checks bench bench-peers arrays clients cluster compatibility conformance counts dist \
    examples faults fuzz generated-client hold inference libraries links manifests metrics mutations nginx-cache \
    perf-analyzer phrases prices python-client regions replicas same-answers sbom schemathesis soak without-tls

run: setup
	$(SWIFT) build -c release $(TRAITS) --product dropoutd
	exec "$(RELEASE)/dropoutd" serve --port $(PORT)

build: setup
	$(SWIFT) build -c release $(TRAITS) --product dropoutd

# All tests, or those that match FILTER: a bundle, a suite or a test.
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

# MARK: Checks that .ci/run has

# Rewrites the parts of openapi.yaml and docs/generators.md that repeat GET /generators.
regions: setup
	$(SWIFT) build --product dropoutd
	scripts/regions "$(DEBUG)/dropoutd"

# Runs the examples of the pages.
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

# Sends a thousand cases of HTTP and JSON through plain sockets.
conformance: setup
	$(SWIFT) build --product dropoutd
	python3 checks/conformance "$(DEBUG)/dropoutd"

# Compares openapi.yaml with the contract of each release.
compatibility: $(VENV)/made
	$(PYTHON) checks/compatibility --self-test
	$(PYTHON) checks/compatibility

# Shows the page at / to a headless Chromium, and does there what people do.
.PHONY: page page-style
page: build page-style
	.build/page-venv/bin/python checks/page "$(RELEASE)/dropoutd" .build/page-venv/axe.min.js

# Checks the style of the page's files, and installs what shows the page.
page-style: PACKAGES += chromium chromium-driver fonts-wqy-microhei python3-venv
page-style: setup .build/page-venv/made-axe
	.build/page-venv/bin/biome check --error-on-warnings --config-path=checks/page/style.json Sources/DropoutService/Pages/live checks/page

# Reads the page of metrics as Prometheus reads it.
metrics: $(VENV)/made setup
	$(SWIFT) build --product dropoutd
	$(PYTHON) checks/metrics-lint "$(DEBUG)/dropoutd"

# Tests the Python client against a server: its types, its methods and the examples of its README.
python-client: setup .build/client-venv/made-client
	$(SWIFT) build --product dropoutd
	.build/client-venv/bin/mypy --config-file clients/python/pyproject.toml --cache-dir .build/mypy-cache \
	    clients/python/src clients/python/tests
	DROPOUTD="$(DEBUG)/dropoutd" .build/client-venv/bin/pytest -c clients/python/pyproject.toml -p no:cacheprovider clients/python/tests

# Counts the instructions of the kernels for each element, and compares them with their limits.
counts: PACKAGES += valgrind
counts: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product kernel-benchmarks
	checks/instruction-counts "$(RELEASE)/kernel-benchmarks"

# Generates a Python client from openapi.yaml, and asks with it.
generated-client: setup .build/generated-venv/made
	$(SWIFT) build --product dropoutd
	.build/generated-venv/bin/python checks/clients "$(DEBUG)/dropoutd"

# MARK: Checks that .ci/run leaves out or cuts short

# Runs all of them, one after the other. Names at the end those that failed.
checks:
	@failed=""; for check in $(CHECKS); do \
	    echo "== $$check"; $(MAKE) --no-print-directory $$check || failed="$$failed $$check"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed"; exit 1; fi; echo "all passed: $(CHECKS)"

# Tries broken connections, no descriptors, little memory and a killed process.
faults: build
	checks/faults "$(RELEASE)/dropoutd"

# Sends requests that could stop, block or starve the server.
hold: build
	checks/hold "$(RELEASE)/dropoutd"

# Runs a mixed full load, under which the memory must not grow.
soak: build
	checks/soak "$(RELEASE)/dropoutd" $(SECONDS)

# Runs three replicas behind HAProxy. Kills one and drains one under load.
replicas: PACKAGES += haproxy
replicas: build
	checks/replicas/run "$(RELEASE)/dropoutd"

# Asks through the cache of nginx.
nginx-cache: setup .build/nginx/usr/sbin/nginx
	$(SWIFT) build --product dropoutd
	checks/nginx-cache "$(DEBUG)/dropoutd" .build/nginx/usr/sbin/nginx

# Runs libFuzzer for two minutes, or for FUZZ_SECONDS.
fuzz: PACKAGES += lld
fuzz: setup
	checks/fuzz/run

# Asks a server with the real clients of Triton and KServe, and runs ONNX's own tests of Dropout.
inference: build .build/inference-venv/made
	.build/inference-venv/bin/python checks/inference "$(RELEASE)/dropoutd"

# Triton's perf_analyzer, in a Debian 13, whose C library it needs. As root.
perf-analyzer: build .build/trixie/perf/perf_analyzer/bin/perf_analyzer
	checks/perf-analyzer "$(RELEASE)/dropoutd" .build/trixie

# Sends files of the real NumPy and the real safetensors, and forms of curl.
arrays: build .build/arrays-venv/made
	.build/arrays-venv/bin/python checks/arrays "$(RELEASE)/dropoutd"

.PHONY: mistakes
CHECKS += mistakes
# Plants the mistakes of porters with NumPy, and asks /verify for their names. MISTAKES has the flags of checks/mistakes.
mistakes: build .build/mistakes-venv/made
	.build/mistakes-venv/bin/python checks/mistakes "$(RELEASE)/dropoutd" $(MISTAKES)

.build/mistakes-venv/made: checks/mistakes/requirements.txt
	$(call environment,.build/mistakes-venv,$<)

# Generates clients in Python, TypeScript, Go and Java from openapi.yaml, compiles them, and asks with each.
clients: PACKAGES += nodejs node-typescript golang-go default-jdk-headless
clients: setup .build/generated-venv/made-all
	$(SWIFT) build --product dropoutd
	.build/generated-venv/bin/python checks/clients "$(DEBUG)/dropoutd" --all

# Compares a server with openapi.yaml by all checks of Schemathesis.
schemathesis: PACKAGES += python3-venv
schemathesis: setup
	$(SWIFT) build --product dropoutd
	checks/schemathesis "$(DEBUG)/dropoutd"

# Compares the manifests with their schemas and with the program, without a cluster.
manifests: PACKAGES += python3-venv
manifests: build
	checks/manifests "$(RELEASE)/dropoutd"

# Compares alert rules, dashboard and resources of operators with their models and with the program, without a cluster.
cluster: PACKAGES += python3-venv
cluster: setup .build/cluster-venv/made-kserve .build/prometheus/usr/bin/promtool
	$(SWIFT) build --product dropoutd
	.build/cluster-venv/bin/python checks/cluster "$(DEBUG)/dropoutd" .build/prometheus/usr/bin/promtool

.PHONY: container
CHECKS += container
# Looks at the Dockerfile and the compose file, and runs what Prometheus would do first, without a container.
container: .build/container-venv/made .build/prometheus/usr/bin/promtool
	.build/container-venv/bin/python checks/container .build/prometheus/usr/bin/promtool

.build/container-venv/made: checks/container-requirements.txt
	$(call environment,.build/container-venv,$<)

.PHONY: notebook
CHECKS += notebook
# Runs the notebook of the Python client.
notebook: setup .build/notebook-venv/made-client
	$(SWIFT) build --product dropoutd
	.build/notebook-venv/bin/python checks/notebook "$(DEBUG)/dropoutd"

.build/notebook-venv/made: clients/python/notebooks/requirements.txt
	$(call environment,.build/notebook-venv,$<)

.build/notebook-venv/made-client: .build/notebook-venv/made clients/python/pyproject.toml
	.build/notebook-venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable clients/python
	touch $@

.PHONY: scale capacity
CHECKS += scale
# Draws one mask with Dask, Ray and Spark, and tries the simulation and the measurements of docs/scale.md. Ray and Spark take 1 GB.
scale: PACKAGES += default-jre-headless haproxy wrk
scale: build .build/scale-venv/made-client
	.build/scale-venv/bin/python checks/scale "$(RELEASE)/dropoutd"

# Measures what a core does of each kind of request, behind HAProxy, and simulates many replicas. On a machine that does nothing else.
capacity: PACKAGES += haproxy wrk
capacity: build .build/scale-venv/made-client
	.build/scale-venv/bin/python checks/scale/capacity "$(RELEASE)/dropoutd" --json .build/prices.json
	.build/scale-venv/bin/python checks/scale/simulation --prices .build/prices.json

.build/scale-venv/made: checks/scale/requirements.txt
	$(call environment,.build/scale-venv,$<)

.build/scale-venv/made-client: .build/scale-venv/made clients/python/pyproject.toml
	.build/scale-venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable clients/python
	touch $@

# Debian's prometheus, unpacked and not installed, so that the system starts no server.
.build/prometheus/usr/bin/promtool:
	rm -rf .build/prometheus
	mkdir -p .build/prometheus
	cd .build/prometheus && apt-get download -o APT::Sandbox::User=root prometheus && dpkg-deb -x prometheus_*.deb .

# Checks the bill of materials, and writes it to the place from which a release takes it.
sbom: PACKAGES += python3-venv
sbom: setup
	checks/sbom
	scripts/sbom > .build/dropout-service.cdx.json

# Builds the program without TLS, and asks it.
without-tls: setup
	checks/without-tls

# Compares the prices of random questions with the time and the memory that they take.
prices: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product prices
	"$(RELEASE)/prices"

# Compares masks with those of the real libraries. Installs the libraries first, which take 6 GB and need Python 3.11.
libraries: build .build/libraries-venv/made .build/mindspore-venv/made
	failed=0; \
	for script in forms.py compare.py; do \
	    .build/libraries-venv/bin/python checks/libraries/$$script "$(RELEASE)/dropoutd" \
	        --python .build/libraries-venv/bin/python --python .build/mindspore-venv/bin/python || failed=1; \
	done; \
	.build/libraries-venv/bin/python checks/libraries/layers.py "$(RELEASE)/dropoutd" || failed=1; \
	.build/libraries-venv/bin/python checks/libraries/examples.py docs/generators.md \
	    --python .build/libraries-venv/bin/python --python .build/mindspore-venv/bin/python || failed=1; \
	exit $$failed

# Compares the answers with those of another build, OLD=path, byte for byte.
same-answers: build
	$(if $(OLD),,$(error OLD is the path of the dropoutd to compare with))
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product prices
	checks/compare-answers "$(OLD)" "$(RELEASE)/dropoutd" "$(RELEASE)/prices"

# Tries small changes of the sources, a hundred by default, and lists those that no test notices. MUTATIONS has the flags of
# checks/mutations.
mutations: setup
	python3 checks/mutations $(MUTATIONS)

# MARK: Releases

# Makes the archive, the Debian package and the wheel in `dist`. In the archive and the wheel libcrypto and zlib are linked in.
DIST := -c release --product dropoutd --static-swift-stdlib --disable-local-rpath -Xlinker --icf=safe
dist: PACKAGES += binutils dpkg-dev
dist: setup .build/client-venv/made .build/static-libraries/made
	mkdir -p .build/dist
	$(SWIFT) build $(DIST)
	install "$(RELEASE)/dropoutd" .build/dist/dropoutd
	PKG_CONFIG_PATH="$(CURDIR)/.build/static-libraries" $(SWIFT) build $(DIST)
	install "$(RELEASE)/dropoutd" .build/dist/dropoutd-whole
	.build/client-venv/bin/python scripts/dist .build/dist/dropoutd .build/dist/dropoutd-whole dist

# Debian's libcrypto and zlib as pkg-config describes them, in a folder that has them as archives alone, so that they are linked in.
.build/static-libraries/made:
	mkdir -p $(@D)
	for library in libcrypto:crypto zlib:z; do \
	    name=$${library%%:*} file=$${library##*:}; \
	    ln -sf "$$(pkg-config --variable=libdir $$name)/lib$$file.a" $(@D); \
	    printf 'Name: %s\nDescription: linked in\nVersion: %s\nLibs: -L%s -l%s\nCflags: %s\n' $$name \
	        "$$(pkg-config --modversion $$name)" "$(CURDIR)/$(@D)" $$file "$$(pkg-config --cflags $$name)" > $(@D)/$$name.pc; \
	done
	touch $@

.PHONY: packages
# Tries the archive, the Debian package and the wheel: in a new virtual environment and in a new Debian.
packages: PACKAGES += binutils debootstrap fish mandoc procps strace systemd zsh
packages: dist .build/packages-venv/made
	$(SUDO) .build/packages-venv/bin/python checks/packages dist .build/packages

.build/packages-venv/made: checks/packages-requirements.txt
	$(call environment,.build/packages-venv,$<)

# MARK: Benchmarks

# Measures the kernels on one core.
bench: setup
	DROPOUT_BENCHMARKS=1 $(SWIFT) build -c release --product kernel-benchmarks
	"$(RELEASE)/kernel-benchmarks"

# Compares the server with FastAPI and nginx; see Benchmarks/README.md.
bench-peers: PACKAGES += wrk nginx python3-venv
bench-peers: build
	Benchmarks/peers/compare "$(RELEASE)/dropoutd" --rounds 3

# Compares the Python client with a plain call.
.PHONY: bench-client
bench-client: build .build/client-venv/made-client
	.build/client-venv/bin/python Benchmarks/client-round-trip "$(RELEASE)/dropoutd"

# MARK: Packages and environments

# Installs the Debian packages that are missing.
setup:
	@missing=""; for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q "install ok installed" || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update && $(SUDO) apt-get install -y --no-install-recommends $$missing; fi

# The virtual environments. Each is made again if its list of packages has changed.
$(VENV)/made: checks/requirements.txt
	$(call environment,$(VENV),$<)

.build/cluster-venv/made: checks/cluster/requirements.txt
	$(call environment,.build/cluster-venv,$<)

# KServe's SDK without the packages of its server, which are large and not needed.
.build/cluster-venv/made-kserve: .build/cluster-venv/made
	.build/cluster-venv/bin/pip install --quiet --disable-pip-version-check --no-deps kserve==0.21.0
	touch $@

.build/client-venv/made: clients/python/requirements.txt
	$(call environment,.build/client-venv,$<)

.build/client-venv/made-client: .build/client-venv/made clients/python/pyproject.toml
	.build/client-venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable clients/python
	touch $@

.build/generated-venv/made: checks/clients/requirements.txt
	$(call environment,.build/generated-venv,$<)

.build/generated-venv/made-all: .build/generated-venv/made checks/clients/requirements-all.txt
	.build/generated-venv/bin/pip install --quiet --disable-pip-version-check --requirement checks/clients/requirements-all.txt
	touch $@

.build/inference-venv/made: checks/inference/requirements.txt
	$(call environment,.build/inference-venv,$<)

.build/arrays-venv/made: checks/arrays/requirements.txt
	$(call environment,.build/arrays-venv,$<)

# axe-core's script, out of a package whose own dependencies are another driver of browsers, and large.
.build/page-venv/made-axe: .build/page-venv/made
	.build/page-venv/bin/pip install --quiet --disable-pip-version-check --no-deps axe-playwright-python==0.1.8
	cp .build/page-venv/lib/python3*/site-packages/axe_playwright_python/axe.min.js .build/page-venv/axe.min.js
	touch $@

.build/page-venv/made: checks/page/requirements.txt
	$(call environment,.build/page-venv,$<)

.build/libraries-venv/made: checks/libraries/requirements.txt
	$(call environment,.build/libraries-venv,$<,--extra-index-url https://download.pytorch.org/whl/cpu)

.build/mindspore-venv/made: checks/libraries/requirements-mindspore.txt
	$(call environment,.build/mindspore-venv,$<)

# Debian's nginx, unpacked and not installed, so that the system starts no server.
.build/nginx/usr/sbin/nginx:
	rm -rf .build/nginx
	mkdir -p .build/nginx
	cd .build/nginx && apt-get download -o APT::Sandbox::User=root nginx && dpkg-deb -x nginx_*.deb .

.build/trixie/perf/perf_analyzer/bin/perf_analyzer:
	$(MAKE) --no-print-directory setup PACKAGES="debootstrap python3-venv"
	rm -rf .build/trixie .build/perf-analyzer
	debootstrap --variant=minbase --include=ca-certificates trixie .build/trixie
	python3 -m venv .build/perf-analyzer
	.build/perf-analyzer/bin/pip download --quiet --no-deps --only-binary=:all: --platform manylinux_2_38_x86_64 \
	    --python-version 3.13 --dest .build/perf-analyzer perf-analyzer==2.60.0
	python3 -m zipfile -e .build/perf-analyzer/*.whl .build/trixie/perf
	chmod +x $@

define environment
	$(MAKE) --no-print-directory setup PACKAGES=python3-venv
	python3 -m venv --clear $(1)
	$(1)/bin/pip install --quiet --disable-pip-version-check $(3) --requirement $(2)
	touch $@
endef
