"""The table: its chapters are the files of cases/, in the order of what a program does with a kubeconfig."""

import secret_scan
from cases import (
    contexts,
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
    contexts,
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

# So that each output shows whether a secret leaks.
_secrets = secret_scan.known_secrets(())
_without_secret = [case.name for case in CASES if not secret_scan.find_secret(case.texts(), _secrets)]
assert not _without_secret, f"no secret is in {_without_secret}"

_names = [case.name for case in CASES]
assert len(set(_names)) == len(_names), {name for name in _names if _names.count(name) > 1}
