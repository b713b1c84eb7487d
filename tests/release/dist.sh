#!/usr/bin/env bash
# `meson dist` makes an archive that builds and passes its unit tests by itself: nothing of the repository's, or beside it,
# is there. The argument is the folder of a build, by which the archive is made.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
. tests/style/report.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Paths, a line each, as far as they are of the project: relative to its root.
project_paths() {
  xargs -d '\n' realpath --canonicalize-missing --relative-to=. | grep -vE '^(\.\./|build)' | sort -u
}

# What the compilers, Meson and an installation have read of the project.
read_files() {
  {
    (cd "$build" && ninja -t deps | sed -n 's/^    //p' | xargs -d '\n' realpath --canonicalize-missing)
    meson introspect "$build" --buildsystem-files | jq -r '.[]'
    meson introspect "$build" --install-plan | jq -r '.[] | keys[]'
  } | project_paths
}

status=0
meson dist -C "$build" --no-tests --allow-dirty --formats gztar >"$folder/log" 2>&1 || status=$?
report "meson dist makes an archive" "$( ((status == 0)) || cat "$folder/log")"
((status == 0)) || exit 1
archive=$(ls -t "$build"/meson-dist/*.tar.gz | head -n 1)
tar -C "$folder" -xzf "$archive"
source=$folder/$(basename "$archive" .tar.gz)

read_files=$(read_files)
report "the archive has each of the $(wc -l <<<"$read_files") files that the build has read" \
  "$(while read -r file; do [[ -e $source/$file ]] || echo "not there (is it committed?): $file"; done <<<"$read_files")"
report "the archive has every file of the repository" \
  "$(git ls-files | while read -r file; do [[ -e $source/$file || ! -e $file ]] || echo "not there (is it committed?): $file"; done)"
# By itself: no repository above it, nothing beside it.
build_and_test() {
  cd "$source" && meson setup build -Dbuildtype=plain && ninja -C build tests/unit-tests && build/tests/unit-tests
}
report "the archive builds, and passes its unit tests" "$( (build_and_test) >"$folder/log" 2>&1 || tail -n 50 "$folder/log")"
exit $failed
