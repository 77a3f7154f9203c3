# Build: the program without tests, with Swift's libraries linked in.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libssl-dev zlib1g-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift openapi.yaml ./
COPY Plugins Plugins
COPY Sources Sources
ENV DROPOUT_WITHOUT_TESTS=1
RUN swift build -c release --product dropoutd --static-swift-stdlib \
    && install -D "$(swift build -c release --show-bin-path)/dropoutd" /out/dropoutd \
    && strip /out/dropoutd

# Run: one binary, libcrypto and zlib. The program writes nothing, so the root file system may be read-only.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/dropoutd /usr/local/bin/dropoutd
USER 65532:65532
# Without a backtrace a crash ends the process at once. A backtrace takes seconds, and all connections wait for it.
ENV DROPOUTD_HOST=0.0.0.0 DROPOUTD_PORT=8080 SWIFT_BACKTRACE=enable=no
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["dropoutd", "healthcheck"]
ENTRYPOINT ["dropoutd"]
CMD ["serve"]
