# syntax=docker/dockerfile:1
# docker build -t dropout-service .   docs/operations.md#the-image says how to pin the images and to build for arm64.
ARG SWIFT_VERSION=6.3
ARG DEBIAN_RELEASE=bookworm

# Build: the program without tests, with Swift's libraries linked in.
FROM swift:${SWIFT_VERSION}-${DEBIAN_RELEASE} AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# Without versions: Debian keeps the newest of a release alone. docs/operations.md says how to get the same bytes again.
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && apt-get update \
    && apt-get install -y --no-install-recommends libssl-dev pkg-config zlib1g-dev
WORKDIR /src
ENV DROPOUT_WITHOUT_TESTS=1
# The dependencies are in a layer of their own, which an edit of Sources does not make again. Only Package.swift decides it.
COPY Package.swift ./
RUN --mount=type=cache,target=/root/.cache/org.swift.swiftpm \
    mkdir Dependencies \
    && touch Dependencies/Dependencies.swift \
    && DROPOUT_DEPENDENCIES_ALONE=1 swift build -c release --static-swift-stdlib
COPY openapi.yaml ./
COPY Plugins Plugins
COPY Sources Sources
RUN swift build -c release --product dropoutd --static-swift-stdlib \
    && install -D "$(swift build -c release --show-bin-path)/dropoutd" /out/dropoutd \
    && strip /out/dropoutd

# Run: one binary, libcrypto and zlib. The program writes nothing, so the root file system may be read-only.
FROM debian:${DEBIAN_RELEASE}-slim
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && apt-get update \
    && apt-get install -y --no-install-recommends libssl3 libstdc++6 zlib1g
COPY --from=build /out/dropoutd /usr/local/bin/dropoutd
USER 65532:65532
# Without a backtrace a crash ends the process at once. A backtrace takes seconds, and all connections wait for it.
ENV DROPOUTD_HOST=0.0.0.0 DROPOUTD_PORT=8080 SWIFT_BACKTRACE=enable=no
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["dropoutd", "healthcheck"]
ENTRYPOINT ["dropoutd"]
CMD ["serve"]
# Last, because each release has others.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="dropout-service" \
    org.opencontainers.image.description="Dropout forward passes over HTTP" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
