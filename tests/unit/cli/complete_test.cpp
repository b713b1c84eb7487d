#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "egress/base/json.hpp"
#include "egress/cli/app.hpp"
#include "support/loopback_server.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// The completions of these words. Checks that the command succeeds without output on stderr.
std::string completed(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), {"kubectl-egress", "__complete"});
  CHECK(run(words, {out, err}) == 0);
  CHECK(err.str().empty());
  return out.str();
}

}  // namespace

TEST_CASE("the first word completes to a command with its description") {
  const std::string create = completed({"cr"});
  CHECK(create.starts_with("create\t"));
  CHECK(create.ends_with("\n:4\n"));
  CHECK_MESSAGE(create.size() > std::string("create\t\n:4\n").size(), create);
  CHECK(completed({"zzz"}) == ":4\n");
}

TEST_CASE("an empty word offers every command but the hidden ones") {
  const std::string candidates = completed({""});
  for (const std::string command : {"create\t", "list\t", "inspect\t", "delete\t", "version\t"}) {
    CAPTURE(command);
    CHECK(candidates.find(command) != std::string::npos);
  }
  CHECK(candidates.find("__complete") == std::string::npos);
  CHECK(candidates.ends_with("\n:4\n"));
}

TEST_CASE("a word that starts with hyphens completes to a flag of the command or a global flag") {
  CHECK(completed({"create", "web", "--ho"}) ==
        "--host\tHost name of the external service, such as httpbin.org; repeatable\n:4\n");
  CHECK(completed({"list", "--kubec"}) == "--kubeconfig\tPath to the kubeconfig file\n:4\n");
  CHECK(completed({"list", "--ho"}) == ":4\n");
}

TEST_CASE("a flag that is already set is not offered again unless it is repeatable") {
  CHECK(completed({"list", "--all-namespaces", "--all-"}) == ":4\n");
  CHECK(completed({"list", "-A", "--all-"}) == ":4\n");
  CHECK(completed({"list", "-n", "x", "-"}).find("--namespace") == std::string::npos);
  CHECK(completed({"create", "--host", "a", "--hos"}).starts_with("--host\t"));
}

TEST_CASE("a short flag is offered after one hyphen but not after two") {
  CHECK(completed({"list", "-"}).find("\n-o\t") != std::string::npos);
  CHECK(completed({"list", "--"}).find("\n-o\t") == std::string::npos);
  CHECK(completed({"list", "-o"}).starts_with("-o\t"));
}

TEST_CASE("a flag with a fixed set of values completes to those of the command") {
  CHECK(completed({"create", "--tls", ""}) == "simple\nmutual\npassthrough\nnone\n:4\n");
  CHECK(completed({"create", "--mesh-tls=p"}) == "plaintext\n:4\n");
  CHECK(completed({"create", "--protocol", "ht"}) == "http\nhttps\n:4\n");
  CHECK(completed({"create", "--dry-run=s"}) == "server\n:4\n");
  CHECK(completed({"create", "--dry-run", ""}) == ":4\n");
  CHECK(completed({"version", "-o", ""}) == "json\nyaml\n:4\n");
  CHECK(completed({"delete", "a", "-o="}) == "json\nyaml\nname\n:4\n");
  CHECK(completed({"ls", "--output=w"}) == "wide\n:4\n");
  CHECK(completed({"create", "--output=w"}) == ":4\n");
  CHECK(completed({"inspect", "-o", "m"}) == "mermaid\n:4\n");
}

TEST_CASE("file completion is left to the shell, for manifests by file extension") {
  CHECK(completed({"apply", "-f", "gate"}) == "json\nyaml\nyml\n:8\n");
  CHECK(completed({"diff", "--filename="}) == "json\nyaml\nyml\n:8\n");
  CHECK(completed({"list", "--kubeconfig", ""}) == ":0\n");
  CHECK(completed({"create", "--save-ca="}) == ":0\n");
  CHECK(completed({"create", "--host", ""}) == ":4\n");
}

TEST_CASE("contexts, clusters and users come from the kubeconfig given on the command line") {
  const testing::TemporaryDirectory folder;
  const std::string file =
      folder.write("config",
                   "clusters: [{name: c, cluster: {}}]\n"
                   "users: [{name: u, user: {}}]\n"
                   "contexts: [{name: 'arn:aws:x/y', context: {}},\n"
                   "  {name: \"a\\nb\", context: {}}, {name: \"e\\e[1m\", context: {}}]\n");
  CHECK(completed({"--kubeconfig", file, "--context", ""}) == "arn:aws:x/y\n:4\n");
  CHECK(completed({"list", "--kubeconfig=" + file, "--cluster="}) == "c\n:4\n");
  CHECK(completed({"list", "--user", "", "--kubeconfig", file, "--user", "u"}) == "u\n:4\n");
  CHECK(completed({"--kubeconfig", folder.write("bad", "{"), "--context", ""}) == ":4\n");
  CHECK(completed({"--kubeconfig", "/nowhere", "--context", ""}) == ":4\n");
}

TEST_CASE("an object completes to its type first, without a space") {
  CHECK(completed({"create", "--adopt", "deploy"}) == "deployment.apps/\n:6\n");
}

namespace {

/// A cluster with objects of these names in every kind; records the requests.
class Cluster {
 public:
  explicit Cluster(std::vector<std::string> names) : names_(std::move(names)) {}

  std::string completed(std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"--kubeconfig", folder_.write("config", ""), "-s", server_.url(), "-n", "mine"});
    return cli::completed(std::move(words));
  }
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  std::string answer(const std::string& line) {
    requests_.push_back(line.substr(0, line.rfind(' ')));
    Json items{Json::Array{}};
    for (const std::string& name : names_) items.push(object({{"metadata", object({{"name", name}})}}));
    return testing::LoopbackServer::ok(object({{"kind", "List"}, {"items", items}}).dump());
  }

  std::vector<std::string> names_;
  std::vector<std::string> requests_;
  testing::TemporaryDirectory folder_;
  testing::LoopbackServer server_{[this](const std::string& line) { return answer(line); }};
};

}  // namespace

TEST_CASE("names come from the cluster with one request and a limit") {
  Cluster cluster({"web-egress", "shop-egress"});
  CHECK(cluster.completed({"inspect", ""}) == "web\nshop\n:4\n");
  REQUIRE(cluster.requests().size() == 1);
  CHECK(cluster.requests().front().starts_with("GET /api/v1/namespaces/mine/configmaps?labelSelector="));
  CHECK(cluster.requests().front().ends_with("&limit=500"));
  CHECK(cluster.completed({"delete", "web", "s"}) == "shop\n:4\n");
  CHECK(cluster.completed({"delete", "web", ""}) == "shop\n:4\n");
  CHECK(cluster.completed({"inspect", "web", ""}) == ":4\n");
  CHECK(cluster.completed({"create", ""}) == ":4\n");
  CHECK(cluster.requests().size() == 3);
}

TEST_CASE("each flag that names a resource lists that resource") {
  Cluster cluster({"a", "b"});
  const auto request_for = [&](const std::vector<std::string>& words) {
    CHECK(cluster.completed(words).starts_with("a\nb\n:"));
    return cluster.requests().back();
  };
  const std::string query = "?limit=500";
  CHECK(request_for({"list", "--namespace", ""}) == "GET /api/v1/namespaces" + query);
  CHECK(request_for({"create", "--istio-namespace="}) == "GET /api/v1/namespaces" + query);
  CHECK(request_for({"create", "--allow", ""}) == "GET /api/v1/namespaces" + query);
  CHECK(request_for({"create", "--upstream-ca="}) == "GET /api/v1/namespaces/mine/secrets" + query);
  CHECK(request_for({"create", "--client-credential", ""}) == "GET /api/v1/namespaces/mine/secrets" + query);
  CHECK(request_for({"create", "--tls-secret", ""}) == "GET /api/v1/namespaces/istio-system/secrets" + query);
  CHECK(request_for({"create", "--ingress-namespace=edge", "--tls-secret", ""}) ==
        "GET /api/v1/namespaces/edge/secrets" + query);
  CHECK(request_for({"create", "--opa-policy", ""}) == "GET /api/v1/namespaces/mine/configmaps" + query);
  CHECK(cluster.completed({"create", "--allow", "shop/"}) == "shop/a\nshop/b\n:4\n");
  CHECK(cluster.requests().back() == "GET /api/v1/namespaces/shop/serviceaccounts" + query);
  CHECK(cluster.completed({"create", "--adopt=service/"}) == "service/a\nservice/b\n:4\n");
  CHECK(cluster.requests().back() == "GET /api/v1/namespaces/mine/services" + query);
}

TEST_CASE("a name that is not a valid shell word is not offered") {
  Cluster cluster({"a\x1b[1mb", "c\nd", "e\tf", "", "$(reboot)"});
  CHECK(cluster.completed({"list", "-n", ""}) == "$(reboot)\n:4\n");
}

TEST_CASE("an unreachable cluster gives no candidates and no error") {
  CHECK(completed({"--kubeconfig", "/dev/null", "inspect", ""}) == ":4\n");
  CHECK(completed({"--kubeconfig", "/dev/null", "-s", "http://127.0.0.1:1", "inspect", ""}) == ":4\n");
  for (const std::string status : {"401 Unauthorized", "403 Forbidden", "500 Oh", "429 Slow down"}) {
    const testing::LoopbackServer server([&](const std::string&) {
      return "HTTP/1.1 " + status +
             "\r\nRetry-After: 30\r\nWarning: 299 - \"w\"\r\nContent-Length: 0\r\n\r\n";
    });
    CHECK(completed({"-v=9", "--kubeconfig", "/dev/null", "-s", server.url(), "check", ""}) == ":4\n");
  }
}

TEST_CASE("a cluster that accepts the connection but does not answer times out") {
  const std::string gateways = R"({"kind":"List","metadata":{},"items":[{"metadata":{"name":"web-egress",)"
                               R"("labels":{"app.kubernetes.io/instance":"web"}}}]})";
  bool slow = false;
  const testing::LoopbackServer server([&](const std::string&) {
    if (slow) std::this_thread::sleep_for(std::chrono::seconds(3));
    return testing::LoopbackServer::ok(gateways);
  });
  const std::vector<std::string> words{"--kubeconfig", "/dev/null", "-s", server.url(), "inspect", ""};
  REQUIRE(completed(words) == "web\n:4\n");
  slow = true;
  CHECK(completed(words) == ":4\n");
}

}  // namespace egress::cli

TEST_SUITE_END();
