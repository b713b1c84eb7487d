#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/render/jsonpath.hpp"
#include "egress/render/tab_writer.hpp"

namespace egress::render {

/// The columns of `-o custom-columns=NAME:.metadata.name,…` (kubectl 1.36, cmd/get/customcolumn.go).
class CustomColumns {
 public:
  /// Parses the argument of `custom-columns=`. Throws Error with kubectl's message.
  static CustomColumns parse_spec(std::string_view spec);

  /// Parses the text of a template file: a line of headers and a line of as many paths. Throws Error with
  /// kubectl's message.
  static CustomColumns parse_template(std::string_view text);

  void hide_headers() { prints_headers_ = false; }

  /// Prints a line for each object, with `<none>` for a path without a match; the first call prints the
  /// headers first. A column never gets narrower than in an earlier call. Throws Error if a path does not fit
  /// an object; the lines before it are printed.
  void print(std::ostream& out, const std::vector<Json>& objects);

 private:
  struct Column {
    std::string name;
    JsonPath path;
  };

  explicit CustomColumns(std::vector<Column> columns) : columns_(std::move(columns)) {}
  static Column make_column(const std::string& name, std::string_view path);

  std::vector<Column> columns_;
  bool prints_headers_ = true;
  TabWriter writer_;
};

}  // namespace egress::render
