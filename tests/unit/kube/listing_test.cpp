#include "egress/kube/listing.hpp"

#include <doctest/doctest.h>

#include "support/allocations.hpp"
#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

Answer page(const std::vector<std::string>& names, const std::string& next = "") {
  Json items{Json::Array{}};
  for (const std::string& name : names) items.push(object({{"metadata", object({{"name", name}})}}));
  return {.status = 200,
          .body = object(
              {{"metadata", object({{"continue", next}, {"resourceVersion", "7"}})}, {"items", items}}),
          .error = {}};
}

Answer refusal(int status, const std::string& reason) {
  return {.status = status, .body = {}, .error = ApiError(status, reason, "refused")};
}

std::vector<std::string> names(const std::vector<Json>& objects) {
  std::vector<std::string> names;
  for (const Json& object : objects) names.push_back(object["metadata"]["name"].as_string());
  return names;
}

std::vector<std::string> names(const Listed& listed) {
  return names(unpacked(listed.objects));
}

Pages two_collections() {
  return Pages({{{kinds::service}, "shop", {}}, {{kinds::pod}, "", {.labels = "app=a"}}});
}

void take(Pages& pages, std::vector<Answer> answers) {
  REQUIRE(pages.next().size() == answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) pages.take(i, std::move(answers[i]));
}

}  // namespace

TEST_CASE("the next page of every collection is in the next wave, until none has more") {
  Pages pages = two_collections();
  CHECK(pages.next()[0].target == "/api/v1/namespaces/shop/services?limit=500");
  CHECK(pages.next()[1].target == "/api/v1/pods?labelSelector=app%3Da&limit=500");

  take(pages, {page({"web"}), page({"a", "b"}, "more")});
  REQUIRE_FALSE(pages.done());
  REQUIRE(pages.next().size() == 1);
  CHECK(pages.next()[0].target == "/api/v1/pods?labelSelector=app%3Da&limit=500&continue=more");

  take(pages, {page({"c"})});
  CHECK(pages.done());
  CHECK(pages.next().empty());
  const auto listed = std::move(pages).listed();
  CHECK(names(listed[0]) == std::vector<std::string>{"web"});
  CHECK(names(listed[1]) == std::vector<std::string>{"a", "b", "c"});
  CHECK(listed[1].objects[0].unpack()["kind"].as_string() == "Pod");
  CHECK(listed[1].version == "7");
}

TEST_CASE("what nobody asks of an object is dropped with its page") {
  const auto found = [](Trim trim) {
    Pages pages({{{kinds::pod}, "", {}, trim}});
    Answer one = page({"a"});
    Json pod = one.body["items"].items().front();
    pod.edit("metadata").set("managedFields", array({"anybody"}));
    one.body.set("items", array({pod}));
    take(pages, {one});
    return std::move(pages).listed().front().objects.front().unpack()["metadata"];
  };
  CHECK(found(nullptr).has("managedFields"));
  CHECK_FALSE(found(drop_managed_fields).has("managedFields"));
  CHECK(found(drop_managed_fields)["name"].as_string() == "a");
}

TEST_CASE("a list that expires midway is asked for again whole") {
  Pages pages = two_collections();
  take(pages, {page({"web"}), page({"a"}, "more")});
  take(pages, {refusal(410, "Expired")});
  REQUIRE(pages.next().size() == 1);
  CHECK(pages.next()[0].target == "/api/v1/pods?labelSelector=app%3Da");
  take(pages, {page({"a", "b"})});
  CHECK(names(std::move(pages).listed()[1]) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("whoever takes the pages himself gets each as it comes, and nothing is kept") {
  std::vector<std::string> told;
  Pages pages({{{kinds::service}, "shop", {}}, {{kinds::pod}, "", {}}},
              [&](std::size_t at, const Page& page) {
                std::string text = std::to_string(at) + ":";
                for (const std::string& name : names(page.objects)) text += " " + name;
                told.push_back(page.error ? text + " " + std::to_string(page.error->status()) : text);
              });
  take(pages, {page({"web"}), page({"a", "b"}, "more")});
  CHECK(told == std::vector<std::string>{"0: web", "1: a b"});
  take(pages, {refusal(410, "Expired")});
  take(pages, {page({"a", "b", "c"})});
  CHECK(told == std::vector<std::string>{"0: web", "1: a b", "1:", "1: a b c"});
  CHECK(pages.done());
  CHECK(std::move(pages).listed()[1].objects.empty());
}

TEST_CASE("of several pages that come in one wave only one is ever read at a time") {
  Json items{Json::Array{}};
  for (int i = 0; i < 1000; ++i) items.push(object({{"metadata", object({{"name", std::to_string(i)}})}}));
  const auto reply = testing::json_reply(200, object({{"items", items}}).dump());
  const auto peak = [&](std::size_t lists) {
    testing::ScriptedTransport transport(reply);
    Cluster cluster(transport, {});
    const std::vector<Listing> listings(lists, {{kinds::service}, "shop", {}});
    return testing::allocations_of([&] { list_all(cluster, listings, [](std::size_t, const Page&) {}); })
        .peak;
  };
  // The texts come together; what is read of one takes many times as much.
  CHECK(peak(10) < 2 * peak(1));
}

TEST_CASE("a collection that may not be listed says why, and keeps none of the others") {
  Pages pages = two_collections();
  take(pages, {refusal(403, "Forbidden"), page({"a"})});
  CHECK(pages.done());
  const auto listed = std::move(pages).listed();
  REQUIRE(listed[0].error.has_value());
  CHECK(listed[0].error->status() == 403);
  CHECK(names(listed[1]) == std::vector<std::string>{"a"});
}

TEST_CASE("what is left of the pages is asked for, and no more") {
  testing::ScriptedTransport transport(
      testing::json_reply(200, R"({"items": [{"metadata": {"name": "z"}}]})"));
  Cluster cluster(transport, {});
  Pages pages = two_collections();
  take(pages, {page({"web"}), page({"a"}, "more")});
  const auto listed = list_all(cluster, std::move(pages));
  REQUIRE(transport.waves.size() == 1);
  REQUIRE(transport.waves.front().size() == 1);
  CHECK(transport.waves.front().front().target.ends_with("&continue=more"));
  CHECK(names(listed[0]) == std::vector<std::string>{"web"});
  CHECK(names(listed[1]) == std::vector<std::string>{"a", "z"});
}

}  // namespace egress::kube

TEST_SUITE_END();
