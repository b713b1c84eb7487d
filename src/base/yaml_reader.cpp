#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/json_members.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/base/yaml_text.hpp"

namespace egress {
namespace {

/// Of all documents, aliases expanded: four bytes for each of a kubeconfig of the largest size.
constexpr std::size_t max_nodes = 4'000'000;
constexpr std::size_t max_depth = 100;

[[noreturn]] void fail(const YAML::Mark& mark, const std::string& why) {
  fail_yaml(mark.line, why);
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
  std::size_t from_aliases = 0;
};

/// yaml-cpp reads the escapes \N and \_ as bytes that are no UTF-8: 85 and A0, of U+0085 and U+00A0. No other
/// such byte can be there, as the text was checked.
std::string with_whole_characters(const std::string& scalar) {
  if (is_utf8(scalar)) return scalar;
  std::string whole;
  for (std::string_view rest = scalar; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) whole += '\xc2';
    whole += rest.substr(0, std::max<std::size_t>(length, 1));
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return whole;
}

/// A scalar with a tag of YAML's own; any other tag leaves the text.
Json tagged(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
  if (tag == "?") return resolve_plain_scalar(value);
  constexpr std::string_view prefix = "tag:yaml.org,2002:";
  if (!tag.starts_with(prefix)) return value;
  const std::string_view type = std::string_view(tag).substr(prefix.size());
  if (type == "binary") {
    auto bytes = base64_decoded(value);
    if (!bytes) fail(mark, "!!binary value contains invalid base64 data");
    if (!is_utf8(*bytes)) fail(mark, "!!binary value is not UTF-8");
    return std::move(*bytes);
  }
  const Json meant = resolve_plain_scalar(value);
  const bool fits = type == "int"     ? meant.is_integer()
                    : type == "float" ? meant.is_number()
                    : type == "bool"  ? meant.is_bool()
                    : type == "null"  ? meant.is_null()
                                      : true;
  if (!fits) fail(mark, "the value cannot be read as !!" + std::string(type));
  return type == "int" || type == "float" || type == "bool" || type == "null" ? meant : Json(value);
}

/// Builds a Json from yaml-cpp's events. Every node counts against one bound, an alias as many as it stands
/// for, so that a small text cannot grow into a large value.
class Builder : public YAML::EventHandler {
 public:
  /// `text` outlives this.
  Builder(std::string_view text, Expanded& expanded, Repeated repeated)
      : text_(text), expanded_(expanded), repeated_(repeated) {}

  /// Where the document starts; nothing where there was none.
  const std::optional<YAML::Mark>& start() const { return start_; }
  Json result() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key() && text_.substr(place(mark), 1) == ":") fail(mark, "did not find expected key");
    if (!open_.empty() && open_.back().in_block && open_.back().key_read &&
        is_bare_key(text_, place(open_.back().key_mark), open_.back().key))
      fail(open_.back().key_mark, "could not find expected ':'");
    count(mark, 1);
    add(mark, {}, anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) fail(mark, "an anchor's value contains itself");
    expanded_.from_aliases += known->second.nodes;
    count(mark, known->second.nodes);
    add(mark, known->second.json, YAML::NullAnchor, known->second.nodes);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& scalar) override {
    if (is_open_quote(text_, place(mark))) fail(mark, "found unexpected end of stream");
    const std::string value = with_whole_characters(scalar);
    const bool plain = tag == "?";
    const bool key = expects_key();
    if (key) {
      open_.back().key_merges = plain && value == "<<";
      open_.back().key_mark = mark;
    }
    count(mark, 1);
    add(mark, key ? Json(value) : tagged(mark, tag, value), anchor, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, false, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, true, anchor);
    open_.back().in_block = style == YAML::EmitterStyle::Block;
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YAML::Mark mark;
    bool is_map = false;
    JsonMembers members;
    Json::Array items;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::size_t nodes = 1;
    bool in_block = false;
    bool key_read = false;
    YAML::Mark key_mark;
    bool key_merges = false;  ///< it is a bare `<<`
    std::string key;
    std::vector<Json> merged;
  };
  struct Anchored {
    Json json;
    std::size_t nodes;
  };

  static std::size_t place(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.pos, 0)); }

  bool expects_key() const { return !open_.empty() && open_.back().is_map && !open_.back().key_read; }

  void open(const YAML::Mark& mark, bool is_map, YAML::anchor_t anchor) {
    if (expects_key()) fail(mark, "a map or a sequence cannot be a key");
    if (open_.size() >= max_depth) fail(mark, "it is nested too deeply");
    count(mark, 1);
    Level level;
    level.mark = mark;
    level.is_map = is_map;
    level.anchor = anchor;
    open_.push_back(std::move(level));
  }

  void close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    for (const Json& source : level.merged)
      for (const auto& [key, value] : source.members())
        if (!level.members.has(key)) level.members.set(key, value);
    Json json = level.is_map ? level.members.take() : Json(std::move(level.items));
    add(level.mark, std::move(json), level.anchor, level.nodes);
  }

  /// Of many nodes, few may come from aliases: goyaml's bound, which falls from 99 of 100 for a text of
  /// 400,000 nodes to 10 of 100 for one of 4,000,000 (go.yaml.in/yaml/v2, decode.go).
  void count(const YAML::Mark& mark, std::size_t nodes) {
    expanded_.nodes += nodes;
    const double share =
        std::clamp(0.99 - 0.89 * (static_cast<double>(expanded_.nodes) - 4e5) / 3.6e6, 0.1, 0.99);
    const bool excessive =
        expanded_.from_aliases > 100 && expanded_.nodes > 1000 &&
        static_cast<double>(expanded_.from_aliases) > share * static_cast<double>(expanded_.nodes);
    if (expanded_.nodes <= max_nodes && !excessive) return;
    fail(mark, expanded_.from_aliases > 0 ? "the document is too large once its aliases are expanded"
                                          : "it has more than " + std::to_string(max_nodes) + " values");
  }

  void add(const YAML::Mark& mark, Json json, YAML::anchor_t anchor, std::size_t nodes) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {json, nodes};
    if (open_.empty()) {
      root_ = std::move(json);
      return;
    }
    Level& level = open_.back();
    level.nodes += nodes;
    if (!level.is_map)
      level.items.push_back(std::move(json));
    else if (std::exchange(level.key_read, !level.key_read))
      add_member(mark, level, std::move(json));
    else
      level.key = json.is_string() ? json.as_string() : json.dump();
  }

  /// `<<` gives what the map itself does not say.
  void add_member(const YAML::Mark& mark, Level& level, Json value) const {
    if (!level.key_merges) {
      if (repeated_ == Repeated::refused && level.members.has(level.key))
        fail(mark, "the key \"" + printable(level.key, 100) + "\" is already set in this map");
      level.members.set(level.key, std::move(value));
    } else if (value.is_object()) {
      level.merged.push_back(std::move(value));
    } else {
      const bool maps = value.is_array() && std::ranges::all_of(value.items(), &Json::is_object);
      if (!maps) fail(mark, "'<<' needs a map or a sequence of maps");
      for (const Json& source : value.items()) level.merged.push_back(source);
    }
  }

  std::string_view text_;
  Json root_;
  std::vector<Level> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  Expanded& expanded_;
  Repeated repeated_;
  std::optional<YAML::Mark> start_;
};

/// The first so many documents.
std::vector<Json> documents_of(std::string_view text, std::size_t most, Repeated repeated) {
  std::string lines = yaml_text(text);
  // yaml-cpp does not count it.
  if (lines.starts_with("\xef\xbb\xbf")) lines.erase(0, 3);
  std::istringstream stream(lines);
  std::vector<Json> documents;
  Expanded expanded;
  int last = -1;
  try {
    YAML::Parser parser(stream);
    while (documents.size() < most) {
      Builder builder(lines, expanded, repeated);
      if (!parser.HandleNextDocument(builder)) break;
      if (!builder.start()) continue;
      // Of some texts, such as ",", yaml-cpp makes empty documents for ever.
      if (builder.start()->pos <= std::exchange(last, builder.start()->pos))
        fail(*builder.start(), "no document can start here");
      documents.push_back(builder.result());
    }
    return documents;
  } catch (const YAML::Exception& error) {
    fail(error.mark, indented_by_tab(lines, error.mark.line) ? "found a tab; indent with spaces"
                                                             : std::string(without_quotation(error.msg)));
  }
}

}  // namespace

std::vector<Json> parse_yaml_documents(std::string_view text, Repeated repeated) {
  return documents_of(text, std::numeric_limits<std::size_t>::max(), repeated);
}

Json parse_yaml(std::string_view text) {
  auto documents = documents_of(text, 1, Repeated::last_wins);
  return documents.empty() ? Json() : std::move(documents.front());
}

}  // namespace egress
