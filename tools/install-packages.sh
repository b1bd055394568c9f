#!/bin/sh
# Installs what building and testing need, from Debian's packages alone. Does nothing, and needs no
# network, when all is there.
set -eu
packages="g++ cmake ninja-build make git ccache
  libboost-graph-dev libboost-program-options-dev nlohmann-json3-dev libsimdjson-dev libyaml-dev
  libfmt-dev libssl-dev catch2 libbenchmark-dev python3 python3-jsonschema python3-yaml"
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing" >&2
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >&2
