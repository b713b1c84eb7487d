"""The table: its chapters are the files of cases/, in the order of what a program does with a kubeconfig."""

import untold
from cases import (
    choosing,
    errors,
    fields,
    files,
    flags,
    impersonation,
    login,
    plugins,
    proxies,
    server,
    trust,
    yaml,
)

CHAPTERS = (
    files,
    choosing,
    yaml,
    fields,
    server,
    trust,
    proxies,
    login,
    plugins,
    impersonation,
    flags,
    errors,
)
CASES = [case for chapter in CHAPTERS for case in chapter.CASES]

# So that each of them shows whether one is told.
_harmless = [case.name for case in CASES if not untold.told(case.texts(), untold.secrets(()))]
assert not _harmless, f"no secret is in {_harmless}"

_names = [case.name for case in CASES]
assert len(set(_names)) == len(_names), {name for name in _names if _names.count(name) > 1}
