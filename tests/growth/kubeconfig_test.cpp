#include "egress/kube/kubeconfig.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "egress/base/error.hpp"
#include "growth/steps.hpp"

TEST_SUITE_BEGIN("growth");

namespace egress::kube {
namespace {

using testing::steps_of;
using Text = std::function<std::string(int count)>;

/// The same piece of text so many times, with its number for each `@`.
std::string repeated(const std::string& piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    for (const char sign : piece)
      if (sign == '@')
        text += std::to_string(i);
      else
        text += sign;
  return text;
}

/// A text of many words as the value of a key.
std::string quoted(const std::string& piece, int count, const std::string& quote) {
  return "extra: " + quote + repeated(piece, count) + (quote.size() == 1 ? quote : "") + "\n";
}

std::uint64_t steps_to_merge(const std::string& text) {
  return steps_of([&] {
    Kubeconfig config;
    merge_kubeconfig(config, text, "f");
  });
}

/// How many times the steps are needed for four times as much: 4 where each thing takes its own, 16 where
/// each takes a walk through all of them.
double growth(const Text& text) {
  const std::uint64_t once = steps_to_merge(text(5'000));
  REQUIRE(once > 5'000);
  return static_cast<double>(steps_to_merge(text(20'000))) / static_cast<double>(once);
}

}  // namespace

TEST_CASE("what is read four times takes four times as long: clusters, users, contexts") {
  CHECK(growth([](int count) {
          return "clusters:\n" + repeated("- name: c@\n  cluster: {server: 'https://h'}\n", count);
        }) < 4.5);
  CHECK(growth([](int count) {
          return "users:\n" + repeated("- name: u@\n  user: {token: t@}\n", count) + "contexts:\n" +
                 repeated("- name: k@\n  context: {cluster: c@, user: u@}\n", count);
        }) < 4.5);
  CHECK(growth([](int count) {
          return R"({"clusters": [{"name": "c"})" +
                 repeated(",\n{\"name\": \"c@\", \"cluster\": {\"server\": \"h\"}}", count) + "]}";
        }) < 4.5);
}

TEST_CASE("what is read four times takes four times as long: the same names in a second file") {
  const auto twice = [](int count) {
    const std::string text = "clusters:\n" + repeated("- name: c@\n  cluster: {server: h}\n", count);
    return steps_of([&] {
      Kubeconfig config;
      merge_kubeconfig(config, text, "first");
      merge_kubeconfig(config, text, "second");
      REQUIRE(config.clusters.size() == static_cast<std::size_t>(count));
    });
  };
  CHECK(static_cast<double>(twice(20'000)) / static_cast<double>(twice(5'000)) < 4.5);
}

TEST_CASE("what is read four times takes four times as long: keys, merged ones too") {
  CHECK(growth([](int count) { return "extra:\n" + repeated("  k@: 1\n", count); }) < 4.5);
  CHECK(growth([](int count) {
          return "base: &base\n" + repeated("  k@: 1\n", count) + "extra:\n  <<: *base\n" +
                 repeated("  l@: 1\n", count);
        }) < 4.5);
}

TEST_CASE("what is read four times takes four times as long: anchors and aliases") {
  CHECK(growth([](int count) { return "extra:\n" + repeated("- &a@ x\n- *a@\n- y\n", count); }) < 4.5);
}

TEST_CASE("what is read four times takes four times as long: texts") {
  for (const std::string quote : {"", "|\n  ", ">\n  ", "\"", "'"}) {
    CAPTURE(quote);
    CHECK(growth([&](int count) { return quoted("word @ ", count, quote); }) < 4.5);
    CHECK(growth([&](int count) { return quoted("word @\n  ", count, quote); }) < 4.5);
  }
}

TEST_CASE("what is read four times takes four times as long: what says nothing") {
  CHECK(growth([](int count) { return repeated("# nothing\n\n", count) + "kind: Config\n"; }) < 4.5);
  CHECK(growth([](int count) { return repeated("\r\n", count) + "kind: Config\r\n"; }) < 4.5);
}

TEST_CASE("a text without aliases is not said to grow by them") {
  Kubeconfig config;
  CHECK_THROWS_WITH_AS(
      merge_kubeconfig(config, "extra: [" + repeated("1,", 4'000'000) + "]\n", "f"),
      "error loading config file \"f\": invalid YAML at line 1: it has more than 4000000 values", Error);
}

}  // namespace egress::kube

TEST_SUITE_END();
