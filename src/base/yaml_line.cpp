#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "egress/base/yaml.hpp"
#include "egress/base/yaml_text.hpp"

namespace egress {
namespace {

/// Follows where in the document the parser is, and notes the line of one place.
class LineFinder : public YAML::EventHandler {
 public:
  explicit LineFinder(const std::vector<std::string>& target) : target_(target) {}

  std::size_t line() const { return line_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add_leaf(mark, ""); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { add_leaf(mark, ""); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    add_leaf(mark, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    begin(mark, false);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    begin(mark, true);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  struct Level {
    bool is_map = false;
    bool has_key = false;
    std::string key;
    int line = 0;  ///< of the key
    std::size_t index = 0;
  };

  /// Before what is inside the value becomes a level.
  void record_line(const YAML::Mark& mark) {
    if (path_ != target_) return;
    const bool is_member = !levels_.empty() && levels_.back().is_map;
    line_ = static_cast<std::size_t>(is_member ? levels_.back().line : mark.line) + 1;
  }

  /// Where the next value of the innermost level stands.
  void enter() {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    path_.push_back(level.is_map ? level.key : std::to_string(level.index));
  }

  void leave() {
    if (levels_.empty()) return;
    path_.pop_back();
    levels_.back().has_key = false;
    ++levels_.back().index;
  }

  void add_leaf(const YAML::Mark& mark, const std::string& value) {
    if (!levels_.empty() && levels_.back().is_map && !levels_.back().has_key) {
      levels_.back().key = value;
      levels_.back().line = mark.line;
      levels_.back().has_key = true;
      return;
    }
    enter();
    record_line(mark);
    leave();
  }

  void begin(const YAML::Mark& mark, bool is_map) {
    enter();
    record_line(mark);
    levels_.push_back({.is_map = is_map, .has_key = false, .key = {}, .line = 0, .index = 0});
  }

  void end() {
    levels_.pop_back();
    leave();
  }

  const std::vector<std::string>& target_;
  std::vector<std::string> path_;
  std::vector<Level> levels_;
  std::size_t line_ = 0;
};

}  // namespace

std::size_t find_yaml_line(std::string_view text, const std::vector<std::string>& path,
                           std::size_t document) {
  LineFinder finder(path);
  try {
    std::istringstream stream(normalize_yaml(text));
    YAML::Parser parser(stream);
    for (std::size_t i = 0; i < document; ++i) {
      LineFinder skipped(path);
      parser.HandleNextDocument(skipped);
    }
    parser.HandleNextDocument(finder);
  } catch (const YAML::Exception&) {
    // Where it cannot be read to its end, what was found counts.
  }
  return finder.line();
}

}  // namespace egress
