#include "egress/kube/access.hpp"

#include <doctest/doctest.h>

#include "egress/kube/usable.hpp"
#include "support/given.hpp"
#include "support/memory_file.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Given;
using testing::MemoryFile;
using testing::mentions;
using Headers = std::vector<std::string>;

const std::string& roots() {
  return testing::key_pair().ca_certificate;
}

}  // namespace

TEST_CASE("the current context leads to server, roots, token and namespace") {
  const Access access = Given().access();
  CHECK(access.endpoint.url == "https://api:6443");
  CHECK(access.endpoint.certificate_authority == roots());
  CHECK_FALSE(access.endpoint.insecure);
  CHECK(access.endpoint.compression);
  CHECK(access.identity.headers == Headers{"Authorization: Bearer t"});
  CHECK(access.identity.host == "api:6443");
  CHECK(access.identity.request_timeout == std::chrono::milliseconds(0));
  CHECK(access.context == "dev");
  CHECK(access.ns == "team");
}

TEST_CASE("what a flag names must be there") {
  Given context;
  context.overrides.context = "x";
  CHECK(context.fault() == "context \"x\" does not exist");
  Given cluster;
  cluster.overrides.cluster = "x";
  CHECK(cluster.fault() == "cluster \"x\" does not exist");
  Given user;
  user.overrides.user = "x";
  CHECK(user.fault() == "auth info \"x\" does not exist");
}

TEST_CASE("flags choose another context, cluster and user") {
  Given given;
  given.config.clusters.push_back({"c2", object({{"server", "https://two"}}), "f"});
  given.config.users.push_back({"u2", object({{"token", "t2"}}), "f"});
  given.config.contexts.push_back({"two", object({{"cluster", "c2"}, {"user", "u2"}}), "f"});
  given.overrides.context = "two";
  CHECK(given.access().context == "two");
  CHECK(given.endpoint().url == "https://two");
  CHECK(given.headers() == Headers{"Authorization: Bearer t2"});
  CHECK(given.access().ns == "default");
  given.overrides.context.clear();
  given.overrides.cluster = "c2";
  given.overrides.user = "u2";
  CHECK(given.endpoint().url == "https://two");
  CHECK(given.headers() == Headers{"Authorization: Bearer t2"});
  CHECK(given.access().ns == "team");
}

TEST_CASE("a current context that is not there is told with the files that were read") {
  Given given;
  given.config.current_context = "gone";
  CHECK(given.fault() == "context was not found for specified context: gone (read: f)");
}

TEST_CASE("a context whose cluster is not defined does not lead to localhost") {
  Given given;
  given.context().set("cluster", "gone");
  CHECK(mentions(given.fault(), {"context \"dev\"", "cluster \"gone\"", "read: f"}));
  given.context().erase("cluster");
  CHECK(mentions(given.fault(), {"context \"dev\"", "no cluster", "read: f"}));
}

TEST_CASE("where nothing names a server it is the one around the pod, the environment's, or localhost") {
  Given given;
  given.config = {};
  CHECK(given.endpoint().url == default_server);
  CHECK(given.headers().empty());
  ::setenv("KUBERNETES_MASTER", "http://master:8080", 1);
  CHECK(given.endpoint().url == "http://master:8080");
  ::unsetenv("KUBERNETES_MASTER");
  InCluster pod;
  pod.config.clusters = {{"p", object({{"server", "https://10.0.0.1:443"}}), "f"}};
  pod.config.users = {{"p", object({{"token", "pod-token"}}), "f"}};
  pod.config.contexts = {{"", object({{"cluster", "p"}, {"user", "p"}}), "f"}};
  pod.ns = "pod-ns";
  given.pod = pod;
  CHECK(given.endpoint().url == "https://10.0.0.1:443");
  CHECK(given.headers() == Headers{"Authorization: Bearer pod-token"});
  CHECK(given.access().ns == "pod-ns");
  given.overrides.server = "https://direct:1";
  CHECK(given.endpoint().url == "https://direct:1");
  CHECK(given.headers().empty());
}

TEST_CASE("a kubeconfig counts before the pod, but its namespace may be missing") {
  Given given;
  given.pod = InCluster{{}, "pod-ns"};
  CHECK(given.endpoint().url == "https://api:6443");
  CHECK(given.access().ns == "team");
  given.context().erase("namespace");
  CHECK(given.access().ns == "pod-ns");
  given.context().set("namespace", "default");
  CHECK(given.access().ns == "default");
}

TEST_CASE("a context may have an empty name") {
  Given given;
  given.config.current_context.clear();
  given.config.contexts.front().name.clear();
  CHECK(given.endpoint().url == "https://api:6443");
}

TEST_CASE("what cannot be used is told at once, the user's first") {
  Given given;
  given.cluster() = object({{"proxy-url", "ftp://p"}});
  given.overrides.as_uid = "7";
  CHECK(given.fault() ==
        "\n* requesting uid, groups or user-extra for u without impersonating a user"
        "\n* no server found for cluster \"c\""
        "\n* invalid 'proxy-url' \"ftp://p\" for cluster \"c\": unsupported scheme \"ftp\", must be http, "
        "https, or socks5");
  try {
    given.access();
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.headline().starts_with("Error in configuration: \n* "));
  }
}

TEST_CASE("roots that are given both ways, or cannot be read, are refused by name") {
  Given both;
  both.cluster().set("certificate-authority", "/nowhere/ca");
  CHECK(both.fault() ==
        "certificate-authority-data and certificate-authority are both specified for c. "
        "certificate-authority-data will override.");
  Given missing;
  missing.cluster() = object({{"server", "https://api"}, {"certificate-authority", "/nowhere/ca"}});
  CHECK(missing.fault() ==
        "unable to read certificate-authority /nowhere/ca for c due to open /nowhere/ca: no such file or "
        "directory");
}

TEST_CASE("a kubeconfig's proxy counts before the environment's, and for every server") {
  ::setenv("HTTPS_PROXY", "http://from-environment", 1);
  Given given;
  CHECK(given.endpoint().proxy == "http://from-environment");
  given.cluster().set("proxy-url", "socks5://from-file:1080");
  CHECK(given.endpoint().proxy == "socks5://from-file:1080");
  given.overrides.server = "https://127.0.0.1:6443";
  CHECK(given.endpoint().proxy == "socks5://from-file:1080");
  ::unsetenv("HTTPS_PROXY");
}

TEST_CASE("it is known whether a proxy stands before the server") {
  Given given;
  CHECK_FALSE(given.access().identity.through_proxy);
  CHECK(given.endpoint().longest_silence == std::chrono::seconds(300));
  given.cluster().set("proxy-url", "http://proxy:3128");
  CHECK(given.access().identity.through_proxy);
  CHECK(given.endpoint().longest_silence == std::chrono::seconds(75));
}

TEST_CASE("a proxy-url must be one of three kinds, and its password is not shown") {
  Given given;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"socks5h://p", "\"socks5h://p\" for cluster \"c\": unsupported scheme \"socks5h\", must be"},
      {"ftp://jane:secret@p", "\"ftp://…@p\" for cluster \"c\": unsupported scheme \"ftp\", must be"},
      {"10.0.0.1:3128", "\"10.0.0.1:3128\" for cluster \"c\": could not parse"},
      {"proxy:3128", "\"proxy:3128\" for cluster \"c\": unsupported scheme \"proxy\", must be"},
      {"http://jane:secret@p:99999", "\"http://…@p:99999\" for cluster \"c\": could not parse"},
      {"proxy", "\"proxy\" for cluster \"c\": unsupported scheme \"\", must be"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.first);
    given.cluster().set("proxy-url", one.first);
    CHECK(given.fault().starts_with("invalid 'proxy-url' " + one.second));
  }
}

TEST_CASE("HTTP/2 may be turned off by the environment") {
  CHECK(Given().endpoint().http2);
  ::setenv("DISABLE_HTTP2", "1", 1);
  CHECK_FALSE(Given().endpoint().http2);
  ::unsetenv("DISABLE_HTTP2");
}

TEST_CASE("a context without a user, or with one that is not defined, is anonymous and says so") {
  Given given;
  given.context().set("user", "gone");
  CHECK(given.headers().empty());
  CHECK(given.access().warnings ==
        std::vector<std::string>{
            "context \"dev\" names the user \"gone\", which is not defined; nobody is logged in"});
  given.context().erase("user");
  CHECK(given.headers().empty());
  CHECK(given.access().warnings ==
        std::vector<std::string>{"context \"dev\" names no user; nobody is logged in"});
  given.overrides.token = "t";
  CHECK(given.access().warnings.empty());
  given.overrides.token.clear();
  given.cluster() = object({{"server", "http://127.0.0.1:8001"}});
  CHECK(given.access().warnings.empty());
}

TEST_CASE("the namespace is the flag's, the context's, or default") {
  Given given;
  given.overrides.ns = "mine";
  CHECK(given.access().ns == "mine");
  CHECK(namespace_of(given.config, {}, {}) == "team");
  given.context().erase("namespace");
  CHECK(namespace_of(given.config, {}, {}) == "default");
  CHECK(namespace_of({}, {}, {}) == "default");
}

TEST_CASE("a server's slash at the end goes, its path stays") {
  Given given;
  given.overrides.server = "https://rancher/k8s/clusters/c-1//";
  CHECK(given.endpoint().url == "https://rancher/k8s/clusters/c-1");
  CHECK(given.access().identity.host == "rancher");
}

TEST_CASE("a server without a scheme is refused, with the likely one offered") {
  Given given;
  given.overrides.server = "api:6443";
  CHECK(mentions(testing::error_of([&] { given.access(); }), {"api:6443", "scheme", "https://api:6443"}));
  given.overrides.server = "jane:secret@api:6443";
  CHECK(mentions(given.fault(), {"@api:6443", "scheme"}));
  CHECK(given.fault().find("secret") == std::string::npos);
}

TEST_CASE("a scheme may be in capitals") {
  Given given;
  given.overrides.server = "HTTPS://api:6443";
  CHECK(given.headers() == Headers{"Authorization: Bearer t"});
  CHECK(given.access().identity.host == "api:6443");
}

TEST_CASE("what is secret in a server's URL is not in the host that messages show") {
  Given given;
  given.overrides.server = "https://admin:secret@api:6443/prefix";
  CHECK(given.access().identity.host == "api:6443");
}

TEST_CASE("roots and no verification exclude each other") {
  Given given;
  given.cluster().set("insecure-skip-tls-verify", true);
  CHECK(given.fault() == "specifying a root certificates file with the insecure flag is not allowed");
  given.cluster().erase("certificate-authority-data");
  CHECK(given.endpoint().insecure);
}

TEST_CASE("the flags for roots and for no verification replace both of the file's") {
  Given given;
  given.overrides.insecure = true;
  CHECK(given.endpoint().insecure);
  CHECK(given.endpoint().certificate_authority.empty());
  const MemoryFile file("junk\n" + roots() + "more");
  Given other;
  other.cluster() = object({{"server", "https://api"}, {"insecure-skip-tls-verify", true}});
  other.overrides.certificate_authority = file.path();
  CHECK_FALSE(other.endpoint().insecure);
  CHECK(other.endpoint().certificate_authority == roots());
}

TEST_CASE("roots that hold no certificate are refused") {
  Given given;
  given.cluster().set("certificate-authority-data", base64("no PEM"));
  CHECK(given.fault() == "unable to load root certificates: unable to parse bytes as PEM block");
}

TEST_CASE("an empty file of roots trusts nobody, not everybody whom this machine trusts") {
  Given file;
  file.cluster() = object({{"server", "https://api"}, {"certificate-authority", "/dev/null"}});
  CHECK(file.fault() == "unable to load root certificates: unable to parse bytes as PEM block");
  Given flag;
  flag.overrides.certificate_authority = "/dev/null";
  CHECK(flag.fault() == "unable to load root certificates: unable to parse bytes as PEM block");
}

TEST_CASE("the name to verify is the flag's, or the file's unless a flag names the server") {
  Given given;
  given.cluster().set("tls-server-name", "file.name");
  CHECK(given.endpoint().server_name == "file.name");
  given.overrides.server = "https://other";
  CHECK(given.endpoint().server_name.empty());
  given.overrides.tls_server_name = "flag.name";
  CHECK(given.endpoint().server_name == "flag.name");
}

TEST_CASE("the name to verify is a name and no more: the URL that it becomes part of leads nowhere else") {
  Given given;
  for (const std::string name : {"u@127.0.0.1:2/", "127.0.0.1:2", "a/b", "a?b", "a#b", "a b", "a\\b",
                                 "*.example", "[::1", "[api]", "b\u00fccher.example", "a\x1b[2J"}) {
    CAPTURE(name);
    given.overrides.tls_server_name = name;
    CHECK(given.fault().starts_with("the tls-server-name \""));
    CHECK(given.fault().find('\x1b') == std::string::npos);
  }
  for (const std::string name : {"api", "api.example.", "my_api-1.example", "10.0.0.1", "::1", "[::1]"}) {
    CAPTURE(name);
    given.overrides.tls_server_name = name;
    CHECK(given.endpoint().server_name == name);
  }
  given.overrides.tls_server_name.clear();
  given.cluster().set("tls-server-name", "u@127.0.0.1:2/");
  CHECK(mentions(given.fault(), {"tls-server-name", "u@127.0.0.1:2/"}));
  // Nobody is verified there.
  given.cluster() = object({{"server", "http://api:8080"}, {"tls-server-name", "u@127.0.0.1:2/"}});
  CHECK(given.endpoint().server_name.empty());
}

TEST_CASE("what messages say of files is fit for a terminal") {
  Given given;
  given.config.files = {"/home/\x1b[2J/config"};
  given.config.current_context = "other";
  CHECK(given.fault() == "context was not found for specified context: other (read: /home/^[[2J/config)");
}

TEST_CASE("compression goes where the file or the flag says so") {
  Given file;
  file.cluster().set("disable-compression", true);
  CHECK_FALSE(file.endpoint().compression);
  Given flag;
  flag.overrides.disable_compression = true;
  CHECK_FALSE(flag.endpoint().compression);
}

TEST_CASE("the limit for one request is read as a duration") {
  Given given;
  given.overrides.request_timeout = "1m30s";
  CHECK(given.access().identity.request_timeout == std::chrono::seconds(90));
  given.overrides.request_timeout = "soon";
  CHECK(given.fault() ==
        "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a "
        "corresponding time unit (e.g. 1s | 2m | 3h)");
}

}  // namespace egress::kube

TEST_SUITE_END();
