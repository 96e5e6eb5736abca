#!/bin/sh
# Adds EG's package repository to Debian or Raspberry Pi OS, 12 or newer, and installs packages from it. Where the
# repository is served as https://HOST/eg:
#   curl -fsSL https://HOST/eg/install.sh | sudo sh -s -- https://HOST/eg eg-agent
set -eu
if [ $# -lt 2 ]; then
    echo "usage: install.sh REPOSITORY PACKAGE…, e.g. install.sh https://HOST/eg eg-agent" >&2
    exit 2
fi
if [ "$(id -u)" != 0 ]; then
    echo "install.sh: packages are installed by root: sudo sh install.sh $*" >&2
    exit 1
fi
repository=${1%/}
shift
mkdir -p /etc/apt/keyrings
# apt's own way to fetch: a fresh system has neither curl nor wget.
/usr/lib/apt/apt-helper download-file "$repository/eg.asc" /etc/apt/keyrings/eg.asc
chmod 644 /etc/apt/keyrings/eg.asc
cat > /etc/apt/sources.list.d/eg.sources <<SOURCES
Types: deb
URIs: $repository
Suites: stable
Components: main
Signed-By: /etc/apt/keyrings/eg.asc
SOURCES
apt-get update
exec apt-get install --yes "$@"
