"""The shells, each set up as people have it, with completion from where it is installed."""

import dataclasses
import pathlib

from terminal import PROMPT, Terminal

BASH = r"""
PS1='%(prompt)s'
bind 'set completion-query-items 0' 'set page-completions off' 'set bell-style none' 'set enable-bracketed-paste off'
bind -x '"\C-xd": printf "%%s\n" "$READLINE_LINE" >line'
"""
ZSH = r"""
PS1='%(prompt)s'
LISTMAX=0
unsetopt beep prompt_cr prompt_sp
print_line() { print -r -- "$BUFFER" >line }
zle -N print_line
bindkey -e
bindkey '^Xd' print_line
fpath=(%(share)s/zsh/site-functions $fpath)
autoload -U compinit
compinit -D -u
"""
FISH = r"""
function fish_prompt; echo -n '%(prompt)s'; end
function fish_greeting; end
function print_line; commandline >line; end
bind \cxd print_line
set -g fish_autosuggestion_enabled 0
"""


@dataclasses.dataclass
class Shell:
    name: str
    startup: str  # what it does before its first prompt
    list_keys: str = "\t\t"  # the keys that show all candidates
    kubectl_completion: str = ""  # kubectl's own completion, as `kubectl completion` says

    def open(self, environment, script=""):
        """In the folder of the place, after that script."""
        settings = {"prompt": PROMPT, "share": environment.share}
        startup_file = environment.folder / f"start.{self.name}"
        startup_file.write_text(self.startup % settings + script)
        return Terminal(self.command(startup_file), environment.folder, environment.variables)

    def command(self, startup_file):
        if self.name.startswith("bash"):
            return ["bash", "--noprofile", "--rcfile", str(startup_file), "-i"]
        if self.name == "fish":
            return ["fish", "--init-command", f"source {startup_file}", "-i"]
        startup_file.replace(startup_file.parent / ".zshrc")
        return ["zsh", "-i"]


SHELLS = [
    Shell("bash", BASH + "source %(share)s/bash-completion/completions/kubectl-egress\n"),
    # The package loads what is installed when it is first asked for.
    Shell(
        "bash with bash-completion",
        BASH + "source /usr/share/bash-completion/bash_completion\n",
        kubectl_completion="source <(kubectl completion bash)\n",
    ),
    Shell(
        "bash that breaks no words at =",
        BASH + "COMP_WORDBREAKS=${COMP_WORDBREAKS//[=:@]/}\n"
        "source %(share)s/bash-completion/completions/kubectl-egress\n",
    ),
    Shell("zsh", ZSH, "\t", "source <(kubectl completion zsh)\n"),
    Shell("fish", FISH, "\t", "kubectl completion fish | source\n"),
]


@dataclasses.dataclass
class Environment:
    folder: pathlib.Path  # where the shells start
    share: pathlib.Path  # where the completions are installed
    variables: dict
