#include "egress/fleet/namespaced_listing.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

/// One Service in each namespace, and one in another.
void stand(FakeCluster& server, const std::set<std::string>& namespaces) {
  for (const std::string& ns : namespaces)
    server.store("/api/v1/namespaces/" + ns + "/services/web",
                 object({{"metadata", object({{"name", "web"}, {"namespace", ns}})}}));
  server.store("/api/v1/namespaces/other/services/web",
               object({{"metadata", object({{"name", "web"}, {"namespace", "other"}})}}));
}

/// What is found, "ns" of each object, and "403" for each list that is refused.
std::vector<std::string> found(FakeCluster& server, const std::set<std::string>& namespaces) {
  kube::Cluster cluster(server, {});
  std::vector<std::string> found;
  fleet::list_in_namespaces(cluster, {{{{kube::kinds::service}, "", {}}, namespaces}},
                            [&](const kube::Listing&, const kube::Page& page) {
                              for (const Json& one : page.objects)
                                found.push_back(one["metadata"]["namespace"].as_string());
                              if (page.error) found.push_back(std::to_string(page.error->status()));
                            });
  std::ranges::sort(found);
  return found;
}

FakeCluster::Fault refusing(std::function<bool(const std::string&)> refused) {
  return [refused = std::move(refused)](const http::Request& request) -> std::optional<http::Response> {
    if (!refused(request.target)) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
}

const std::set<std::string> few{"a", "b", "c"};
const std::set<std::string> many{"a", "b", "c", "d", "e", "f", "g"};

}  // namespace

TEST_CASE("in few namespaces each is listed, and in many the cluster, of which only they count") {
  FakeCluster server;
  stand(server, many);
  CHECK(found(server, few) == std::vector<std::string>(few.begin(), few.end()));
  CHECK(server.requests().size() == few.size());
  server.waves.clear();
  CHECK(found(server, many) == std::vector<std::string>(many.begin(), many.end()));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("who may not list the cluster lists each namespace, once") {
  FakeCluster server;
  stand(server, many);
  server.fault = refusing([](const std::string& target) { return target.starts_with("/api/v1/services"); });
  CHECK(found(server, many) == std::vector<std::string>(many.begin(), many.end()));
  CHECK(server.requests().size() == 1 + many.size());
}

TEST_CASE("of a namespace that may not be listed either that is said, and the others are") {
  FakeCluster server;
  stand(server, many);
  server.fault = refusing([](const std::string& target) {
    return target.starts_with("/api/v1/services") || target.starts_with("/api/v1/namespaces/c/");
  });
  CHECK(found(server, many) == std::vector<std::string>{"403", "a", "b", "d", "e", "f", "g"});
}

}  // namespace egress

TEST_SUITE_END();
