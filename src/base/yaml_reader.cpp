#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/base/yaml_text.hpp"

namespace egress {
namespace {

constexpr std::size_t max_nodes = 2'000'000;
/// Of these, those that aliases stand for: client-go takes so many in a text of little else
/// (go.yaml.in/yaml/v2, decode.go).
constexpr std::size_t max_alias_nodes = 400'000;
constexpr const char* too_large = "the document is too large once its aliases are expanded";
constexpr std::size_t max_depth = 100;
constexpr const char* binary_tag = "tag:yaml.org,2002:binary";

[[noreturn]] void fail(const YAML::Mark& mark, const std::string& why) {
  throw Error("invalid YAML at line " + std::to_string(mark.line + 1) + ": " + why);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// What all documents of a text have come to.
struct Expanded {
  std::size_t nodes = 0;
  std::size_t by_aliases = 0;
};

/// Builds a Json from yaml-cpp's events. Every node counts against one bound, an alias as many as it stands
/// for, so that a small text cannot grow into a large value.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(Expanded& expanded) : expanded_(expanded) {}

  /// Where the document starts; nothing where there was none.
  const std::optional<YAML::Mark>& start() const { return start_; }
  Json result() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, {}, anchor, 1); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) fail(mark, "an anchor's value contains itself");
    if ((expanded_.by_aliases += known->second.nodes) > max_alias_nodes) fail(mark, too_large);
    add(mark, known->second.json, YAML::NullAnchor, known->second.nodes);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool plain = tag == "?";
    const bool key = expects_key();
    if (key) open_.back().key_merges = plain && value == "<<";
    if (plain && !key)
      add(mark, resolve_plain_scalar(value), anchor, 1);
    else
      add(mark, tag == binary_tag ? decoded(mark, value) : value, anchor, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, Json(Json::Array{}), anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, Json(Json::Object{}), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YAML::Mark mark;
    Json json;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::size_t nodes = 1;
    bool key_read = false;
    bool key_merges = false;  ///< it is a bare `<<`
    std::string key;
    std::vector<Json> merged;
  };
  struct Anchored {
    Json json;
    std::size_t nodes;
  };

  static std::string decoded(const YAML::Mark& mark, const std::string& value) {
    auto bytes = base64_decoded(value);
    if (!bytes || !is_utf8(*bytes)) fail(mark, "'!!binary' needs base64 of a text");
    return std::move(*bytes);
  }

  bool expects_key() const {
    return !open_.empty() && open_.back().json.is_object() && !open_.back().key_read;
  }

  void open(const YAML::Mark& mark, Json json, YAML::anchor_t anchor) {
    if (expects_key()) fail(mark, "a map or a sequence cannot be a key");
    if (open_.size() >= max_depth) fail(mark, "it is nested too deeply");
    Level level;
    level.mark = mark;
    level.json = std::move(json);
    level.anchor = anchor;
    open_.push_back(std::move(level));
  }

  void close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    for (const Json& source : level.merged)
      for (const auto& [key, value] : source.members())
        if (!level.json.has(key)) level.json.edit(key) = value;
    add(level.mark, std::move(level.json), level.anchor, level.nodes);
  }

  void add(const YAML::Mark& mark, Json json, YAML::anchor_t anchor, std::size_t nodes) {
    if (nodes > max_nodes || (expanded_.nodes += nodes) > max_nodes) fail(mark, too_large);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {json, nodes};
    if (open_.empty()) {
      root_ = std::move(json);
      return;
    }
    Level& level = open_.back();
    level.nodes += nodes;
    if (level.json.is_array())
      level.json.push(std::move(json));
    else if (std::exchange(level.key_read, !level.key_read))
      add_member(mark, level, std::move(json));
    else
      level.key = json.is_string() ? json.as_string() : json.dump();
  }

  /// A key written twice keeps its last value; `<<` gives what the map itself does not say.
  static void add_member(const YAML::Mark& mark, Level& level, Json value) {
    if (!level.key_merges) {
      level.json.edit(level.key) = std::move(value);
    } else if (value.is_object()) {
      level.merged.push_back(std::move(value));
    } else {
      const bool maps = value.is_array() && std::ranges::all_of(value.items(), &Json::is_object);
      if (!maps) fail(mark, "'<<' needs a map or a sequence of maps");
      for (const Json& source : value.items()) level.merged.push_back(source);
    }
  }

  Json root_;
  std::vector<Level> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  Expanded& expanded_;
  std::optional<YAML::Mark> start_;
};

/// Hands over documents until `take` wants no more.
template <typename Take>
void read_documents(std::string_view text, Take take) {
  std::istringstream stream{prepared_yaml(text)};
  Expanded expanded;
  int last = -1;
  try {
    YAML::Parser parser(stream);
    for (bool more = true; more;) {
      Builder builder(expanded);
      if (!parser.HandleNextDocument(builder)) return;
      if (!builder.start()) continue;
      // Of some texts, such as ",", yaml-cpp makes empty documents for ever.
      if (builder.start()->pos <= std::exchange(last, builder.start()->pos))
        fail(*builder.start(), "no document can start here");
      more = take(builder.result());
    }
  } catch (const YAML::Exception& error) {
    fail(error.mark, error.msg);
  }
}

}  // namespace

std::vector<Json> parse_yaml_documents(std::string_view text) {
  std::vector<Json> documents;
  read_documents(text, [&](Json document) {
    documents.push_back(std::move(document));
    return true;
  });
  return documents;
}

Json parse_yaml(std::string_view text) {
  Json first;
  read_documents(text, [&](Json document) {
    first = std::move(document);
    return false;
  });
  return first;
}

}  // namespace egress
