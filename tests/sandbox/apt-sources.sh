# Sourced: finds Debian source packages through the package sources that this machine has configured.

# write_source_entries SUITE DIR: writes to DIR the deb-src entries (debian.list, debian.sources) for the component main
# of SUITE, derived from all entries of the machine for SUITE, whether deb or deb-src, with their options (such as
# Signed-By). SUITE is a code name; an entry may call it otherwise, such as "oldstable". Fails if there is no entry.
write_source_entries() {
  local suite=$1 dir=$2 targets release uri file number found=''
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
# entry. apt knows the code name only of what it has downloaded, and leaves out everything else when asked for it.
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
  echo "deb-src $options$2 $1 main"
}

# deb822_entry SUITE URI FILE STANZA
deb822_entry() {
  printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n' "$2" "$1"
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
