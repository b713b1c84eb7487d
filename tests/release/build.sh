#!/usr/bin/env bash
# build.sh [DIR]: compiles kubectl-egress as it is released, and puts the archive and krew's manifest into DIR
# (build-release/archive). EGRESS_RELEASE_URL is where the archive is going to be.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(realpath --canonicalize-missing "${1:-$root/build-release/archive}")
cd "$root"

tests/packages.sh build >&2
[[ -f build-release/build.ninja ]] ||
  meson setup build-release --buildtype=release -Dportable=true -Dtests=false >&2
ninja -C build-release --quiet >&2
exec tests/release/pack.sh build-release/src/kubectl-egress "$out"
