# fish completion for kubectl-egress

# Files as fish itself would complete them, behind the --flag= that they are for.
function __kubectl_egress_files --argument-names flag value ends
    set -l files (complete -C "__kubectl_egress_no_command $value")
    test -n "$ends"; and set files (string match -r -- ".*(?:/|\.(?:$ends))\$" $files)
    printf '%s\n' $flag$files
end

function __kubectl_egress_candidates
    set -l token (commandline -ct)
    set -l begun (string unescape -- "$token"; or printf '%s\n' "$token")
    set -l words (string replace -r '^~/' "$HOME/" -- (commandline -opc) "$begun")
    set -l lines (kubectl-egress __complete $words[2..-1] 2>/dev/null)
    test (count $lines) -gt 0; or return
    # The last line says what to do beside offering the others.
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]

    # What is offered behind --flag= is its value.
    set -l flag (string match -r -- '^-[^=]*=' "$token")
    set -l value (string sub -s (math (string length -- "$flag") + 1) -- "$token")
    if test (math "bitand($directive, 8)") -ne 0
        __kubectl_egress_files "$flag" "$value" (string join '|' -- $lines)
    else if test (count $lines) -gt 0
        printf '%s\n' "$flag"$lines
    else if test (math "bitand($directive, 4)") -eq 0
        __kubectl_egress_files "$flag" "$value" ''
    end
end

complete -c kubectl-egress -f -a '(__kubectl_egress_candidates)'
