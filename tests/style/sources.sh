#!/usr/bin/env bash
# The control plane finds Debian's source packages through the machine's own apt configuration, in both formats of
# entries, and says what to add where there are none. Uses private apt configurations, and no network.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/style/report.sh
. tests/sandbox/apt-sources.sh

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
export APT_CONFIG=$folder/apt.conf

# configure NAME TEXT: makes the file NAME with TEXT the only sources of an otherwise empty apt.
configure() {
  rm -rf "$folder"/{etc,state,cache,written}
  mkdir -p "$folder"/{etc/{apt.conf.d,sources.list.d},state/lists/partial,cache/archives/partial,written}
  cat >"$APT_CONFIG" <<END
Dir::Etc "$folder/etc";
Dir::State "$folder/state";
Dir::State::status "/dev/null";
Dir::Cache "$folder/cache";
END
  echo "$2" >"$folder/etc/sources.list.d/$1"
}

# check_entries WHAT SUITE EXPECTED: reports whether exactly EXPECTED is derived for SUITE, and whether apt reads it.
check_entries() {
  local findings
  findings=$({ write_source_entries "$2" "$folder/written" || echo 'found no entry'; } 2>&1)
  findings+=$(diff <(echo "$3") <(cat "$folder"/written/* 2>/dev/null) || true)
  findings+=$(apt-get indextargets -o APT::Get::IndexTargets::ReleaseInfo=no -o Dir::Etc::SourceParts="$folder/written" \
    --format '$(CREATED_BY)' 2>&1 | grep -vx Sources || true)
  report "$1" "$findings"
}

# check_no_entries WHAT SUITE
check_no_entries() {
  local findings=''
  ! write_source_entries "$2" "$folder/written" || findings=$(cat "$folder"/written/*)
  report "$1" "$findings"
}

configure debian.list '# deb http://off.example/debian bookworm main
deb [arch=amd64 signed-by=/keys/debian.gpg] http://mirror.example/debian bookworm main contrib
deb http://mirror.example/debian bookworm-updates main
deb http://mirror.example/debian trixie main
deb http://contrib.example/debian bookworm contrib
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
deb mirror+file:/mirrors/security bookworm-security main'
check_entries 'one-line deb entry: deb-src with the same options, for the suite alone' bookworm \
  'deb-src [arch=amd64 signed-by=/keys/debian.gpg] http://mirror.example/debian/ bookworm main'

configure debian.list 'deb mirror+file:/mirrors/security bookworm-security main'
check_entries 'one-line deb entry: security updates from another mirror' bookworm-security \
  'deb-src mirror+file:/mirrors/security/ bookworm-security main'

configure debian.list 'deb-src [trusted=yes] http://mirror.example/debian bookworm main
deb [trusted=yes arch=amd64] http://mirror.example/debian bookworm main'
check_entries 'one-line deb-src entry: used once, as it is' bookworm \
  'deb-src [trusted=yes] http://mirror.example/debian/ bookworm main'

configure debian.sources '# A comment is no stanza.

Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

# The mirror nearby
Types: deb
URIs: https://one.example/debian https://two.example/debian
Suites: bookworm bookworm-updates trixie
Components: main contrib
Architectures: amd64
# The key
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
Check-Valid-Until: no'
stanza='Types: deb-src
URIs: https://MIRROR.example/debian/
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
Check-Valid-Until: no'
check_entries 'deb822 stanza: deb-src from each of its URLs, with the same options' bookworm \
  "${stanza/MIRROR/one}"$'\n\n'"${stanza/MIRROR/two}"$'\n'

configure debian.sources 'Types: deb deb-src
URIs: file:/srv/debian
Suites: bookworm
Components: main
Trusted: yes'
check_entries 'deb822 stanza with deb-src: used once' bookworm 'Types: deb-src
URIs: file:/srv/debian/
Suites: bookworm
Components: main
Trusted: yes
'

configure debian.list 'deb http://mirror.example/debian oldstable main'
check_no_entries 'suite named otherwise, not downloaded: not used' bookworm
printf 'Suite: oldstable\nCodename: bookworm\n' >"$folder/state/lists/mirror.example_debian_dists_oldstable_Release"
touch "$folder/state/lists/mirror.example_debian_dists_oldstable_main_binary-$(dpkg --print-architecture)_Packages"
check_entries 'suite named otherwise, downloaded: used by its code name' bookworm \
  'deb-src http://mirror.example/debian/ oldstable main'

# check_advice WHAT: reports whether control-plane.sh fails with the stanza to add.
check_advice() {
  local output line findings=''
  ! output=$(XDG_CACHE_HOME=$folder/cache-home tests/sandbox/control-plane.sh 2>&1) || findings=$'it succeeded\n'
  for line in 'sources.list.d/bookworm-src.sources' 'Types: deb-src' 'URIs: MIRROR' 'Suites: bookworm'; do
    [[ $output == *"$line"* ]] || findings+="does not say: $line"$'\n'
  done
  report "$1" "${findings:+$findings$output}"
}

configure debian.list ''
check_no_entries 'no entries: nothing is derived' bookworm
check_advice 'no entries: control-plane.sh says what to add'
configure debian.sources 'Types: deb deb-src
URIs: http://mirror.example/debian
Suites: trixie
Components: main'
check_no_entries 'only another suite: nothing is derived' bookworm
check_advice 'only another suite: control-plane.sh says what to add'

configure debian.sources "$(source_advice bookworm | sed -n 's/^  //p' | sed 's,MIRROR,http://mirror.example/debian,')"
check_entries 'the stanza to add: used' bookworm 'Types: deb-src
URIs: http://mirror.example/debian/
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
'

exit $failed
