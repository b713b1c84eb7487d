# Sourced by the checks of what help says.

# commands PROGRAM…: those that its help lists, in that order.
commands() { "$@" --help | awk '/^Commands:/ {inside = 1; next} /^$/ {inside = 0} inside {print $1}'; }

# The command lines among the examples of the help on stdin.
examples() { awk '/^Examples:/ {inside = 1; next} /^[^ ]/ {inside = 0} inside && /^  [^# ]/ {print substr($0, 3)}'; }
