# fish completion for kubectl-egress

function __kubectl_egress_candidates
    set -l words (commandline -opc) (commandline -ct)
    # The last line is a directive for kubectl.
    kubectl-egress __complete $words[2..-1] 2>/dev/null | string match -v ':*'
end

complete -c kubectl-egress -f -a '(__kubectl_egress_candidates)'
