#!/usr/bin/env bash
# Builds kube-apiserver and kube-controller-manager from Debian's source package, once,
# and prints the directory in the user's cache that has them.
set -euo pipefail

version=1.20.2
recipe=1 # raise it when what is built below changes
suite=bookworm
root=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress/control-plane
result=$root/v$version-$recipe-$(uname -m)
build=$root/build
reflect2=github.com/modern-go/reflect2

say() { echo "control plane: $*" >&2; }
die() { say "$@"; exit 1; }

# --- progress ---

# step WHAT COMMAND…: tells how long it has been going on: every second to a person,
# every half minute to a log. A failure ends the script, and `finish` tells of it.
step() {
  current=$1
  say "$current (after $SECONDS s)"
  show_time &
  clock=$!
  "${@:2}" >>"$build/log" 2>&1
  stop_clock
}

show_time() {
  local start=$SECONDS every=30 line='control plane: … %s s\n'
  [[ ! -t 2 ]] || { every=1 line='control plane: … %s s\r'; }
  # Ends by itself, too, should there be nobody left to stop it.
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    # shellcheck disable=SC2059 # the format is one of the two above
    (((SECONDS - start) % every)) || printf "$line" "$SECONDS" >&2
  done
}

stop_clock() {
  [[ -z ${clock-} ]] || kill "$clock" 2>/dev/null || true
  clock=''
}

finish() {
  local status=$?
  stop_clock
  if ((status)); then
    tail -n 20 "$build/log" >&2 || true
    say "failed: $current"
  fi
  rm -rf "$build"
}

# --- source ---

# The mirror that this machine has for a suite, or else Debian's own.
mirror() {
  local found
  # shellcheck disable=SC2016 # apt-get's variables
  found=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v suite="$1" '$1 == suite && $2 ~ /^https?:/ {print $2; exit}') || true
  echo "${found:-http://deb.debian.org/$2}"
}

# Only the user's own directories are written to, so apt needs no root and stays as it is.
private_apt() {
  apt-get -o Dir::Etc::SourceList="$build/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$build/apt/lists" -o Dir::Cache="$build/apt/cache" \
    -o APT::Sandbox::User="$(id -un)" "$@"
}

fetch() {
  mkdir -p "$build"/apt/{lists,cache/archives}/partial
  local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  cat >"$build/sources.list" <<END
deb-src $signed $(mirror $suite debian) $suite main
deb-src $signed $(mirror $suite-security debian-security) $suite-security main
END
  private_apt update
  (cd "$build" && private_apt source kubernetes)
  mv "$build"/kubernetes-*"$version" "$build/source"
}

# The reflect2 that Kubernetes brings along crashes under Go 1.18 and later as soon as
# a custom resource is written; Debian has one that does not.
replace_reflect2() {
  rm -r "$build/source/vendor/$reflect2"
  cp -rL "/usr/share/gocode/src/$reflect2" "$build/source/vendor/$reflect2"
}

# --- binaries ---

# Clean of the caller's environment, which may have opinions about Go.
compile() {
  cat >"$build/version" <<END
KUBE_GIT_COMMIT=unknown
KUBE_GIT_TREE_STATE=archive
KUBE_GIT_VERSION=v$version
KUBE_GIT_MAJOR=1
KUBE_GIT_MINOR=20
END
  # Kubernetes' makefiles want to be found where Go looked for packages in 2020.
  mkdir -p "$build/home" "$build/tmp" "$build/source/.go/src/k8s.io"
  ln -s ../../.. "$build/source/.go/src/k8s.io/kubernetes"
  env --ignore-environment PATH="/usr/lib/go/bin:$PATH" HOME="$build/home" TMPDIR="$build/tmp" \
    GOCACHE="$build/gocache" GOPATH="$build/source/.go" CGO_ENABLED=0 \
    KUBE_GIT_VERSION_FILE="$build/version" \
    make -C "$build/source" WHAT='cmd/kube-apiserver cmd/kube-controller-manager'
}

keep() {
  mkdir "$build/result"
  mv "$build"/source/_output/bin/kube-{apiserver,controller-manager} "$build/result"
  "$build/result/kube-apiserver" --version
  mv --no-target-directory "$build/result" "$result"
}

need_tools() {
  local tool
  for tool in apt-get dpkg-source go make rsync; do
    command -v "$tool" >/dev/null || die "$tool is missing; install what is needed with: tests/packages.sh sandbox"
  done
  [[ -d /usr/share/gocode/src/$reflect2 ]] ||
    die "Debian's reflect2 for Go is missing; install what is needed with: tests/packages.sh sandbox"
}

if [[ ! -d $result ]]; then
  need_tools
  mkdir -p "$root"
  exec 8>"$root/lock"
  flock --nonblock 8 || { say 'waiting for another build'; flock 8; }
fi
if [[ ! -d $result ]]; then # or the other build has made it
  rm -rf "$build"
  mkdir "$build"
  current=''
  trap finish EXIT
  say "building Kubernetes $version: this once, 4 to 5 minutes on 2 cores"
  step 'fetching the source from Debian' fetch
  step "taking Debian's reflect2" replace_reflect2
  step 'compiling' compile
  step 'keeping the binaries' keep
  say "done after $SECONDS s"
fi
echo "$result"
