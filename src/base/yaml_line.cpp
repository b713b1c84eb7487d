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
class Finder : public YAML::EventHandler {
 public:
  explicit Finder(const std::vector<std::string>& wanted) : wanted_(wanted) {}

  std::size_t line() const { return line_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { leaf(mark, ""); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { leaf(mark, ""); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    leaf(mark, value);
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
    bool map = false;
    bool key_read = false;
    std::string key;
    int line = 0;  ///< of the key
    std::size_t index = 0;
  };

  /// Before what is inside the value becomes a level.
  void note(const YAML::Mark& mark) {
    if (path_ != wanted_) return;
    const bool has_key = !levels_.empty() && levels_.back().map;
    line_ = static_cast<std::size_t>(has_key ? levels_.back().line : mark.line) + 1;
  }

  /// Where the next value of the innermost level stands.
  void enter() {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    path_.push_back(level.map ? level.key : std::to_string(level.index));
  }

  void leave() {
    if (levels_.empty()) return;
    path_.pop_back();
    levels_.back().key_read = false;
    ++levels_.back().index;
  }

  void leaf(const YAML::Mark& mark, const std::string& value) {
    if (!levels_.empty() && levels_.back().map && !levels_.back().key_read) {
      levels_.back().key = value;
      levels_.back().line = mark.line;
      levels_.back().key_read = true;
      return;
    }
    enter();
    note(mark);
    leave();
  }

  void begin(const YAML::Mark& mark, bool map) {
    enter();
    note(mark);
    levels_.push_back({.map = map, .key_read = false, .key = {}, .line = 0, .index = 0});
  }

  void end() {
    levels_.pop_back();
    leave();
  }

  const std::vector<std::string>& wanted_;
  std::vector<std::string> path_;
  std::vector<Level> levels_;
  std::size_t line_ = 0;
};

}  // namespace

std::size_t yaml_line(std::string_view text, const std::vector<std::string>& path, std::size_t document) {
  Finder finder(path);
  try {
    std::istringstream stream(yaml_text(text));
    YAML::Parser parser(stream);
    for (std::size_t i = 0; i < document; ++i) {
      Finder passed_over(path);
      parser.HandleNextDocument(passed_over);
    }
    parser.HandleNextDocument(finder);
  } catch (const YAML::Exception&) {
    // Where it cannot be read to its end, what was found counts.
  }
  return finder.line();
}

}  // namespace egress
