# The core out of its Debian package, for the machine that builds it: `cargo eg package` puts the packages into
# target/debian, and that folder alone is handed to the builder. docker-compose.core.yml builds it.
ARG BASE=debian:12-slim
FROM ${BASE} AS unpacked
COPY eg-core_*.deb /packages/
RUN dpkg-deb --extract /packages/eg-core_*_"$(dpkg --print-architecture)".deb /unpacked

FROM ${BASE}
COPY --from=unpacked /unpacked /
RUN useradd --system --home-dir /data --create-home eg
USER eg
WORKDIR /data
ENV DB_PATH=/data/eg.db
VOLUME /data
EXPOSE 1883 9001 8000 3000
ENTRYPOINT ["/usr/bin/eg-core"]
CMD ["run", "--config", "/etc/eg/core.yaml"]
