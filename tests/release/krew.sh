#!/usr/bin/env bash
# .krew.yaml keeps krew's rules, and what it names can be made, fetched and run as krew does it. The argument is the
# folder of a portable build: its program is packed, for compiling a release would take as long as everything else.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=$1/src/kubectl-egress
. tests/style/report.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# kubectl reads YAML.
as_json() { KUBECONFIG=/dev/null kubectl patch --local -f "$1" --type=merge -p '{}' -o json; }

# What krew 0.4 asks of a manifest (internal/index/validation/validate.go and cmd/validate-krew-manifest), and no field
# that it does not know (pkg/index/types.go).
# shellcheck disable=SC2016 # these are jq's variables
rules='
  def violation(is_good; $text): if is_good then empty else $text end;
  def only($known): keys - $known | .[] | "no such field: \(.)";
  def text: type == "string" and length > 0;
  only(["apiVersion", "kind", "metadata", "spec"]),
  violation(.apiVersion == "krew.googlecontainertools.github.com/v1alpha2"; "apiVersion"),
  violation(.kind == "Plugin"; "kind"),
  violation(.metadata.name | test("^[a-z0-9-]+$"); "metadata.name"),
  (.spec |
    only(["version", "shortDescription", "description", "caveats", "homepage", "platforms"]),
    violation(.version | test("^v[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?$"); "version"),
    violation(.shortDescription | text and (test("[\r\n]") | not) and length <= 70; "shortDescription"),
    (.description, .caveats | split("\n")[] | select(length > 80) | "more than 80 characters: \(.)"),
    violation(.platforms | length > 0; "platforms"),
    (.platforms[] |
      only(["uri", "sha256", "selector", "files", "bin"]),
      violation(.uri | test("^https://.*[.]tar[.]gz$"); "uri"),
      violation(.sha256 | type == "string" and test("^[a-f0-9]{64}$"); "sha256"),
      violation(.bin | text; "bin"),
      violation(.files | length > 0 and all(.from | text) and all(.to | text); "files"),
      violation(.selector.matchLabels | keys == ["arch", "os"]; "selector")))'

find_violations() { as_json "$1" 2>&1 | jq -r "$rules" 2>&1; }

field() { jq -r ".spec.platforms[0].$1" "$folder/egress.json"; }

# install_to ROOT: what krew does with the archive (internal/installation/install.go).
install_to() {
  local root=$1 store from to
  store=$root/store/egress/$version
  mkdir -p "$root/bin" "$store" "$folder/unpacked"
  tar -C "$folder/unpacked" -xzf "$folder/$archive"
  while IFS=$'\t' read -r from to; do
    cp "$folder/unpacked/$from" "$store/$to"
  done < <(field 'files[] | [.from, .to] | @tsv')
  ln -s "../store/egress/$version/$(field bin)" "$root/bin/kubectl-egress"
}

report ".krew.yaml keeps krew's rules" "$(find_violations .krew.yaml)"

status=0
EGRESS_RELEASE_URL=https://releases.example.org/egress tests/release/pack.sh "$binary" "$folder" >"$folder/log" 2>&1 ||
  status=$?
report "a portable build is packed, and needs libc, libcurl and OpenSSL only" "$( ((status == 0)) || cat "$folder/log")"
((status == 0)) || exit 1
cat "$folder/log"

report "the manifest that is written keeps krew's rules" "$(find_violations "$folder/egress.yaml")"
as_json "$folder/egress.yaml" >"$folder/egress.json"
version=$(jq -r .spec.version "$folder/egress.json")
archive=$(basename "$(field uri)")
report "the manifest names the archive, where it is going to be" \
  "$([[ $(field uri) == "https://releases.example.org/egress/$archive" && -f $folder/$archive ]] || field uri)"
report "the manifest has the archive's digest" \
  "$(sha256sum --check --quiet - 2>&1 <<<"$(field sha256)  $folder/$archive" || true)"
tests/release/pack.sh "$binary" "$folder/again" >/dev/null
report "the same program makes the same archive" "$(cmp "$folder/$archive" "$folder/again/$archive" 2>&1 || true)"

install_to "$folder/krew"
export KREW_ROOT=$folder/krew PATH=$folder/krew/bin:$PATH
report "kubectl finds the plugin where krew puts it" \
  "$(output=$(kubectl egress version --client 2>&1) || true
    [[ $output == "Client Version: $version" ]] || echo "it said: $output")"
mkdir "$folder/broken"
touch "$folder/broken/libcurl.so.4"
report "without libcurl the error says how to install it, but only where it is needed" \
  "$(export LD_LIBRARY_PATH=$folder/broken KUBECONFIG=/dev/null
    kubectl-egress version --client >/dev/null || echo 'version does not work'
    output=$(kubectl-egress list -s https://127.0.0.1:1 2>&1) && echo 'list works'
    grep -q '^error: cannot load libcurl' <<<"$output" && grep -q '^hint: .*libcurl4' <<<"$output" || echo "$output")"
# Indented lines of the caveats are commands.
bash -e <(jq -r .spec.caveats "$folder/egress.json" | sed -n 's/^  //p')
report "kubectl completes after what the caveats say" \
  "$(kubectl_complete-egress cr 2>&1 | grep -q '^create' || echo 'no create')"
exit $failed
