#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "egress/base/json.hpp"
#include "egress/cli/app.hpp"
#include "support/folder.hpp"
#include "support/loopback_server.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// What may follow the words. Nothing is ever said on stderr, and it always ends well.
std::string completed(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), {"kubectl-egress", "__complete"});
  CHECK(run(words, {out, err}) == 0);
  CHECK(err.str().empty());
  return out.str();
}

}  // namespace

TEST_CASE("the first word is completed to a command, with what it does") {
  const std::string create = completed({"cr"});
  CHECK(create.starts_with("create\t"));
  CHECK(create.ends_with("\n:4\n"));
  CHECK_MESSAGE(create.size() > std::string("create\t\n:4\n").size(), create);
  CHECK(completed({"zzz"}) == ":4\n");
}

TEST_CASE("an empty word offers every command but the one that completes") {
  const std::string all = completed({""});
  for (const std::string command : {"create\t", "list\t", "inspect\t", "delete\t", "version\t"}) {
    CAPTURE(command);
    CHECK(all.find(command) != std::string::npos);
  }
  CHECK(all.find("__complete") == std::string::npos);
  CHECK(all.ends_with("\n:4\n"));
}

TEST_CASE("a word that begins with hyphens is completed to a flag of the command or of all commands") {
  CHECK(completed({"create", "web", "--ho"}) ==
        "--host\tThe external service, such as httpbin.org; may be repeated\n:4\n");
  CHECK(completed({"list", "--kubec"}) == "--kubeconfig\tPath to the kubeconfig file\n:4\n");
  CHECK(completed({"list", "--ho"}) == ":4\n");
}

TEST_CASE("a flag that stands on the line is not offered again, unless it may be repeated") {
  CHECK(completed({"list", "--all-namespaces", "--all-"}) == ":4\n");
  CHECK(completed({"list", "-A", "--all-"}) == ":4\n");
  CHECK(completed({"list", "-n", "x", "-"}).find("--namespace") == std::string::npos);
  CHECK(completed({"create", "--host", "a", "--hos"}).starts_with("--host\t"));
}

TEST_CASE("a letter is offered behind one hyphen, and not behind two") {
  CHECK(completed({"list", "-"}).find("\n-o\t") != std::string::npos);
  CHECK(completed({"list", "--"}).find("\n-o\t") == std::string::npos);
  CHECK(completed({"list", "-o"}).starts_with("-o\t"));
}

TEST_CASE("a flag with few values is completed to those that the command takes") {
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

TEST_CASE("files are left to the shell, and manifests are told by the ends of their names") {
  CHECK(completed({"apply", "-f", "gate"}) == "json\nyaml\nyml\n:8\n");
  CHECK(completed({"diff", "--filename="}) == "json\nyaml\nyml\n:8\n");
  CHECK(completed({"list", "--kubeconfig", ""}) == ":0\n");
  CHECK(completed({"create", "--save-ca="}) == ":0\n");
  CHECK(completed({"create", "--host", ""}) == ":4\n");
}

TEST_CASE("contexts, clusters and users are those of the kubeconfig that the line names") {
  const testing::Folder folder;
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

TEST_CASE("the first half of an object's name is its type, and goes on") {
  CHECK(completed({"create", "--adopt", "deploy"}) == "deployment.apps/\n:6\n");
}

namespace {

/// A cluster that holds these objects of every kind, and what it was asked for.
class Cluster {
 public:
  explicit Cluster(std::vector<std::string> names) : names_(std::move(names)) {}

  std::string completed(std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"--kubeconfig", folder_.write("config", ""), "-s", server_.url(), "-n", "mine"});
    return cli::completed(std::move(words));
  }
  const std::vector<std::string>& asked() const { return asked_; }

 private:
  std::string answer(const std::string& line) {
    asked_.push_back(line.substr(0, line.rfind(' ')));
    Json items{Json::Array{}};
    for (const std::string& name : names_) items.push(object({{"metadata", object({{"name", name}})}}));
    return testing::LoopbackServer::ok(object({{"kind", "List"}, {"items", items}}).dump());
  }

  std::vector<std::string> names_;
  std::vector<std::string> asked_;
  testing::Folder folder_;
  testing::LoopbackServer server_{[this](const std::string& line) { return answer(line); }};
};

}  // namespace

TEST_CASE("names come from the cluster, by one request for a bounded list") {
  Cluster cluster({"web-egress", "shop-egress"});
  CHECK(cluster.completed({"inspect", ""}) == "web\nshop\n:4\n");
  REQUIRE(cluster.asked().size() == 1);
  CHECK(cluster.asked().front().starts_with("GET /api/v1/namespaces/mine/configmaps?labelSelector="));
  CHECK(cluster.asked().front().ends_with("&limit=500"));
  CHECK(cluster.completed({"delete", "web", "s"}) == "shop\n:4\n");
  CHECK(cluster.completed({"delete", "web", ""}) == "shop\n:4\n");
  CHECK(cluster.completed({"inspect", "web", ""}) == ":4\n");
  CHECK(cluster.completed({"create", ""}) == ":4\n");
  CHECK(cluster.asked().size() == 3);
}

TEST_CASE("each flag that names something of the cluster asks for that") {
  Cluster cluster({"a", "b"});
  const auto asks = [&](const std::vector<std::string>& words) {
    CHECK(cluster.completed(words).starts_with("a\nb\n:"));
    return cluster.asked().back();
  };
  const std::string rest = "?limit=500";
  CHECK(asks({"list", "--namespace", ""}) == "GET /api/v1/namespaces" + rest);
  CHECK(asks({"create", "--istio-namespace="}) == "GET /api/v1/namespaces" + rest);
  CHECK(asks({"create", "--allow", ""}) == "GET /api/v1/namespaces" + rest);
  CHECK(asks({"create", "--upstream-ca="}) == "GET /api/v1/namespaces/mine/secrets" + rest);
  CHECK(asks({"create", "--client-credential", ""}) == "GET /api/v1/namespaces/mine/secrets" + rest);
  CHECK(asks({"create", "--tls-secret", ""}) == "GET /api/v1/namespaces/istio-system/secrets" + rest);
  CHECK(asks({"create", "--ingress-namespace=edge", "--tls-secret", ""}) ==
        "GET /api/v1/namespaces/edge/secrets" + rest);
  CHECK(asks({"create", "--opa-policy", ""}) == "GET /api/v1/namespaces/mine/configmaps" + rest);
  CHECK(cluster.completed({"create", "--allow", "shop/"}) == "shop/a\nshop/b\n:4\n");
  CHECK(cluster.asked().back() == "GET /api/v1/namespaces/shop/serviceaccounts" + rest);
  CHECK(cluster.completed({"create", "--adopt=service/"}) == "service/a\nservice/b\n:4\n");
  CHECK(cluster.asked().back() == "GET /api/v1/namespaces/mine/services" + rest);
}

TEST_CASE("what no shell can be given is not offered") {
  Cluster cluster({"a\x1b[1mb", "c\nd", "e\tf", "", "$(reboot)"});
  CHECK(cluster.completed({"list", "-n", ""}) == "$(reboot)\n:4\n");
}

TEST_CASE("a cluster that cannot be asked is passed over in silence") {
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

TEST_CASE("a cluster that takes the connection and says nothing is given up") {
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
