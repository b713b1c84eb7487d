#include "egress/kube/connection.hpp"

#include <doctest/doctest.h>

#include "egress/kube/kubeconfig_validation.hpp"
#include "support/kubeconfig_fixture.hpp"
#include "support/memory_file.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::KubeconfigFixture;
using testing::MemoryFile;
using testing::mentions;
using Headers = std::vector<std::string>;

const std::string& roots() {
  return testing::key_pair().ca_certificate;
}

}  // namespace

TEST_CASE("the current context provides server, CA certificates, token and namespace") {
  const Connection connection = KubeconfigFixture().connection();
  CHECK(connection.endpoint.url == "https://api:6443");
  CHECK(connection.endpoint.certificate_authority == roots());
  CHECK_FALSE(connection.endpoint.insecure);
  CHECK(connection.endpoint.compression);
  CHECK(connection.identity.headers == Headers{"Authorization: Bearer t"});
  CHECK(connection.identity.host == "api:6443");
  CHECK(connection.identity.request_timeout == std::chrono::milliseconds(0));
  CHECK(connection.context == "dev");
  CHECK(connection.ns == "team");
}

TEST_CASE("a context, cluster or user named by a flag must exist") {
  KubeconfigFixture context;
  context.overrides.context = "x";
  CHECK(context.error_message() == "context \"x\" does not exist");
  KubeconfigFixture cluster;
  cluster.overrides.cluster = "x";
  CHECK(cluster.error_message() == "cluster \"x\" does not exist");
  KubeconfigFixture user;
  user.overrides.user = "x";
  CHECK(user.error_message() == "auth info \"x\" does not exist");
}

TEST_CASE("flags choose another context, cluster and user") {
  KubeconfigFixture fixture;
  fixture.config.clusters.push_back({"c2", object({{"server", "https://two"}}), "f"});
  fixture.config.users.push_back({"u2", object({{"token", "t2"}}), "f"});
  fixture.config.contexts.push_back({"two", object({{"cluster", "c2"}, {"user", "u2"}}), "f"});
  fixture.overrides.context = "two";
  CHECK(fixture.connection().context == "two");
  CHECK(fixture.endpoint().url == "https://two");
  CHECK(fixture.headers() == Headers{"Authorization: Bearer t2"});
  CHECK(fixture.connection().ns == "default");
  fixture.overrides.context.clear();
  fixture.overrides.cluster = "c2";
  fixture.overrides.user = "u2";
  CHECK(fixture.endpoint().url == "https://two");
  CHECK(fixture.headers() == Headers{"Authorization: Bearer t2"});
  CHECK(fixture.connection().ns == "team");
}

TEST_CASE("a missing current context is reported with the files that were read") {
  KubeconfigFixture fixture;
  fixture.config.current_context = "gone";
  CHECK(fixture.error_message() == "context was not found for specified context: gone (read: f)");
}

TEST_CASE("a context whose cluster is not defined does not fall back to localhost") {
  KubeconfigFixture fixture;
  fixture.context().set("cluster", "gone");
  CHECK(mentions(fixture.error_message(), {"context \"dev\"", "cluster \"gone\"", "read: f"}));
  fixture.context().erase("cluster");
  CHECK(mentions(fixture.error_message(), {"context \"dev\"", "no cluster", "read: f"}));
}

TEST_CASE("without a configured server, the in-cluster one, $KUBERNETES_MASTER or localhost is used") {
  KubeconfigFixture fixture;
  fixture.config = {};
  CHECK(fixture.endpoint().url == default_server);
  CHECK(fixture.headers().empty());
  ::setenv("KUBERNETES_MASTER", "http://master:8080", 1);
  CHECK(fixture.endpoint().url == "http://master:8080");
  ::unsetenv("KUBERNETES_MASTER");
  InClusterConfig pod;
  pod.config.clusters = {{"p", object({{"server", "https://10.0.0.1:443"}}), "f"}};
  pod.config.users = {{"p", object({{"token", "pod-token"}}), "f"}};
  pod.config.contexts = {{"", object({{"cluster", "p"}, {"user", "p"}}), "f"}};
  pod.ns = "pod-ns";
  fixture.in_cluster = pod;
  CHECK(fixture.endpoint().url == "https://10.0.0.1:443");
  CHECK(fixture.headers() == Headers{"Authorization: Bearer pod-token"});
  CHECK(fixture.connection().ns == "pod-ns");
  fixture.overrides.server = "https://direct:1";
  CHECK(fixture.endpoint().url == "https://direct:1");
  CHECK(fixture.headers().empty());
}

TEST_CASE("a kubeconfig overrides the in-cluster configuration, except for a missing namespace") {
  KubeconfigFixture fixture;
  fixture.in_cluster = InClusterConfig{{}, "pod-ns"};
  CHECK(fixture.endpoint().url == "https://api:6443");
  CHECK(fixture.connection().ns == "team");
  fixture.context().erase("namespace");
  CHECK(fixture.connection().ns == "pod-ns");
  fixture.context().set("namespace", "default");
  CHECK(fixture.connection().ns == "default");
}

TEST_CASE("a context may have an empty name") {
  KubeconfigFixture fixture;
  fixture.config.current_context.clear();
  fixture.config.contexts.front().name.clear();
  CHECK(fixture.endpoint().url == "https://api:6443");
}

TEST_CASE("all configuration problems are reported at once, the user's first") {
  KubeconfigFixture fixture;
  fixture.cluster() = object({{"proxy-url", "ftp://p"}});
  fixture.overrides.as_uid = "7";
  CHECK(fixture.error_message() ==
        "\n* requesting uid, groups or user-extra for u without impersonating a user"
        "\n* no server found for cluster \"c\""
        "\n* invalid 'proxy-url' \"ftp://p\" for cluster \"c\": unsupported scheme \"ftp\", must be http, "
        "https, or socks5");
  try {
    fixture.connection();
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.headline().starts_with("Error in configuration: \n* "));
  }
}

TEST_CASE("CA certificates that are specified twice or cannot be read are refused") {
  KubeconfigFixture both;
  both.cluster().set("certificate-authority", "/nowhere/ca");
  CHECK(both.error_message() ==
        "certificate-authority-data and certificate-authority are both specified for c. "
        "certificate-authority-data will override.");
  KubeconfigFixture missing;
  missing.cluster() = object({{"server", "https://api"}, {"certificate-authority", "/nowhere/ca"}});
  CHECK(missing.error_message() ==
        "unable to read certificate-authority /nowhere/ca for c due to open /nowhere/ca: no such file or "
        "directory");
}

TEST_CASE("a kubeconfig's proxy-url overrides the environment's proxy, for every server") {
  ::setenv("HTTPS_PROXY", "http://from-environment", 1);
  KubeconfigFixture fixture;
  CHECK(fixture.endpoint().proxy == "http://from-environment");
  fixture.cluster().set("proxy-url", "socks5://from-file:1080");
  CHECK(fixture.endpoint().proxy == "socks5://from-file:1080");
  fixture.overrides.server = "https://127.0.0.1:6443";
  CHECK(fixture.endpoint().proxy == "socks5://from-file:1080");
  ::unsetenv("HTTPS_PROXY");
}

TEST_CASE("the identity knows whether a proxy is used") {
  KubeconfigFixture fixture;
  CHECK_FALSE(fixture.connection().identity.uses_proxy);
  CHECK(fixture.endpoint().idle_timeout == std::chrono::seconds(300));
  fixture.cluster().set("proxy-url", "http://proxy:3128");
  CHECK(fixture.connection().identity.uses_proxy);
  CHECK(fixture.endpoint().idle_timeout == std::chrono::seconds(75));
}

TEST_CASE("a proxy-url must have a supported scheme, and its password is not shown") {
  KubeconfigFixture fixture;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"socks5h://p", "\"socks5h://p\" for cluster \"c\": unsupported scheme \"socks5h\", must be"},
      {"ftp://jane:secret@p", "\"ftp://…@p\" for cluster \"c\": unsupported scheme \"ftp\", must be"},
      {"10.0.0.1:3128", "\"10.0.0.1:3128\" for cluster \"c\": could not parse"},
      {"proxy:3128", "\"proxy:3128\" for cluster \"c\": unsupported scheme \"proxy\", must be"},
      {"http://jane:secret@p:99999", "\"http://…@p:99999\" for cluster \"c\": could not parse"},
      {"proxy", "\"proxy\" for cluster \"c\": unsupported scheme \"\", must be"},
  };
  for (const auto& row : cases) {
    CAPTURE(row.first);
    fixture.cluster().set("proxy-url", row.first);
    CHECK(fixture.error_message().starts_with("invalid 'proxy-url' " + row.second));
  }
}

TEST_CASE("DISABLE_HTTP2 disables HTTP/2") {
  CHECK(KubeconfigFixture().endpoint().http2);
  ::setenv("DISABLE_HTTP2", "1", 1);
  CHECK_FALSE(KubeconfigFixture().endpoint().http2);
  ::unsetenv("DISABLE_HTTP2");
}

TEST_CASE("a context without a user, or with an undefined one, is anonymous and warns") {
  KubeconfigFixture fixture;
  fixture.context().set("user", "gone");
  CHECK(fixture.headers().empty());
  CHECK(fixture.connection().warnings ==
        std::vector<std::string>{
            "context \"dev\" has the user \"gone\", which does not exist; sending no credentials"});
  fixture.context().erase("user");
  CHECK(fixture.headers().empty());
  CHECK(fixture.connection().warnings ==
        std::vector<std::string>{"context \"dev\" has no user; sending no credentials"});
  fixture.overrides.token = "t";
  CHECK(fixture.connection().warnings.empty());
  fixture.overrides.token.clear();
  fixture.cluster() = object({{"server", "http://127.0.0.1:8001"}});
  CHECK(fixture.connection().warnings.empty());
}

TEST_CASE("the namespace is the flag's, the context's, or default") {
  KubeconfigFixture fixture;
  fixture.overrides.ns = "mine";
  CHECK(fixture.connection().ns == "mine");
  CHECK(namespace_of(fixture.config, {}, {}) == "team");
  fixture.context().erase("namespace");
  CHECK(namespace_of(fixture.config, {}, {}) == "default");
  CHECK(namespace_of({}, {}, {}) == "default");
}

TEST_CASE("a trailing slash of a server's URL is removed, its path is kept") {
  KubeconfigFixture fixture;
  fixture.overrides.server = "https://rancher/k8s/clusters/c-1//";
  CHECK(fixture.endpoint().url == "https://rancher/k8s/clusters/c-1");
  CHECK(fixture.connection().identity.host == "rancher");
}

TEST_CASE("a server without a scheme is refused with a suggestion") {
  KubeconfigFixture fixture;
  fixture.overrides.server = "api:6443";
  CHECK(
      mentions(testing::error_of([&] { fixture.connection(); }), {"api:6443", "scheme", "https://api:6443"}));
  fixture.overrides.server = "jane:secret@api:6443";
  CHECK(mentions(fixture.error_message(), {"@api:6443", "scheme"}));
  CHECK(fixture.error_message().find("secret") == std::string::npos);
}

TEST_CASE("a scheme may be upper case") {
  KubeconfigFixture fixture;
  fixture.overrides.server = "HTTPS://api:6443";
  CHECK(fixture.headers() == Headers{"Authorization: Bearer t"});
  CHECK(fixture.connection().identity.host == "api:6443");
}

TEST_CASE("user info in a server's URL is not in the host that messages show") {
  KubeconfigFixture fixture;
  fixture.overrides.server = "https://admin:secret@api:6443/prefix";
  CHECK(fixture.connection().identity.host == "api:6443");
}

TEST_CASE("CA certificates and insecure-skip-tls-verify exclude each other") {
  KubeconfigFixture fixture;
  fixture.cluster().set("insecure-skip-tls-verify", true);
  CHECK(fixture.error_message() ==
        "specifying a root certificates file with the insecure flag is not allowed");
  fixture.cluster().erase("certificate-authority-data");
  CHECK(fixture.endpoint().insecure);
}

TEST_CASE("--certificate-authority and --insecure-skip-tls-verify override both fields of the kubeconfig") {
  KubeconfigFixture fixture;
  fixture.overrides.insecure = true;
  CHECK(fixture.endpoint().insecure);
  CHECK(fixture.endpoint().certificate_authority.empty());
  const MemoryFile file("junk\n" + roots() + "more");
  KubeconfigFixture other;
  other.cluster() = object({{"server", "https://api"}, {"insecure-skip-tls-verify", true}});
  other.overrides.certificate_authority = file.path();
  CHECK_FALSE(other.endpoint().insecure);
  CHECK(other.endpoint().certificate_authority == roots());
}

TEST_CASE("a CA file without a certificate is refused") {
  KubeconfigFixture fixture;
  fixture.cluster().set("certificate-authority-data", encode_base64("no PEM"));
  CHECK(fixture.error_message() == "unable to load root certificates: unable to parse bytes as PEM block");
}

TEST_CASE("an empty CA file is refused and does not fall back to the system roots") {
  KubeconfigFixture file;
  file.cluster() = object({{"server", "https://api"}, {"certificate-authority", "/dev/null"}});
  CHECK(file.error_message() == "unable to load root certificates: unable to parse bytes as PEM block");
  KubeconfigFixture flag;
  flag.overrides.certificate_authority = "/dev/null";
  CHECK(flag.error_message() == "unable to load root certificates: unable to parse bytes as PEM block");
}

TEST_CASE("the TLS server name is the flag's, or the kubeconfig's unless a flag sets the server") {
  KubeconfigFixture fixture;
  fixture.cluster().set("tls-server-name", "file.name");
  CHECK(fixture.endpoint().server_name == "file.name");
  fixture.overrides.server = "https://other";
  CHECK(fixture.endpoint().server_name.empty());
  fixture.overrides.tls_server_name = "flag.name";
  CHECK(fixture.endpoint().server_name == "flag.name");
}

TEST_CASE("the TLS server name must be a host name or address") {
  KubeconfigFixture fixture;
  for (const std::string name : {"u@127.0.0.1:2/", "127.0.0.1:2", "a/b", "a?b", "a#b", "a b", "a\\b",
                                 "*.example", "[::1", "[api]", "b\u00fccher.example", "a\x1b[2J"}) {
    CAPTURE(name);
    fixture.overrides.tls_server_name = name;
    CHECK(fixture.error_message().starts_with("the tls-server-name \""));
    CHECK(fixture.error_message().find('\x1b') == std::string::npos);
  }
  for (const std::string name : {"api", "api.example.", "my_api-1.example", "10.0.0.1", "::1", "[::1]"}) {
    CAPTURE(name);
    fixture.overrides.tls_server_name = name;
    CHECK(fixture.endpoint().server_name == name);
  }
  fixture.overrides.tls_server_name.clear();
  fixture.cluster().set("tls-server-name", "u@127.0.0.1:2/");
  CHECK(mentions(fixture.error_message(), {"tls-server-name", "u@127.0.0.1:2/"}));
  // Plain HTTP verifies no server.
  fixture.cluster() = object({{"server", "http://api:8080"}, {"tls-server-name", "u@127.0.0.1:2/"}});
  CHECK(fixture.endpoint().server_name.empty());
}

TEST_CASE("file names in messages are made printable") {
  KubeconfigFixture fixture;
  fixture.config.files = {"/home/\x1b[2J/config"};
  fixture.config.current_context = "other";
  CHECK(fixture.error_message() ==
        "context was not found for specified context: other (read: /home/^[[2J/config)");
}

TEST_CASE("compression is disabled by the kubeconfig or the flag") {
  KubeconfigFixture file;
  file.cluster().set("disable-compression", true);
  CHECK_FALSE(file.endpoint().compression);
  KubeconfigFixture flag;
  flag.overrides.disable_compression = true;
  CHECK_FALSE(flag.endpoint().compression);
}

TEST_CASE("--request-timeout is parsed as a duration") {
  KubeconfigFixture fixture;
  fixture.overrides.request_timeout = "1m30s";
  CHECK(fixture.connection().identity.request_timeout == std::chrono::seconds(90));
  fixture.overrides.request_timeout = "soon";
  CHECK(fixture.error_message() ==
        "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a "
        "corresponding time unit (e.g. 1s | 2m | 3h)");
}

}  // namespace egress::kube

TEST_SUITE_END();
