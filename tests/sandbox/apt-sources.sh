# Sourced: finds Debian packages and their sources through the package sources that this machine has configured.

# write_source_entries SUITE DIR [TYPE]: writes to DIR the entries (debian.list, debian.sources) of TYPE (deb-src by
# default, or deb) for the component main of SUITE, derived from all entries of the machine for SUITE, whether deb or
# deb-src, with their options (such as Signed-By). SUITE is a code name; an entry may call it otherwise, such as
# "oldstable". Fails if there is no entry.
write_source_entries() {
  local suite=$1 dir=$2 type=${3:-deb-src} targets release uri file number found=''
  targets=$(apt_targets) || return
  while IFS=$'\t' read -r release uri file number; do
    found=yes
    case $file in
      *.sources) deb822_entry "$release" "$uri" "$file" "$number" >>"$dir/debian.sources" ;;
      *) one_line_entry "$release" "$uri" "$file" "$number" >>"$dir/debian.list" ;;
    esac
  done < <(select_targets "$suite" <<<"$targets")
  [[ -n $found ]]
}

# apt's index files, one a line: its kind, the suite as configured, its code name, component, URL, and FILE:NUMBER of the
# entry. apt knows the code name only of index files that it has downloaded, and omits all others when it filters by it.
apt_targets() {
  local downloaded
  for downloaded in yes no; do
    apt-get indextargets -o APT::Get::IndexTargets::ReleaseInfo=$downloaded \
      --format $'$(CREATED_BY)\t$(RELEASE)\t$(CODENAME)\t$(COMPONENT)\t$(REPO_URI)\t$(SOURCESENTRY)' || return
  done
}

# A CD-ROM would have to be inserted.
select_targets() {
  awk -F'\t' -v OFS='\t' -v suite="$1" '
    ($1 == "Sources" || $1 == "Packages") && ($2 == suite || $3 == suite) && $4 == "main" && $5 !~ /^cdrom:/ &&
    !seen[$2, $5]++ {
      file = number = $6
      sub(/:[0-9]+$/, "", file)
      sub(/.*:/, "", number)
      print $2, $5, file, number
    }'
}

# one_line_entry SUITE URI FILE LINE
one_line_entry() {
  local line options=''
  line=$(sed -n "$4p" "$3")
  [[ ! $line =~ ^[[:space:]]*deb(-src)?[[:space:]]+(\[[^]]*\]) ]] || options="${BASH_REMATCH[2]} "
  echo "$type $options$2 $1 main"
}

# deb822_entry SUITE URI FILE STANZA
deb822_entry() {
  printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\n' "$type" "$2" "$1"
  grep -v '^#' "$3" | awk -v RS= -v stanza="$4" 'NR == stanza' |
    awk '/^[^ \t]/ {keep = tolower($0) !~ /^(types|uris|suites|components|enabled|architectures)[ \t]*:/} keep'
  echo
}

# source_advice SUITE: says what to add to a machine that has no entry for SUITE.
source_advice() {
  cat <<END
To configure one, create /etc/apt/sources.list.d/$1-src.sources with the URL of your Debian mirror for MIRROR:

  Types: deb-src
  URIs: MIRROR
  Suites: $1
  Components: main
  Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
}

# configure_private_apt DIR SUITE [TYPE]: prepares DIR for private_apt. Exits with advice if the machine has no entry.
configure_private_apt() {
  mkdir -p "$1"/{sources,lists/partial,cache/archives/partial}
  write_source_entries "$2" "$1/sources" "${3-}" || {
    echo "error: this machine has no package source configured for Debian $2" >&2
    source_advice "$2" >&2
    exit 1
  }
  write_source_entries "$2-security" "$1/sources" "${3-}" || true
}

# private_apt DIR ARGUMENT…: apt-get with the machine's configuration, but with source entries and state in DIR, so that
# it needs no root. A default release would hide the suite.
private_apt() {
  apt-get -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$1/sources" \
    -o Dir::State::Lists="$1/lists" -o Dir::Cache="$1/cache" \
    -o APT::Sandbox::User="$(id -un)" -o APT::Default-Release= "${@:2}"
}
