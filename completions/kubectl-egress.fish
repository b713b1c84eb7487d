# fish completion for kubectl-egress

# Prints the files that fish itself would complete, each after the --flag= of the word.
function __kubectl_egress_files --argument-names flag value extensions
    set -l files (complete -C "__kubectl_egress_no_command $value")
    test -n "$extensions"; and set files (string match -r -- ".*(?:/|\.(?:$extensions))\$" $files)
    printf '%s\n' $flag$files
end

function __kubectl_egress_candidates
    set -l token (commandline -ct)
    set -l begun (string unescape -- "$token"; or printf '%s\n' "$token")
    set -l words (string replace -r '^~/' "$HOME/" -- (commandline -opc) "$begun")
    set -l lines (kubectl-egress __complete $words[2..-1] 2>/dev/null)
    test (count $lines) -gt 0; or return
    # The last line is the directive.
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]

    # After --flag= complete the value.
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
