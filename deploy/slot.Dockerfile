# The agent out of its Debian package, for the machine that builds it: `cargo eg package` puts the packages into
# target/debian, and that folder alone is handed to the builder. docker-compose.slot.yml builds it.
ARG BASE=debian:12-slim
FROM ${BASE} AS unpacked
COPY eg-agent_*.deb /packages/
RUN dpkg-deb --extract /packages/eg-agent_*_"$(dpkg --print-architecture)".deb /unpacked

FROM ${BASE}
COPY --from=unpacked /unpacked /
RUN useradd --system --home-dir /var/lib/eg --create-home eg
USER eg
WORKDIR /var/lib/eg
VOLUME /var/lib/eg
EXPOSE 5173
ENTRYPOINT ["/usr/bin/eg-agent"]
CMD ["run", "/etc/eg/slot.yaml"]
