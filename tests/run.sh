#!/usr/bin/env bash
# The test command, from a fresh Debian 12 on: installs the packages that are missing, builds with warnings as errors,
# and runs the suites. tests/run.sh --help says how to run some of them or all; the last line is
# "N passed, N failed, N skipped".
#
#   EGRESS_TEST_KUBECONFIG=FILE   run the end-to-end suites on that cluster; what needs a sandbox is skipped
#   EGRESS_MESH=skip              leave the mesh out, whose programs take ten minutes to build; not in CI
#   EGRESS_FAULTS_STEP=N          disturb every N-th request in the fault tests: 1 is each
#   EGRESS_TEST_CRDS=FILE         create these CustomResourceDefinitions in the sandboxes
set -euo pipefail
cd "$(dirname "$0")/.."
# python3 comes with Meson.
command -v python3 >/dev/null || tests/packages.sh build
exec python3 -B tests/runner/main.py "$@"
