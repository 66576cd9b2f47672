# Builds the one binary, and puts it into a small image that runs it as an ordinary user.
#
#   docker build -t rondo .
#   docker run --rm -p 4000:4000 rondo demo --listen 0.0.0.0
#   docker run -v rondo:/data -p 3000:3000 -e SLACK_BOT_TOKEN -e SLACK_APP_TOKEN rondo

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /rondo
# The image has one toolchain, so the file that pins it would only fetch the same one again.
COPY Cargo.toml Cargo.lock ./
COPY sandbox sandbox
COPY migrations migrations
COPY benches benches
COPY src src
RUN cargo build --release --locked --bin rondo

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home rondo
COPY --from=build /rondo/target/release/rondo /usr/local/bin/rondo
USER rondo
WORKDIR /data
VOLUME /data
ENV RONDO_LISTEN=0.0.0.0:3000 DATABASE_URL=sqlite:/data/rondo.db
EXPOSE 3000
# The shell's own sockets ask, so that the image needs no HTTP client.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3000 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["rondo"]
CMD ["run"]
