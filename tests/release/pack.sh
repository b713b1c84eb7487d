#!/usr/bin/env bash
# pack.sh BINARY DIR: what is released of a portable build's kubectl-egress. Into DIR goes
#
#   kubectl-egress_VERSION_linux_CPU.tar.gz   the stripped program, the one that completes, and LICENSE
#   egress.yaml                               .krew.yaml with that archive's address and digest
#
# The same binary makes the same archive, bit for bit. A binary that needs a library that is not on every machine with
# curl is refused. EGRESS_RELEASE_URL is where the archive is going to be; without it, .krew.yaml's own.
set -euo pipefail
(($# == 2)) || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
binary=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
cd "$(dirname "$0")/../.."

die() { echo "pack.sh: $*" >&2; exit 1; }

case $(uname -m) in
  x86_64) cpu=amd64 ;;
  aarch64) cpu=arm64 ;;
  *) die "krew has no name for $(uname -m)" ;;
esac
version=$("$binary" version -o json | sed -n 's/.*"gitVersion": "\(.*\)".*/\1/p')
manifest_version=$(grep -oE '\bv[0-9]+\.[0-9]+\.[0-9]+' .krew.yaml | sort -u)
[[ $manifest_version == "$version" ]] || die ".krew.yaml is of ${manifest_version//$'\n'/, }, not of $version"

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
install -m 755 "$binary" "$tree/kubectl-egress"
strip "$tree/kubectl-egress"
install -m 755 completions/kubectl_complete-egress "$tree"
install -m 644 LICENSE "$tree"

needed=$(readelf -d "$tree/kubectl-egress" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p')
unexpected=$(grep -vE '^(libc|libm|libssl|libcrypto|ld-linux-.*)\.so\.[0-9]+$' <<<"$needed" || true)
[[ -z $unexpected ]] || die "$binary needs ${unexpected//$'\n'/, }; configure with -Dportable=true"
missing=$(ldd "$tree/kubectl-egress" | grep 'not found' || true)
[[ -z $missing ]] || die "$missing"
# libcurl is opened when a server is first asked; on port 1 there is none.
output=$("$tree/kubectl-egress" list --kubeconfig=/dev/null -s http://127.0.0.1:1 2>&1 || true)
[[ $output == *'was refused'* ]] || die "it cannot ask a server: $output"

archive=kubectl-egress_${version}_linux_$cpu.tar.gz
grep -qE "uri: .*/$archive$" .krew.yaml || die ".krew.yaml does not name $archive"
tar -C "$tree" -c --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime=@0 \
  LICENSE kubectl-egress kubectl_complete-egress | gzip -9 -n >"$out/$archive"
digest=$(sha256sum "$out/$archive" | cut -d' ' -f1)
sed -E -e "s|^( *)sha256: .*|\1sha256: $digest|" \
  ${EGRESS_RELEASE_URL:+-e "s|^( *- )uri: .*|\1uri: ${EGRESS_RELEASE_URL%/}/$archive|"} .krew.yaml >"$out/egress.yaml"

echo "$out/$archive: $(stat -c %s "$out/$archive") bytes, the program $(stat -c %s "$tree/kubectl-egress")"
echo "sha256 $digest"
glibc=$(readelf -V "$tree/kubectl-egress" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
echo "needs ${needed//$'\n'/ }, and libcurl.so.4 to ask a server; $glibc"
