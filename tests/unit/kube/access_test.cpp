#include "egress/kube/access.hpp"

#include <doctest/doctest.h>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "support/memory_file.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using Headers = std::vector<std::string>;

const std::string pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

using testing::MemoryFile;

/// A kubeconfig that works, to be changed: one context "dev", with cluster "c" and user "u".
struct Given {
  Kubeconfig config{
      .current_context = "dev",
      .clusters = {{"c",
                    object({{"server", "https://api:6443"}, {"certificate-authority-data", base64(pem)}}),
                    "f"}},
      .users = {{"u", object({{"token", "t"}}), "f"}},
      .contexts = {{"dev", object({{"cluster", "c"}, {"user", "u"}, {"namespace", "team"}}), "f"}},
      .files = {"f"},
  };
  Overrides overrides;

  Json& cluster() { return config.clusters.front().value; }
  Json& user() { return config.users.front().value; }
  Json& context() { return config.contexts.front().value; }

  Access access() const { return resolve(config, overrides); }
  http::Endpoint endpoint() const { return access().endpoint; }
  Headers headers() const { return access().identity.headers; }
  /// What is said where it is refused.
  std::string fault() const {
    try {
      access();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }
};

}  // namespace

TEST_CASE("the current context leads to server, roots, token and namespace") {
  const Access access = Given().access();
  CHECK(access.endpoint.url == "https://api:6443");
  CHECK(access.endpoint.certificate_authority == pem);
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
  CHECK(given.fault() == "context \"dev\" names the cluster \"gone\", which is not defined (read: f)");
}

TEST_CASE("without a context there is no cluster, unless a flag names the server") {
  Given given;
  given.config.current_context.clear();
  CHECK(given.fault() == "Missing or incomplete configuration info: no cluster is chosen (read: f)");
  given.config = {};
  CHECK(given.fault() ==
        "Missing or incomplete configuration info: no cluster is chosen (no kubeconfig was found)");
  given.overrides.server = "https://direct:1";
  CHECK(given.endpoint().url == "https://direct:1");
  CHECK(given.headers().empty());
}

TEST_CASE("a context without a user, or with one that is not defined, is anonymous") {
  Given given;
  given.context().set("user", "gone");
  CHECK(given.headers().empty());
  given.context().erase("user");
  CHECK(given.headers().empty());
}

TEST_CASE("the namespace is the flag's, the context's, or default") {
  Given given;
  given.overrides.ns = "mine";
  CHECK(given.access().ns == "mine");
  CHECK(namespace_of(given.config, {}) == "team");
  given.context().erase("namespace");
  CHECK(namespace_of(given.config, {}) == "default");
  CHECK(namespace_of({}, {}) == "default");
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
  CHECK(given.fault() == "the server \"api:6443\" has no scheme");
  try {
    given.access();
  } catch (const Error& error) {
    CHECK(error.hint() == "Did you mean https://api:6443 ?");
  }
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

TEST_CASE("plain HTTP gets no credentials, but who is impersonated") {
  Given given;
  given.cluster() = object({{"server", "http://api:8080"}});
  given.user().set("client-certificate-data", base64(pem));
  given.user().set("client-key-data", base64("key"));
  given.overrides.as = "jane";
  CHECK(given.headers() == Headers{"Impersonate-User: jane"});
  CHECK(given.endpoint().client_certificate.empty());
  CHECK(given.endpoint().client_key.empty());
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
  const MemoryFile roots(pem + "more");
  Given other;
  other.cluster() = object({{"server", "https://api"}, {"insecure-skip-tls-verify", true}});
  other.overrides.certificate_authority = roots.path();
  CHECK_FALSE(other.endpoint().insecure);
  CHECK(other.endpoint().certificate_authority == pem + "more");
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

TEST_CASE("compression goes where the file or the flag says so") {
  Given file;
  file.cluster().set("disable-compression", true);
  CHECK_FALSE(file.endpoint().compression);
  Given flag;
  flag.overrides.disable_compression = true;
  CHECK_FALSE(flag.endpoint().compression);
}

TEST_CASE("the token is the flag's, the file's content, or the inline one") {
  const MemoryFile file(" from-file\n");
  Given given;
  given.user() = object({{"token", "inline"}, {"tokenFile", file.path()}});
  CHECK(given.headers() == Headers{"Authorization: Bearer from-file"});
  given.overrides.token = "from-flag";
  CHECK(given.headers() == Headers{"Authorization: Bearer from-flag"});
}

TEST_CASE("a token file that cannot be read leaves the inline token, and without one is an error") {
  Given given;
  given.user() = object({{"tokenFile", "/nowhere/token"}});
  CHECK(given.fault() == "open /nowhere/token: no such file or directory");
  given.user().set("token", "inline");
  CHECK(given.headers() == Headers{"Authorization: Bearer inline"});
}

TEST_CASE("a token with a line end is refused without showing it") {
  Given given;
  given.user().set("token", "secret\n");
  CHECK(given.fault() ==
        "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"");
}

TEST_CASE("name and password are sent as Basic, but not beside a token") {
  Given given;
  given.user() = object({{"username", "jane"}, {"password", "pw"}});
  CHECK(given.headers() == Headers{"Authorization: Basic amFuZTpwdw=="});
  given.overrides.token = "t";
  CHECK(given.fault() ==
        "more than one authentication method found for u; found [token basicAuth], only one is allowed");
}

TEST_CASE("a client certificate comes with its key, from the file or from flags") {
  const MemoryFile certificate("flag cert");
  const MemoryFile key("flag key");
  Given given;
  given.user() = object({{"client-certificate-data", base64("cert")}});
  CHECK(given.fault() ==
        "client-key-data or client-key must be specified for u to use the clientCert authentication "
        "method");
  given.user().set("client-key-data", base64("key"));
  CHECK(given.endpoint().client_certificate == "cert");
  CHECK(given.endpoint().client_key == "key");
  given.overrides.client_certificate = certificate.path();
  given.overrides.client_key = key.path();
  CHECK(given.endpoint().client_certificate == "flag cert");
  CHECK(given.endpoint().client_key == "flag key");
}

TEST_CASE("a login by a program is refused by name, unless the token flag replaces it") {
  Given given;
  given.user() = object({{"exec", object({{"command", "aws"}})}});
  CHECK(given.fault() == "user \"u\" logs in by exec, which this version of kubectl egress cannot do");
  given.overrides.token = "t";
  CHECK(given.headers() == Headers{"Authorization: Bearer t"});
  given.overrides.token.clear();
  given.user() = object({{"auth-provider", object({{"name", "oidc"}})}});
  CHECK(given.fault() ==
        "user \"u\" logs in by auth-provider, which this version of kubectl egress cannot do");
}

TEST_CASE("flags impersonate a user, with uid and groups") {
  Given given;
  given.overrides.as = "jane";
  given.overrides.as_uid = "7";
  given.overrides.as_groups = {"dev", "ops"};
  CHECK(given.headers() == Headers{"Authorization: Bearer t", "Impersonate-User: jane", "Impersonate-Uid: 7",
                                   "Impersonate-Group: dev", "Impersonate-Group: ops"});
}

TEST_CASE("groups or a uid alone impersonate nobody") {
  Given given;
  given.overrides.as_groups = {"dev"};
  CHECK(given.fault() == "requesting uid or groups without impersonating a user");
}

TEST_CASE("whom the kubeconfig impersonates is impersonated") {
  Given given;
  given.user() = Json::parse(R"({"token": "t", "as": "jane", "as-uid": "7", "as-groups": ["dev", "ops"]})");
  const Headers expected{"Authorization: Bearer t", "Impersonate-User: jane", "Impersonate-Uid: 7",
                         "Impersonate-Group: dev", "Impersonate-Group: ops"};
  CHECK(given.headers() == expected);
  given.overrides.as_groups = {"only"};
  CHECK(given.headers().back() == "Impersonate-Group: only");
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
