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

Answer failure(int status, const std::string& reason) {
  return {.status = status, .body = {}, .error = ApiError(status, reason, "refused")};
}

std::vector<std::string> names(const std::vector<Json>& objects) {
  std::vector<std::string> names;
  for (const Json& object : objects) names.push_back(object["metadata"]["name"].as_string());
  return names;
}

std::vector<std::string> names(const ListResult& result) {
  return names(parse_all(result.objects));
}

Pages two_collections() {
  return Pages({{{kinds::service}, "shop", {}}, {{kinds::pod}, "", {.label_selector = "app=a"}}});
}

void add_answers(Pages& pages, std::vector<Answer> answers) {
  REQUIRE(pages.next_calls().size() == answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) pages.add_answer(i, std::move(answers[i]));
}

}  // namespace

TEST_CASE("the next page of every collection is in the next wave, until none has more") {
  Pages pages = two_collections();
  CHECK(pages.next_calls()[0].target == "/api/v1/namespaces/shop/services?limit=500");
  CHECK(pages.next_calls()[1].target == "/api/v1/pods?labelSelector=app%3Da&limit=500");

  add_answers(pages, {page({"web"}), page({"a", "b"}, "more")});
  REQUIRE_FALSE(pages.is_done());
  REQUIRE(pages.next_calls().size() == 1);
  CHECK(pages.next_calls()[0].target == "/api/v1/pods?labelSelector=app%3Da&limit=500&continue=more");

  add_answers(pages, {page({"c"})});
  CHECK(pages.is_done());
  CHECK(pages.next_calls().empty());
  const auto results = std::move(pages).results();
  CHECK(names(results[0]) == std::vector<std::string>{"web"});
  CHECK(names(results[1]) == std::vector<std::string>{"a", "b", "c"});
  CHECK(results[1].objects[0].parse()["kind"].as_string() == "Pod");
  CHECK(results[1].version == "7");
}

TEST_CASE("the transform is applied to each object of a page") {
  const auto found = [](Transform transform) {
    Pages pages({{{kinds::pod}, "", {}, transform}});
    Answer answer = page({"a"});
    Json pod = answer.body["items"].items().front();
    pod.edit("metadata").set("managedFields", array({"anybody"}));
    answer.body.set("items", array({pod}));
    add_answers(pages, {answer});
    return std::move(pages).results().front().objects.front().parse()["metadata"];
  };
  CHECK(found(nullptr).has("managedFields"));
  CHECK_FALSE(found(drop_managed_fields).has("managedFields"));
  CHECK(found(drop_managed_fields)["name"].as_string() == "a");
}

TEST_CASE("a list that expires midway is requested again as a whole") {
  Pages pages = two_collections();
  add_answers(pages, {page({"web"}), page({"a"}, "more")});
  add_answers(pages, {failure(410, "Expired")});
  REQUIRE(pages.next_calls().size() == 1);
  CHECK(pages.next_calls()[0].target == "/api/v1/pods?labelSelector=app%3Da");
  add_answers(pages, {page({"a", "b"})});
  CHECK(names(std::move(pages).results()[1]) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a page callback gets each page as it comes, and nothing is kept") {
  std::vector<std::string> received;
  Pages pages({{{kinds::service}, "shop", {}}, {{kinds::pod}, "", {}}},
              [&](std::size_t listing, const Page& page) {
                std::string text = std::to_string(listing) + ":";
                for (const std::string& name : names(page.objects)) text += " " + name;
                received.push_back(page.error ? text + " " + std::to_string(page.error->status()) : text);
              });
  add_answers(pages, {page({"web"}), page({"a", "b"}, "more")});
  CHECK(received == std::vector<std::string>{"0: web", "1: a b"});
  add_answers(pages, {failure(410, "Expired")});
  add_answers(pages, {page({"a", "b", "c"})});
  CHECK(received == std::vector<std::string>{"0: web", "1: a b", "1:", "1: a b c"});
  CHECK(pages.is_done());
  CHECK(std::move(pages).results()[1].objects.empty());
}

TEST_CASE("of several pages in one wave only one is parsed at a time") {
  Json items{Json::Array{}};
  for (int i = 0; i < 1000; ++i) items.push(object({{"metadata", object({{"name", std::to_string(i)}})}}));
  const auto response = testing::json_reply(200, object({{"items", items}}).dump());
  const auto peak = [&](std::size_t lists) {
    testing::ScriptedTransport transport(response);
    Cluster cluster(transport, {});
    const std::vector<Listing> listings(lists, {{kinds::service}, "shop", {}});
    return testing::count_allocations([&] { list_all(cluster, listings, [](std::size_t, const Page&) {}); })
        .peak;
  };
  // The texts of both pages arrive together; parsing one takes many times its size.
  CHECK(peak(10) < 2 * peak(1));
}

TEST_CASE("a collection that cannot be listed has an error and does not affect the others") {
  Pages pages = two_collections();
  add_answers(pages, {failure(403, "Forbidden"), page({"a"})});
  CHECK(pages.is_done());
  const auto results = std::move(pages).results();
  REQUIRE(results[0].error.has_value());
  CHECK(results[0].error->status() == 403);
  CHECK(names(results[1]) == std::vector<std::string>{"a"});
}

TEST_CASE("only the remaining pages are requested") {
  testing::ScriptedTransport transport(
      testing::json_reply(200, R"({"items": [{"metadata": {"name": "z"}}]})"));
  Cluster cluster(transport, {});
  Pages pages = two_collections();
  add_answers(pages, {page({"web"}), page({"a"}, "more")});
  const auto results = list_all(cluster, std::move(pages));
  REQUIRE(transport.waves.size() == 1);
  REQUIRE(transport.waves.front().size() == 1);
  CHECK(transport.waves.front().front().target.ends_with("&continue=more"));
  CHECK(names(results[0]) == std::vector<std::string>{"web"});
  CHECK(names(results[1]) == std::vector<std::string>{"a", "z"});
}

}  // namespace egress::kube

TEST_SUITE_END();
