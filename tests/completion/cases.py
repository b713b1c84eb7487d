"""What is typed behind the program's name, and what it becomes."""

CREATE = "create x -n complete-me "

# The text before TAB, and the command line after it.
COMPLETION_CASES = [
    ("a command", "cre", "create "),
    ("a flag", "list --all-n", "list --all-namespaces "),
    ("a flag's letter", "list -A", "list -A "),
    ("a value behind a sign of equality", "create x --tls=pass", "create x --tls=passthrough "),
    ("a value behind a blank", "create x --tls pass", "create x --tls passthrough "),
    ("a value of a letter", "list -o=ya", "list -o=yaml "),
    ("the only value", "create x --validate=", "create x --validate=strict "),
    ("a context with colons", "--context=arn:aws:e", "--context=arn:aws:eks:eu/one "),
    ("a context with colons behind a blank", "--context arn:", "--context arn:aws:eks:eu/one "),
    ("a context with an at sign", "--context kubernetes-admin@k", "--context kubernetes-admin@kubernetes "),
    ("a namespace", "list -n complete-m", "list -n complete-me "),
    ("a gateway", "inspect -n complete-me pay", "inspect -n complete-me payments "),
    ("the gateway that is left", "delete --namespace=complete-me web ", "delete --namespace=complete-me web payments "),
    ("a Secret", CREATE + "--upstream-ca=partn", CREATE + "--upstream-ca=partner-client "),
    (
        "a Secret beside the ingress gateway",
        "create x --ingress-namespace complete-edge --tls-secret edge",
        "create x --ingress-namespace complete-edge --tls-secret edge-certificate ",
    ),
    ("a ConfigMap", CREATE + "--opa-policy pol", CREATE + "--opa-policy policy-of-shop "),
    ("a file where no ConfigMap fits", CREATE + "--opa-policy rul", CREATE + "--opa-policy rules.rego "),
    ("callers", "create x --allow complete-me/a", "create x --allow complete-me/api "),
    ("a type, which goes on", "create x --adopt deploym", "create x --adopt deployment.apps/"),
    ("an object", CREATE + "--adopt=service/web", CREATE + "--adopt=service/web-egress "),
    (
        "an object of Istio's",
        CREATE + "--adopt=gateway.networking.istio.io/pay",
        CREATE + "--adopt=gateway.networking.istio.io/payments-egress ",
    ),
    ("a manifest, and no other file", "apply -f gat", "apply -f gateways.yaml "),
    ("a manifest behind a sign of equality", "diff --filename=gat", "diff --filename=gateways.yaml "),
    ("a manifest at home", "apply -f ~/gat", "apply -f ~/gateways.yaml "),
    ("a folder of manifests", "apply -f fold", "apply -f folder/"),
    ("any file", "list --kubeconfig oth", "list --kubeconfig other.config "),
    ("any file behind a sign of equality", "list --kubeconfig=oth", "list --kubeconfig=other.config "),
    (
        "a context of a kubeconfig at home",
        "--kubeconfig ~/other.config --context el",
        "--kubeconfig ~/other.config --context elsewhere ",
    ),
    ("nothing where there is nothing", "inspect -n complete-me zzz", "inspect -n complete-me zzz"),
    ("nothing for a name that is yet to be", "create we", "create we"),
]

# What is typed before the keys that list, what is listed, and what is not.
LIST_CASES = [
    ("commands and descriptions", "", ["create", "inspect", "Show what apply would change"], ["__complete"]),
    ("gateways", "inspect -n complete-me ", ["payments", "web"], ["web-egress", "policy-of-shop"]),
    ("a few values", "create x --protocol ", ["http", "https", "grpc", "tcp"], ["gateways.yaml"]),
    ("manifests and folders", "apply -f ", ["gateways.yaml", "folder"], ["gateways.txt", "rules.rego"]),
]

# Of those, what is typed behind `kubectl egress`, too.
KUBECTL_CASES = {
    "a command",
    "a flag",
    "a value behind a sign of equality",
    "a value behind a blank",
    "a namespace",
    "a gateway",
    "a context with colons",
    "a type, which goes on",
    "the gateway that is left",
    "any file",
}

# What kubectl is asked for without a shell.
KUBECTL_REQUESTS = [
    ["cre"],
    ["list", "--"],
    ["create", "x", "--tls="],
    ["create", "x", "--tls", "p"],
    ["apply", "-f", ""],
    ["inspect", "-n", "complete-me", ""],
    ["list", "--kubeconfig", ""],
    ["create", "--adopt", "dep"],
]

# A name that a shell could run.
MALICIOUS_NAME = "z$(touch pwned);touch pwned"
