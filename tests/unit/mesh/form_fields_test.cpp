#include "egress/mesh/form_fields.hpp"

#include <doctest/doctest.h>

#include <array>

#include "egress/base/yaml.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::FormFields;
using testing::each_mentions;
using Lines = std::vector<std::string>;

/// A mapping that is read, and what was said against it.
struct Reading {
  explicit Reading(const std::string& yaml) : mapping(parse_yaml(yaml)) {}

  FormFields fields() { return {mapping, "spec", faults}; }

  Lines said() const {
    Lines texts;
    for (const mesh::Fault& one : faults.all()) texts.push_back(one.text);
    return texts;
  }

  Json mapping;
  mesh::Faults faults;
};

constexpr std::array<std::pair<std::string_view, int>, 2> words{{{"Simple", 1}, {"Mutual", 2}}};

}  // namespace

TEST_CASE("fields of the right type are read, and those that are not there left as they are") {
  Reading reading("{text: a, number: 7, flag: true, list: [a, b], map: {a: 1}, items: [1], labels: {a: b}}");
  FormFields fields = reading.fields();
  std::string text;
  std::string absent = "as it was";
  int number = 0;
  bool flag = false;
  std::vector<std::string> list{"old"};
  Json map;
  Json items;
  Json labels;
  fields.read("text", text);
  fields.read("absent", absent);
  fields.read("number", number);
  fields.read("flag", flag);
  fields.read("list", list);
  fields.read_mapping("map", map);
  fields.read_list("items", items);
  fields.read_texts("labels", labels);
  fields.finish();
  CHECK(text == "a");
  CHECK(absent == "as it was");
  CHECK(number == 7);
  CHECK(flag);
  CHECK(list == Lines{"a", "b"});
  CHECK(map.dump() == R"({"a":1})");
  CHECK(items.dump() == "[1]");
  CHECK(labels.dump() == R"({"a":"b"})");
  CHECK(reading.said().empty());
}

TEST_CASE("null is as good as absent") {
  Reading reading("{text: null, number: null, flag: null, list: null, map: null, word: null}");
  FormFields fields = reading.fields();
  std::string text = "a";
  int number = 1;
  bool flag = true;
  int word = 5;
  std::vector<std::string> list{"b"};
  Json map = object({{"c", 1}});
  fields.read("text", text);
  fields.read("number", number);
  fields.read("flag", flag);
  fields.read("list", list);
  fields.read_mapping("map", map);
  fields.read<int>("word", word, words);
  fields.finish();
  CHECK(text == "a");
  CHECK(number == 1);
  CHECK(flag);
  CHECK(word == 5);
  CHECK(list == Lines{"b"});
  CHECK(map.has("c"));
  CHECK(reading.said().empty());
}

TEST_CASE("a field of the wrong type is named by its path") {
  Reading reading(
      "{text: 1, number: '7', big: 3000000000, part: 1.5, flag: 'yes', list: a, lists: [1], map: [], items: "
      "{}, labels: {a: 1}, word: 3, inner: text}");
  FormFields fields = reading.fields();
  std::string text;
  int number = 0;
  bool flag = false;
  std::vector<std::string> list;
  Json json;
  int word = 0;
  fields.read("text", text);
  fields.read("number", number);
  fields.read("big", number);
  fields.read("part", number);
  fields.read("flag", flag);
  fields.read("list", list);
  fields.read("lists", list);
  fields.read_mapping("map", json);
  fields.read_list("items", json);
  fields.read_texts("labels", json);
  fields.read<int>("word", word, words);
  fields.in("inner").finish();
  fields.finish();
  CHECK(each_mentions(reading.said(), {
                                          {"spec.text", "text"},
                                          {"spec.number", "whole number"},
                                          {"spec.big", "whole number"},
                                          {"spec.part", "whole number"},
                                          {"spec.flag", "true", "false"},
                                          {"spec.list", "list", "1000"},
                                          {"spec.lists", "list", "1000"},
                                          {"spec.map", "mapping"},
                                          {"spec.items", "list"},
                                          {"spec.labels.a", "text"},
                                          {"spec.word", "Simple", "Mutual"},
                                          {"spec.inner", "mapping"},
                                      }));
}

TEST_CASE("every fault says which field is to be mended") {
  Reading reading("{number: '7', labels: {a.example/b: 1}, word: mutal, porrt: 1}");
  FormFields fields = reading.fields();
  int number = 0;
  Json labels;
  fields.read("number", number);
  fields.read_texts("labels", labels);
  fields.read<int>("word", number, words);
  fields.finish();
  Lines named;
  for (const mesh::Fault& one : reading.faults.all()) named.push_back(one.field);
  CHECK(named == Lines{"spec.number", "spec.labels[a.example/b]", "spec.word", "spec.porrt"});
  CHECK(mesh::keys_of("spec.labels[a.example/b]") == Lines{"spec", "labels", "a.example/b"});
  CHECK(mesh::keys_of("spec.hosts[1]") == Lines{"spec", "hosts", "1"});
  CHECK(mesh::keys_of("").empty());
}

TEST_CASE("a word is read whatever its capitals, and another one is told which there are") {
  for (const char* typed : {"Mutual", "mutual", "MUTUAL"}) {
    Reading reading("{mode: " + std::string(typed) + "}");
    int mode = 0;
    reading.fields().read<int>("mode", mode, words);
    CHECK(mode == 2);
  }
  Reading reading("{mode: mutal}");
  int mode = 0;
  reading.fields().read<int>("mode", mode, words);
  CHECK(mode == 0);
  CHECK(each_mentions(reading.said(), {{"spec.mode", "mutal", "Simple", "Mutual"}}));
}

TEST_CASE("a field that nobody asked for is unknown, and the nearest one is offered") {
  Reading reading("{porrt: 1, inner: {nam: a}, zzzzzzzz: 1}");
  FormFields fields = reading.fields();
  int port = 0;
  std::string name;
  fields.read("port", port);
  FormFields inner = fields.in("inner");
  inner.read("name", name);
  inner.finish();
  fields.finish();
  CHECK(each_mentions(reading.said(), {
                                          {"unknown field", "spec.inner.nam", "spec.inner.name"},
                                          {"unknown field", "spec.porrt", "spec.port"},
                                          {"unknown field", "spec.zzzzzzzz"},
                                      }));
}

}  // namespace egress

TEST_SUITE_END();
