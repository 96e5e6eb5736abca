#!/bin/sh
# Starts the agent of a slot, with its page, by docker-compose.slot.yml and .env.slot. Words after it go to `up`.
set -eu
cd "$(dirname "$0")/.."
compose=docker-compose
if docker compose version > /dev/null 2>&1; then compose='docker compose'; fi
# The numbers of this machine's groups and of its GPIO: they differ from system to system.
for name in gpio i2c spi input dialout; do
    number=$(getent group "$name" | cut -d: -f3)
    [ -z "$number" ] || export "$(echo "$name" | tr a-z A-Z)_GROUP=$number"
done
major=$(awk '$2 == "gpiochip" { print $1 }' /proc/devices)
[ -z "$major" ] || export GPIO_MAJOR="$major"
build=
if ls "${EG_PACKAGES:-../target/debian}"/eg-agent_*.deb > /dev/null 2>&1; then build=--build; fi
$compose --env-file .env.slot -f docker-compose.slot.yml up --detach $build "$@"
echo "✓ eg-agent: http://127.0.0.1:5173"
