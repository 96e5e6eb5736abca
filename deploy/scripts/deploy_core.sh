#!/bin/sh
# Starts the core of a room in containers, by docker-compose.core.yml and .env. Words after it go to `up`.
set -eu
cd "$(dirname "$0")/.."
compose=docker-compose
if docker compose version > /dev/null 2>&1; then compose='docker compose'; fi
[ -e .env ] || cp .env.core .env
# Packages that were made anew make the image anew; without any, the image that was loaded is started.
build=
if ls "${EG_PACKAGES:-../target/debian}"/eg-core_*.deb > /dev/null 2>&1; then build=--build; fi
$compose --env-file .env -f docker-compose.core.yml up --detach $build "$@"
echo "✓ eg-core: http://$(hostname):3000, docker logs eg-core"
