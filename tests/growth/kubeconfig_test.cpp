#include "egress/kube/kubeconfig.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "egress/base/error.hpp"
#include "growth/steps.hpp"

TEST_SUITE_BEGIN("growth");

namespace egress::kube {
namespace {

using testing::count_steps;
using TextGenerator = std::function<std::string(int count)>;

/// The same piece of text so many times, with its number for each `@`.
std::string repeat(const std::string& pattern, int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    for (const char character : pattern)
      if (character == '@')
        text += std::to_string(i);
      else
        text += character;
  return text;
}

/// A text of many words as the value of a key.
std::string quoted_value(const std::string& pattern, int count, const std::string& quote) {
  return "extra: " + quote + repeat(pattern, count) + (quote.size() == 1 ? quote : "") + "\n";
}

std::uint64_t steps_to_merge(const std::string& text) {
  return count_steps([&] {
    Kubeconfig config;
    merge_kubeconfig(config, text, "f");
  });
}

/// How many times the steps are needed for four times as much: 4 where each thing takes its own, 16 where
/// each takes a walk through all of them.
double growth(const TextGenerator& text) {
  const std::uint64_t small = steps_to_merge(text(5'000));
  REQUIRE(small > 5'000);
  return static_cast<double>(steps_to_merge(text(20'000))) / static_cast<double>(small);
}

}  // namespace

TEST_CASE("parsing time is linear: clusters, users, contexts") {
  CHECK(growth([](int count) {
          return "clusters:\n" + repeat("- name: c@\n  cluster: {server: 'https://h'}\n", count);
        }) < 4.5);
  CHECK(growth([](int count) {
          return "users:\n" + repeat("- name: u@\n  user: {token: t@}\n", count) + "contexts:\n" +
                 repeat("- name: k@\n  context: {cluster: c@, user: u@}\n", count);
        }) < 4.5);
  CHECK(growth([](int count) {
          return R"({"clusters": [{"name": "c"})" +
                 repeat(",\n{\"name\": \"c@\", \"cluster\": {\"server\": \"h\"}}", count) + "]}";
        }) < 4.5);
}

TEST_CASE("parsing time is linear: the same names in a second file") {
  const auto steps_for_two_files = [](int count) {
    const std::string text = "clusters:\n" + repeat("- name: c@\n  cluster: {server: h}\n", count);
    return count_steps([&] {
      Kubeconfig config;
      merge_kubeconfig(config, text, "first");
      merge_kubeconfig(config, text, "second");
      REQUIRE(config.clusters.size() == static_cast<std::size_t>(count));
    });
  };
  CHECK(static_cast<double>(steps_for_two_files(20'000)) / static_cast<double>(steps_for_two_files(5'000)) <
        4.5);
}

TEST_CASE("parsing time is linear: keys and merge keys") {
  CHECK(growth([](int count) { return "extra:\n" + repeat("  k@: 1\n", count); }) < 4.5);
  CHECK(growth([](int count) {
          return "base: &base\n" + repeat("  k@: 1\n", count) + "extra:\n  <<: *base\n" +
                 repeat("  l@: 1\n", count);
        }) < 4.5);
}

TEST_CASE("parsing time is linear: anchors and aliases") {
  CHECK(growth([](int count) { return "extra:\n" + repeat("- &a@ x\n- *a@\n- y\n", count); }) < 4.5);
}

TEST_CASE("parsing time is linear: scalars") {
  for (const std::string quote : {"", "|\n  ", ">\n  ", "\"", "'"}) {
    CAPTURE(quote);
    CHECK(growth([&](int count) { return quoted_value("word @ ", count, quote); }) < 4.5);
    CHECK(growth([&](int count) { return quoted_value("word @\n  ", count, quote); }) < 4.5);
  }
}

TEST_CASE("parsing time is linear: comments and empty lines") {
  CHECK(growth([](int count) { return repeat("# nothing\n\n", count) + "kind: Config\n"; }) < 4.5);
  CHECK(growth([](int count) { return repeat("\r\n", count) + "kind: Config\r\n"; }) < 4.5);
}

TEST_CASE("a long list without aliases is not reported as alias expansion") {
  Kubeconfig config;
  CHECK_THROWS_WITH_AS(
      merge_kubeconfig(config, "extra: [" + repeat("1,", 4'000'000) + "]\n", "f"),
      "error loading config file \"f\": invalid YAML at line 1: it has more than 4000000 values", Error);
}

}  // namespace egress::kube

TEST_SUITE_END();
