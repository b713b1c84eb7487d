#!/usr/bin/env bash
# No file names the host of a package registry: scripts use the registries that the machine has configured.
# Image registries in manifests and checks are the product's own facts. The dots are in brackets so that no pattern
# matches this file.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/style/report.sh

declare -A hosts=(
  [Debian and Ubuntu]='(deb|ftp|security|archive|snapshot|httpredir)([.][a-z]+)?[.](debian[.]org|ubuntu[.]com)'
  [Fedora]='(dl|download|mirrors)[.]fedoraproject[.]org'
  [Python]='pypi[.]org|pythonhosted[.]org|conda[.]anaconda[.]org'
  [JavaScript]='registry[.](npmjs|yarnpkg)[.](org|com)|npmjs[.]com'
  [Go]='(proxy|sum)[.]golang[.]org|goproxy[.](io|cn)'
  [Rust]='crates[.]io'
  [Java]='repo1?[.]maven([.]apache)?[.]org|oss[.]sonatype[.]org'
  [Ruby]='rubygems[.]org'
)
for registry in "${!hosts[@]}"; do
  report "no host of a package registry: $registry" "$(git grep -nIiE -- "${hosts[$registry]}" || true)"
done

exit $failed
