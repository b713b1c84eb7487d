# Sourced by the style checks: a line "ok …" or "not ok …" for each rule, and in the end whether all held.

failed=0

# report NAME FINDINGS: no findings is good.
report() {
  if [[ -z $2 ]]; then
    echo "ok $1"
  else
    echo "not ok $1"
    sed 's/^/  /' <<<"$2"
    failed=1
  fi
}
