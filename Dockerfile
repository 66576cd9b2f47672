# Builds the one binary, and puts it into an image that holds nothing else: no shell, no packages, no user but its own.
# docs/OPERATIONS.md says how to run it; scripts/image builds it and tries it out.
#
#   docker build -t rondo .
#   docker run --rm -p 127.0.0.1:4000:4000 rondo demo --listen 0.0.0.0
#
# Without the demo it is smaller, and has nothing in it that answers without a password:
#
#   docker build --build-arg FEATURES= -t rondo .

# Cargo features of the program. The image's label and `rondo --version` say which it has.
ARG FEATURES=demo

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /rondo
# .dockerignore lists what comes in. rust-toolchain.toml stays out: it would fetch the toolchain that the base has already.
COPY . .
# The caches keep what is compiled of the dependencies. They may be newer than a source file that was checked out long ago, and
# Cargo compares times, so the sources count as new.
ARG FEATURES
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/rondo/target,sharing=locked \
    find . -path ./target -prune -o -type f -exec touch {} + \
    && cargo build --release --locked --bin rondo --no-default-features --features "$FEATURES" \
    && cp target/release/rondo /usr/local/bin/rondo
# The final image, as folders: the program, the libraries it is linked to, the roots of TLS, and its user.
RUN mkdir -p /image/etc/ssl/certs /image/usr/local/bin /image/usr/share/doc/rondo /image/tmp /owned/data \
    && cp /usr/local/bin/rondo /image/usr/local/bin/ \
    && ldd /usr/local/bin/rondo | grep -o '/[^ ]*' | xargs cp -L --parents -t /image \
    && cp -L /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && cp LICENSE config/rondo.example.toml /image/usr/share/doc/rondo/ \
    && echo 'hosts: files dns' > /image/etc/nsswitch.conf \
    && printf '%s\n' 'root:x:0:0:root:/:/sbin/nologin' 'rondo:x:10001:10001:Rondo:/data:/sbin/nologin' > /image/etc/passwd \
    && printf '%s\n' 'root:x:0:' 'rondo:x:10001:' > /image/etc/group \
    && chmod 1777 /image/tmp \
    && chmod 0770 /owned/data

FROM scratch
ARG VERSION=unknown
ARG REVISION=unknown
ARG FEATURES
LABEL org.opencontainers.image.title="Rondo" \
    org.opencontainers.image.description="A self-hosted Slack bot for the rituals of departments" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION" \
    rondo.features="$FEATURES"
COPY --from=build /image/ /
# Group 0 may write as well, so that an engine which picks the user itself can run the image: --user 12345:0.
COPY --from=build --chown=10001:0 /owned/ /
# By number, so that an engine can see that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
# Inside the container, health and metrics are for the probe below alone. The demo serves its own health there, too.
ENV RONDO_LISTEN=0.0.0.0:3000 RONDO_ADMIN_LISTEN=127.0.0.1:3001 DATABASE_URL=sqlite:/data/rondo.db
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/usr/local/bin/rondo", "health"]
ENTRYPOINT ["/usr/local/bin/rondo"]
CMD ["run"]
