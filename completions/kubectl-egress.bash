# bash completion for kubectl-egress

_kubectl_egress() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    # The last line is a directive for kubectl; a description stands behind a tab.
    [[ $line == :* ]] || COMPREPLY+=("${line%%$'\t'*}")
  done < <(kubectl-egress __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _kubectl_egress kubectl-egress
