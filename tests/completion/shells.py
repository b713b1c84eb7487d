"""The shells, each set up as people have it, with completion from where it is installed."""

import dataclasses
import pathlib

from terminal import PROMPT, Terminal

BASH_TELLS = r"""
PS1='%(prompt)s'
bind 'set completion-query-items 0' 'set page-completions off' 'set bell-style none' 'set enable-bracketed-paste off'
bind -x '"\C-xd": printf "%%s\n" "$READLINE_LINE" >told'
"""
ZSH = r"""
PS1='%(prompt)s'
LISTMAX=0
unsetopt beep prompt_cr prompt_sp
tell() { print -r -- "$BUFFER" >told }
zle -N tell
bindkey -e
bindkey '^Xd' tell
fpath=(%(share)s/zsh/site-functions $fpath)
autoload -U compinit
compinit -D -u
"""
FISH = r"""
function fish_prompt; echo -n '%(prompt)s'; end
function fish_greeting; end
function tell; commandline >told; end
bind \cxd tell
set -g fish_autosuggestion_enabled 0
"""


@dataclasses.dataclass
class Shell:
    name: str
    start: str  # what it does before its first prompt
    lists: str = "\t\t"  # the keys that show all candidates
    reads_kubectl: str = ""  # kubectl's own completion, as `kubectl completion` says

    def open(self, place, script=""):
        """In the folder of the place, after that script."""
        settings = {"prompt": PROMPT, "share": place.share}
        start = place.folder / f"start.{self.name}"
        start.write_text(self.start % settings + script)
        return Terminal(self.words(start), place.folder, place.variables)

    def words(self, start):
        if self.name.startswith("bash"):
            return ["bash", "--noprofile", "--rcfile", str(start), "-i"]
        if self.name == "fish":
            return ["fish", "--init-command", f"source {start}", "-i"]
        start.replace(start.parent / ".zshrc")
        return ["zsh", "-i"]


SHELLS = [
    Shell("bash", BASH_TELLS + "source %(share)s/bash-completion/completions/kubectl-egress\n"),
    # The package loads what is installed when it is first asked for.
    Shell("bash with bash-completion", BASH_TELLS + "source /usr/share/bash-completion/bash_completion\n",
          reads_kubectl="source <(kubectl completion bash)\n"),
    Shell("bash that breaks no words at =", BASH_TELLS + "COMP_WORDBREAKS=${COMP_WORDBREAKS//[=:@]/}\n"
          "source %(share)s/bash-completion/completions/kubectl-egress\n"),
    Shell("zsh", ZSH, "\t", "source <(kubectl completion zsh)\n"),
    Shell("fish", FISH, "\t", "kubectl completion fish | source\n"),
]


@dataclasses.dataclass
class Place:
    folder: pathlib.Path  # where the shells start
    share: pathlib.Path  # where the completions are installed
    variables: dict
