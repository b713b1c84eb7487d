"""The scenarios: every claim of the README, `inspect` and the contract that traffic can prove.

Each has a gateway of its own, called {name}, in a namespace of its own. Every name below a domain of the external hosts
(tests/sandbox/mesh/world/outside/hosts.go) resolves to that host.
"""

from table.access import ACCESS
from table.failures import FAILING_HOSTS, KNOWN_FAULTS, PODS
from table.integrations import INTEGRATIONS, MAKE_BEFORE_BREAK
from table.protocols import PROTOCOLS
from table.tls import TLS

SCENARIOS = TLS + PROTOCOLS + ACCESS + FAILING_HOSTS + PODS + INTEGRATIONS + MAKE_BEFORE_BREAK + KNOWN_FAULTS
