# Builds Perennial, and puts the binary alone into a small image.
ARG RUST_IMAGE=rust:1.95-slim-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${RUST_IMAGE} AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package perennial

FROM ${RUNTIME_IMAGE}
# Whom the engine trusts when a theme fetches from elsewhere.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/target/release/perennial /usr/local/bin/
# A volume that is mounted here for the first time belongs to its user.
RUN useradd --system --uid 10001 --no-create-home perennial && install -d -o perennial -g perennial /data
USER perennial
WORKDIR /data
ENV PERENNIAL_LISTEN=0.0.0.0:8080 PERENNIAL_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["perennial", "healthcheck"]
ENTRYPOINT ["perennial"]
