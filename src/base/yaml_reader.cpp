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
#include "egress/base/json_object_builder.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/base/yaml_text.hpp"

namespace egress {
namespace {

/// Of all documents, aliases expanded: four bytes for each of a kubeconfig of the largest size.
constexpr std::size_t max_nodes = 4'000'000;
constexpr std::size_t max_depth = 100;

[[noreturn]] void fail(const YAML::Mark& mark, const std::string& why) {
  throw_yaml_error(mark.line, why);
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
struct NodeCount {
  std::size_t nodes = 0;
  std::size_t from_aliases = 0;
};

/// yaml-cpp reads the escapes \N and \_ as bytes that are no UTF-8: 85 and A0, of U+0085 and U+00A0. No other
/// such byte can be there, as the text was checked.
std::string repair_utf8(const std::string& scalar) {
  if (is_utf8(scalar)) return scalar;
  std::string result;
  for (std::string_view rest = scalar; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) result += '\xc2';
    result += rest.substr(0, std::max<std::size_t>(length, 1));
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

/// A scalar with a tag of YAML's own; any other tag leaves the text.
Json resolve_tagged_scalar(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
  if (tag == "?") return resolve_plain_scalar(value);
  constexpr std::string_view prefix = "tag:yaml.org,2002:";
  if (!tag.starts_with(prefix)) return value;
  const std::string_view type = std::string_view(tag).substr(prefix.size());
  if (type == "binary") {
    auto bytes = decode_base64(value);
    if (!bytes) fail(mark, "!!binary value contains invalid base64 data");
    if (!is_utf8(*bytes)) fail(mark, "!!binary value is not UTF-8");
    return std::move(*bytes);
  }
  const Json resolved = resolve_plain_scalar(value);
  const bool has_type = type == "int"     ? resolved.is_integer()
                        : type == "float" ? resolved.is_number()
                        : type == "bool"  ? resolved.is_bool()
                        : type == "null"  ? resolved.is_null()
                                          : true;
  if (!has_type) fail(mark, "the value cannot be read as !!" + std::string(type));
  return type == "int" || type == "float" || type == "bool" || type == "null" ? resolved : Json(value);
}

/// Builds a Json from yaml-cpp's events. All nodes count towards one limit, and an alias counts as many as
/// its anchor has, so that a small text cannot expand into a large value.
class Builder : public YAML::EventHandler {
 public:
  /// `text` outlives this.
  Builder(std::string_view text, NodeCount& node_count, DuplicateKeys duplicate_keys)
      : text_(text), count_(node_count), duplicate_keys_(duplicate_keys) {}

  /// Where the document starts; nothing where there was none.
  const std::optional<YAML::Mark>& start() const { return start_; }
  Json release() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key() && text_.substr(offset(mark), 1) == ":") fail(mark, "did not find expected key");
    if (!levels_.empty() && levels_.back().is_block && levels_.back().has_key &&
        is_key_without_colon(text_, offset(levels_.back().key_mark), levels_.back().key))
      fail(levels_.back().key_mark, "could not find expected ':'");
    count_nodes(mark, 1);
    add(mark, {}, anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto anchored = anchors_.find(anchor);
    if (anchored == anchors_.end()) fail(mark, "an anchor's value contains itself");
    count_.from_aliases += anchored->second.nodes;
    count_nodes(mark, anchored->second.nodes);
    add(mark, anchored->second.json, YAML::NullAnchor, anchored->second.nodes);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& scalar) override {
    if (is_unterminated_quote(text_, offset(mark))) fail(mark, "found unexpected end of stream");
    const std::string value = repair_utf8(scalar);
    const bool is_plain = tag == "?";
    const bool is_key = expects_key();
    if (is_key) {
      levels_.back().is_merge_key = is_plain && value == "<<";
      levels_.back().key_mark = mark;
    }
    count_nodes(mark, 1);
    add(mark, is_key ? Json(value) : resolve_tagged_scalar(mark, tag, value), anchor, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, false, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, true, anchor);
    levels_.back().is_block = style == YAML::EmitterStyle::Block;
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YAML::Mark mark;
    bool is_map = false;
    JsonObjectBuilder members;
    Json::Array items;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::size_t nodes = 1;
    bool is_block = false;
    bool has_key = false;
    YAML::Mark key_mark;
    bool is_merge_key = false;  ///< it is a bare `<<`
    std::string key;
    std::vector<Json> merges;
  };
  struct Anchor {
    Json json;
    std::size_t nodes;
  };

  static std::size_t offset(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.pos, 0));
  }

  bool expects_key() const { return !levels_.empty() && levels_.back().is_map && !levels_.back().has_key; }

  void open(const YAML::Mark& mark, bool is_map, YAML::anchor_t anchor) {
    if (expects_key()) fail(mark, "a map or a sequence cannot be a key");
    if (levels_.size() >= max_depth) fail(mark, "it is nested too deeply");
    count_nodes(mark, 1);
    Level level;
    level.mark = mark;
    level.is_map = is_map;
    level.anchor = anchor;
    levels_.push_back(std::move(level));
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    for (const Json& source : level.merges)
      for (const auto& [key, value] : source.members())
        if (!level.members.has(key)) level.members.set(key, value);
    Json json = level.is_map ? level.members.build() : Json(std::move(level.items));
    add(level.mark, std::move(json), level.anchor, level.nodes);
  }

  /// Of many nodes, few may come from aliases: goyaml's bound, which falls from 99 of 100 for a text of
  /// 400,000 nodes to 10 of 100 for one of 4,000,000 (go.yaml.in/yaml/v2, decode.go).
  void count_nodes(const YAML::Mark& mark, std::size_t nodes) {
    count_.nodes += nodes;
    const double max_alias_share =
        std::clamp(0.99 - 0.89 * (static_cast<double>(count_.nodes) - 4e5) / 3.6e6, 0.1, 0.99);
    const bool is_excessive =
        count_.from_aliases > 100 && count_.nodes > 1000 &&
        static_cast<double>(count_.from_aliases) > max_alias_share * static_cast<double>(count_.nodes);
    if (count_.nodes <= max_nodes && !is_excessive) return;
    fail(mark, count_.from_aliases > 0 ? "the document is too large once its aliases are expanded"
                                       : "it has more than " + std::to_string(max_nodes) + " values");
  }

  void add(const YAML::Mark& mark, Json json, YAML::anchor_t anchor, std::size_t nodes) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {json, nodes};
    if (levels_.empty()) {
      root_ = std::move(json);
      return;
    }
    Level& level = levels_.back();
    level.nodes += nodes;
    if (!level.is_map)
      level.items.push_back(std::move(json));
    else if (std::exchange(level.has_key, !level.has_key))
      add_member(mark, level, std::move(json));
    else
      level.key = json.is_string() ? json.as_string() : json.dump();
  }

  /// `<<` gives what the map itself does not say.
  void add_member(const YAML::Mark& mark, Level& level, Json value) const {
    if (!level.is_merge_key) {
      if (duplicate_keys_ == DuplicateKeys::reject && level.members.has(level.key))
        fail(mark, "the key \"" + printable(level.key, 100) + "\" is already set in this map");
      level.members.set(level.key, std::move(value));
    } else if (value.is_object()) {
      level.merges.push_back(std::move(value));
    } else {
      const bool is_map_list = value.is_array() && std::ranges::all_of(value.items(), &Json::is_object);
      if (!is_map_list) fail(mark, "'<<' needs a map or a sequence of maps");
      for (const Json& source : value.items()) level.merges.push_back(source);
    }
  }

  std::string_view text_;
  Json root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Anchor> anchors_;
  NodeCount& count_;
  DuplicateKeys duplicate_keys_;
  std::optional<YAML::Mark> start_;
};

/// The first so many documents.
std::vector<Json> read_documents(std::string_view text, std::size_t max_documents,
                                 DuplicateKeys duplicate_keys) {
  std::string lines = normalize_yaml(text);
  // yaml-cpp does not count it.
  if (lines.starts_with("\xef\xbb\xbf")) lines.erase(0, 3);
  std::istringstream stream(lines);
  std::vector<Json> documents;
  NodeCount node_count;
  int last_position = -1;
  try {
    YAML::Parser parser(stream);
    while (documents.size() < max_documents) {
      Builder builder(lines, node_count, duplicate_keys);
      if (!parser.HandleNextDocument(builder)) break;
      if (!builder.start()) continue;
      // Of some texts, such as ",", yaml-cpp makes empty documents for ever.
      if (builder.start()->pos <= std::exchange(last_position, builder.start()->pos))
        fail(*builder.start(), "no document can start here");
      documents.push_back(builder.release());
    }
    return documents;
  } catch (const YAML::Exception& error) {
    fail(error.mark, is_indented_by_tab(lines, error.mark.line) ? "found a tab; indent with spaces"
                                                                : std::string(strip_quotation(error.msg)));
  }
}

}  // namespace

std::vector<Json> parse_yaml_documents(std::string_view text, DuplicateKeys duplicate_keys) {
  return read_documents(text, std::numeric_limits<std::size_t>::max(), duplicate_keys);
}

Json parse_yaml(std::string_view text) {
  auto documents = read_documents(text, 1, DuplicateKeys::use_last);
  return documents.empty() ? Json() : std::move(documents.front());
}

}  // namespace egress
