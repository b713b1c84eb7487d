"""exec credential plugins."""

import json

from case import Case, basic

V1 = "client.authentication.k8s.io/v1"
V1BETA1 = "client.authentication.k8s.io/v1beta1"
PLUGIN_TOKEN = {"authorization": "Bearer s3cr3t-plugged"}


def plugin(**fields):
    """A user who logs in by the plugin; None takes a field away."""
    exec_config = {"apiVersion": V1, "command": "./plugin", "interactiveMode": "Never", **fields}
    return {"exec": {key: value for key, value in exec_config.items() if value is not None}}


def answer(version=V1, kind="ExecCredential", **status):
    """What the plugin prints."""
    body = {
        "kind": kind,
        "apiVersion": version,
        "status": {key.replace("_", "-"): value for key, value in status.items()},
    }
    return {"PLUGIN_ANSWER": json.dumps({key: value for key, value in body.items() if value is not None})}


def status(**fields):
    return {"PLUGIN_ANSWER": json.dumps({"kind": "ExecCredential", "apiVersion": V1, **fields})}


def case(name, user=None, env=None, **more):
    return Case(name, user=user or plugin(), env=answer(token="s3cr3t-plugged") if env is None else env, **more)


def plugin_runs(version=V1, **spec):
    """The plugin runs of a command that needs one."""
    info = {"kind": "ExecCredential", "apiVersion": version, "spec": {"interactive": False, **spec}}
    return [{"info": info, "arguments": [], "input": ""}]


CERTIFICATE = {"clientCertificateData": "${alice-pem}", "clientKeyData": "${alice-key-pem}"}


def kuberc(policy, name=".kube/kuberc", **fields):
    """A kuberc with that policy, as a case's files."""
    body = {
        "apiVersion": "kubectl.config.k8s.io/v1beta1",
        "kind": "Preference",
        "credentialPluginPolicy": policy,
    }
    return {name: json.dumps({**body, **fields})}


CASES = [
    case("a plugin's token", expected={**PLUGIN_TOKEN, "plugin": plugin_runs(), "plugin asked again": False}),
    case(
        "a plugin of v1beta1",
        plugin(apiVersion=V1BETA1),
        answer(V1BETA1, token="s3cr3t-plugged"),
        expected={**PLUGIN_TOKEN, "plugin": plugin_runs(V1BETA1)},
    ),
    case(
        "v1beta1 without interactiveMode",
        plugin(apiVersion=V1BETA1, interactiveMode=None),
        answer(V1BETA1, token="s3cr3t-plugged"),
        expected={**PLUGIN_TOKEN, "plugin": plugin_runs(V1BETA1)},
    ),
    case(
        "v1alpha1 is gone",
        plugin(apiVersion="client.authentication.k8s.io/v1alpha1"),
        error="plugin version unknown",
    ),
    case("a plugin without apiVersion", plugin(apiVersion=None), error="plugin incomplete"),
    case("a plugin without command", plugin(command=None), error="plugin incomplete"),
    case("v1 without interactiveMode", plugin(interactiveMode=None), error="plugin incomplete"),
    case("an interactiveMode that nobody knows", plugin(interactiveMode="Perhaps"), error="plugin mode unknown"),
    case(
        "interactiveMode IfAvailable without a terminal",
        plugin(interactiveMode="IfAvailable"),
        expected={**PLUGIN_TOKEN, "plugin": plugin_runs()},
    ),
    case(
        "interactiveMode Always without a terminal",
        plugin(interactiveMode="Always"),
        error="plugin needs a terminal",
    ),
    case(
        "a plugin's arguments",
        plugin(args=["a b", "$HOME", ""]),
        expected={"plugin": [{**plugin_runs()[0], "arguments": ["a b", "$HOME", ""]}]},
    ),
    case(
        "a plugin's environment",
        plugin(env=[{"name": "PLUGIN_NOTED", "value": "x=y"}]),
        expected={"plugin": [{**plugin_runs()[0], "noted": "x=y"}]},
    ),
    case(
        "a plugin's environment over the user's",
        plugin(env=[{"name": "PLUGIN_NOTED", "value": "configured"}]),
        {**answer(token="s3cr3t-plugged"), "PLUGIN_NOTED": "inherited"},
        expected={"plugin": [{**plugin_runs()[0], "noted": "configured"}]},
    ),
    case(
        "a plugin's environment with a nameless variable",
        plugin(env=[{"name": "", "value": "x"}]),
        error="plugin incomplete",
    ),
    Case("exec-args-null", file="exec-args-null.yaml", env=answer(token="s3cr3t-plugged"), expected=PLUGIN_TOKEN),
    Case("exec-env-null", file="exec-env-null.yaml", env=answer(token="s3cr3t-plugged"), expected=PLUGIN_TOKEN),
    Case("exec-null", file="exec-null.yaml", expected={"authorization": "Bearer s3cr3t-tok", "plugin": []}),
    case(
        "provideClusterInfo",
        plugin(provideClusterInfo=True),
        cluster={
            "tls-server-name": "inner.parity.test",
            "proxy-url": "http://${proxy}",
            "disable-compression": True,
        },
        expected={
            **PLUGIN_TOKEN,
            "plugin": plugin_runs(
                cluster={
                    "server": "${server}",
                    "tls-server-name": "inner.parity.test",
                    "certificate-authority-data": "${ca-crt-data}",
                    "proxy-url": "http://${proxy}",
                    "disable-compression": True,
                }
            ),
        },
    ),
    case(
        "provideClusterInfo with an extension",
        plugin(provideClusterInfo=True),
        cluster={
            "certificate-authority": None,
            "insecure-skip-tls-verify": True,
            "extensions": [
                {"name": "other", "extension": {"a": 1}},
                {
                    "name": "client.authentication.k8s.io/exec",
                    "extension": {"audience": "x", "deep": [1, {"y": None}]},
                },
            ],
        },
        expected={
            "plugin": plugin_runs(
                cluster={
                    "server": "${server}",
                    "insecure-skip-tls-verify": True,
                    "config": {"audience": "x", "deep": [1, {"y": None}]},
                }
            )
        },
    ),
    case(
        "provideClusterInfo with --server and --tls-server-name",
        plugin(provideClusterInfo=True),
        flags=("--server", "${server}/p", "--tls-server-name", "inner.parity.test"),
        expected={**PLUGIN_TOKEN, "prefix": "/p"},
    ),
    case(
        "a plugin's answer in YAML",
        env={"PLUGIN_ANSWER": f"kind: ExecCredential\napiVersion: {V1}\nstatus:\n  token: s3cr3t-plugged\n"},
        expected=PLUGIN_TOKEN,
    ),
    case(
        "a plugin's certificate",
        env=answer(**CERTIFICATE),
        expected={"certificate": "alice", "authorization": ""},
    ),
    case(
        "a plugin's certificate and token",
        env=answer(token="s3cr3t-plugged", **CERTIFICATE),
        expected={**PLUGIN_TOKEN, "certificate": "alice"},
    ),
    case(
        "a plugin's certificate without the key",
        env=answer(clientCertificateData="${alice-pem}"),
        error="plugin half a pair",
    ),
    case(
        "a plugin's certificate that is none",
        env=answer(clientCertificateData="x", clientKeyData="y"),
        error="client certificate unreadable",
    ),
    case(
        "a plugin's certificate with another's key",
        env=answer(clientCertificateData="${alice-pem}", clientKeyData="${bob-key-pem}"),
        error="key mismatch",
    ),
    case(
        "a plugin's credential that is valid for long",
        env=answer(token="s3cr3t-plugged", expirationTimestamp="2099-01-01T00:00:00Z"),
        expected={**PLUGIN_TOKEN, "plugin": plugin_runs()},
    ),
    case(
        "a plugin's expiry that is no time",
        env=answer(token="s3cr3t-plugged", expirationTimestamp="tomorrow"),
        error="plugin answer",
    ),
    case(
        "a plugin that answers in another version",
        env=answer(V1BETA1, token="s3cr3t-plugged"),
        error="plugin answers otherwise",
    ),
    case(
        "a plugin that answers with another kind",
        env=answer(kind="Credential", token="s3cr3t-plugged"),
        error="plugin answer",
    ),
    case(
        "a plugin that answers nothing",
        env={"PLUGIN_ANSWER": ""},
        error="plugin answers otherwise",
        deviation="nothing is no credential, and not one of another version",
        tool_outcome="plugin answer",
    ),
    case("a plugin that answers no object", env={"PLUGIN_ANSWER": "please log in\n"}, error="plugin answer"),
    case("a plugin without status", env=status(), error="plugin no status"),
    case("a plugin with an empty status", env=status(status={}), error="plugin no token"),
    case("a plugin with an empty token", env=answer(token=""), error="plugin no token"),
    case("a plugin's token with a line end", env=answer(token="s3cr3t-a\nb"), error="header value"),
    case("a plugin that fails", env={"PLUGIN_EXIT": "3", "PLUGIN_SAYS": "not today\n"}, error="plugin failed"),
    case(
        "a plugin that is not on PATH",
        plugin(command="egress-no-such-plugin", installHint="get it"),
        error="plugin not found",
    ),
    case("a plugin that is not at its path", plugin(command="/nowhere/plugin"), error="plugin not at its path"),
    case("a plugin that is no program", plugin(command="${pki}/ca.crt"), error="plugin not permitted"),
    case(
        "a token makes the plugin needless",
        {**plugin(), "token": "s3cr3t-t"},
        expected={"authorization": "Bearer s3cr3t-t", "plugin": []},
    ),
    case(
        "--token makes the plugin needless",
        flags=("--token", "s3cr3t-t"),
        expected={"authorization": "Bearer s3cr3t-t", "plugin": []},
    ),
    case(
        "a password makes the plugin needless",
        {**plugin(), "username": "me", "password": "s3cr3t"},
        expected={"authorization": basic("me", "s3cr3t"), "plugin": []},
    ),
    case(
        "a client certificate makes the plugin needless",
        {**plugin(), "client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        expected={"certificate": "alice", "plugin": []},
    ),
    case(
        "a plugin together with an auth-provider",
        {**plugin(), "auth-provider": {"name": "x"}},
        error="plugin and provider",
    ),
    case(
        "a plugin is not asked for plain http",
        cluster={"server": "${plain}"},
        expected={"authorization": "", "plugin": []},
    ),
    case(
        "a plugin's credential through a proxy",
        cluster={"server": "https://api.parity.test:${port}", "proxy-url": "socks5://${socks}"},
        expected={**PLUGIN_TOKEN, "proxy": "socks5 api.parity.test"},
    ),
    case(
        "a plugin's credential and whom to act as",
        {**plugin(), "as": "jane"},
        expected={**PLUGIN_TOKEN, "impersonate": ["user: jane"]},
    ),
    case(
        "kuberc that denies plugins",
        files=kuberc("DenyAll"),
        error="plugin denied",
    ),
    case("a plugin's token that is refused", env=answer(token="s3cr3t-unauthorized"), error="unauthorized"),
    case("kuberc that allows all plugins", files=kuberc("AllowAll"), expected=PLUGIN_TOKEN),
    case(
        "kuberc that allows this plugin",
        files=kuberc("Allowlist", credentialPluginAllowlist=[{"name": "${folder}/plugin"}]),
        expected=PLUGIN_TOKEN,
    ),
    case(
        "kuberc that allows another plugin",
        files=kuberc("Allowlist", credentialPluginAllowlist=[{"name": "other"}]),
        error="plugin denied",
    ),
    case(
        "a kuberc that KUBERC names",
        env={**answer(token="s3cr3t-plugged"), "KUBERC": "mine"},
        files=kuberc("DenyAll", "mine"),
        error="plugin denied",
    ),
    case(
        "a kuberc that KUBERC turns off",
        env={**answer(token="s3cr3t-plugged"), "KUBERC": "off"},
        files=kuberc("DenyAll"),
        expected=PLUGIN_TOKEN,
    ),
    case(
        "a kuberc that is turned off as a feature",
        env={**answer(token="s3cr3t-plugged"), "KUBECTL_KUBERC": "false"},
        files=kuberc("DenyAll"),
        expected=PLUGIN_TOKEN,
    ),
    case(
        "a plugin's credential that has expired is used all the same",
        env=answer(token="s3cr3t-plugged", expirationTimestamp="2001-01-01T00:00:00Z"),
        expected={**PLUGIN_TOKEN, "plugin": plugin_runs(), "plugin asked again": True},
    ),
    case(
        "a plugin whose first token is refused",
        env={
            **answer(token="s3cr3t-plugged"),
            "PLUGIN_ANSWER_FIRST": answer(token="s3cr3t-unauthorized")["PLUGIN_ANSWER"],
        },
        error="unauthorized",
        deviation="it is asked again, and the request made once more",
        tool_outcome={
            "authorization": ["Bearer s3cr3t-unauthorized", "Bearer s3cr3t-plugged"],
            "plugin asked again": True,
        },
    ),
]
