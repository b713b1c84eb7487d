#!/usr/bin/env bash
# images.sh OUT PROGRAMS SOURCES SUITE: packs the sandbox's images into the OCI image layout OUT/layout, and creates
# OUT/public-ca.{crt,key}, the CA of the external hosts, which the images trust as they trust a public one. PROGRAMS has
# the other parts; SOURCES holds apt's source entries for the Debian packages of SUITE in the base image. Runs as root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/versions.sh"
out=$1 programs=$2 sources=$3 suite=$4
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -subj '/CN=public CA of the external hosts' \
  -config <(printf '[req]\ndistinguished_name = none\n[none]\n') \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
  -keyout "$out/public-ca.key" -out "$out/public-ca.crt"

# Packages are only unpacked; the hook makes the links and files that their maintainer scripts would.
# shellcheck disable=SC2016 # mmdebstrap's shell expands it
PUBLIC_CA=$out/public-ca.crt mmdebstrap --quiet --mode=root --variant=extract \
  --include=busybox-static,curl,ca-certificates,iptables,netbase,nghttp2-client,openssl \
  --extract-hook='cd "$1" && for applet in $(chroot . /bin/busybox --list); do
      [ -e usr/bin/$applet ] || [ -e bin/$applet ] || [ -e sbin/$applet ] || ln -s /bin/busybox bin/$applet; done
    for tool in iptables ip6tables; do for name in "" -save -restore; do ln -sf $tool-nft$name usr/sbin/$tool$name; done; done
    rm -rf usr/share/doc usr/share/man usr/share/info usr/share/locale var/cache/* var/lib/apt var/lib/dpkg
    printf "root:x:0:0:root:/root:/bin/sh\nistio-proxy:x:1337:1337::/:/bin/sh\n" >etc/passwd
    printf "root:x:0:\nistio-proxy:x:1337:\n" >etc/group
    mkdir -p root tmp etc/ssl/certs && chmod 1777 tmp
    cat usr/share/ca-certificates/mozilla/*.crt "$PUBLIC_CA" >etc/ssl/certs/ca-certificates.crt' \
  "$suite" "$work/base.tar" "$sources"/*

mkdir "$work/pause"
gcc -Os -static -o "$work/pause/pause" "$here/pause.c"
install -D "$programs/world/caller" "$work/tools/usr/local/bin/caller"
install -D "$programs/istio/pilot-discovery" "$work/pilot/usr/local/bin/pilot-discovery"
install -D "$programs/istio/pilot-agent" "$work/proxy/usr/local/bin/pilot-agent"
install -D "$programs/packages/python/envoy/_bin/envoy" "$work/proxy/usr/local/bin/envoy"
install -D "$programs/opa/opa-envoy-plugin" "$work/opa/opa"
install -D -m 644 "$programs/istio/envoy_bootstrap.json" "$work/proxy/var/lib/istio/envoy/envoy_bootstrap_tmpl.json"

cd "$work"
"$here/image.py" "$out/layout" <<END_OF_IMAGES
[{"name": "localhost/pause:1", "layers": ["pause"], "config": {"Entrypoint": ["/pause"]}},
 {"name": "localhost/tools:1", "layers": ["base.tar", "tools"], "config": {"Cmd": ["sleep", "infinity"]}},
 {"name": "docker.io/openpolicyagent/opa:1.4.2-envoy", "layers": ["opa"], "config": {"User": "1000:1000", "Entrypoint": ["/opa"]}},
 {"name": "docker.io/istio/pilot:$istio_version", "layers": ["base.tar", "pilot"],
  "config": {"User": "1337:1337", "Entrypoint": ["/usr/local/bin/pilot-discovery"]}},
 {"name": "docker.io/istio/proxyv2:crashes", "layers": ["base.tar"], "config": {"User": "1337:1337", "Entrypoint": ["/bin/false"]}},
 {"name": "docker.io/istio/proxyv2:$istio_version", "layers": ["base.tar", "proxy"],
  "config": {"User": "1337:1337", "Entrypoint": ["/usr/local/bin/pilot-agent"]}}]
END_OF_IMAGES
