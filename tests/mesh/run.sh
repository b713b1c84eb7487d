#!/usr/bin/env bash
# run.sh [PART…]: proves on a mesh sandbox, with the plugin that is first on PATH, what needs real traffic. Parts:
#   scenarios   every claim that a request can prove
#   traffic     that no request is lost
#   findings    what check says about other people's configuration
#   breaks      that the scenarios notice a tool that does something wrong
# Without a PART, all. With the plugin of a build on PATH:
#
#   tests/sandbox/sandbox.sh run --mesh -- tests/mesh/run.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ -n ${EGRESS_SANDBOX_DIR:-} ]] || { echo 'run.sh: this needs a mesh sandbox, see its head' >&2; exit 2; }
(($#)) || set -- scenarios traffic findings breaks

status=0
for part; do
  case $part in
    scenarios) python3 -B "$here/run.py" || status=1 ;;
    traffic | findings | breaks) python3 -B "$here/$part.py" || status=1 ;;
    *) echo "run.sh: no part is called '$part'" >&2; exit 2 ;;
  esac
done
exit "$status"
