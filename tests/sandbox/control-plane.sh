#!/usr/bin/env bash
# Builds kube-apiserver and kube-controller-manager from Debian's source package, once, and prints the directory in the
# user's cache that holds them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
title='control plane'
. "$here/steps.sh"
. "$here/apt-sources.sh"

version=1.20.2
recipe=1 # increment when the steps below produce something else
suite=bookworm
root=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress/control-plane
result=$root/v$version-$recipe-$(uname -m)
build=$root/build
reflect2=github.com/modern-go/reflect2
go=/usr/lib/go/bin # Debian's, whichever go is first on PATH

# --- source ---

# An entry may lack source packages or be unreachable; only if no entry has kubernetes is it a failure.
fetch_source() {
  private_apt "$build/apt" update || true
  (cd "$build" && private_apt "$build/apt" source --only-source kubernetes)
  mv "$build"/kubernetes-*"$version" "$build/source"
  replace_reflect2
}

# The reflect2 vendored by Kubernetes crashes under Go 1.18 and later when a custom resource is written; Debian's works.
replace_reflect2() {
  rm -r "$build/source/vendor/$reflect2"
  cp -rL "/usr/share/gocode/src/$reflect2" "$build/source/vendor/$reflect2"
}

# --- binaries ---

# With an empty environment: variables such as GOROOT, GOFLAGS and GOTOOLCHAIN would change the build.
build_binaries() {
  cat >"$build/version" <<END
KUBE_GIT_COMMIT=unknown
KUBE_GIT_TREE_STATE=archive
KUBE_GIT_VERSION=v$version
KUBE_GIT_MAJOR=1
KUBE_GIT_MINOR=20
END
  # Kubernetes' makefiles expect the source in its place below GOPATH.
  mkdir -p "$build/home" "$build/tmp" "$build/source/.go/src/k8s.io"
  ln -s ../../.. "$build/source/.go/src/k8s.io/kubernetes"
  env --ignore-environment PATH="$go:$PATH" HOME="$build/home" TMPDIR="$build/tmp" \
    GOCACHE="$build/gocache" GOPATH="$build/source/.go" CGO_ENABLED=0 \
    KUBE_GIT_VERSION_FILE="$build/version" \
    make -C "$build/source" WHAT='cmd/kube-apiserver cmd/kube-controller-manager'
  install_result
}

install_result() {
  mkdir "$build/result"
  mv "$build"/source/_output/bin/kube-{apiserver,controller-manager} "$build/result"
  "$build/result/kube-apiserver" --version
  mv --no-target-directory "$build/result" "$result"
}

need_tools() {
  local tool advice='install what is needed with: tests/packages.sh sandbox'
  command -v apt-get >/dev/null || die "building from Debian's source package needs apt-get, which this machine lacks"
  for tool in dpkg-source make rsync; do
    command -v "$tool" >/dev/null || die "$tool is missing; $advice"
  done
  [[ -x $go/go ]] || die "Debian's Go ($go/go) is missing; $advice"
  [[ -d /usr/share/gocode/src/$reflect2 ]] || die "Debian's reflect2 for Go is missing; $advice"
}

if [[ ! -d $result ]]; then
  need_tools
  lock_build "$root/lock"
fi
if [[ ! -d $result ]]; then # another process may have built it meanwhile
  start_build
  configure_private_apt "$build/apt" $suite
  say "building Kubernetes $version from Debian's source package: 4 to 5 minutes on 2 cores, only once"
  advice="If none of the configured package sources has source packages, add one.
$(source_advice $suite)"
  step 'downloading the source package' fetch_source
  step 'compiling' build_binaries
fi
echo "$result"
