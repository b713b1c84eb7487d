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
  /// What stands behind `custom-columns=`. Throws Error with kubectl's words.
  static CustomColumns read(std::string_view spec);

  /// What a file holds: a line of names, and a line of as many paths. Throws Error with kubectl's words.
  static CustomColumns read_file(std::string_view text);

  void leave_headers_out() { headers_ = false; }

  /// A line for each object, with `<none>` where a path finds nothing; the first time the names above them. A
  /// column never gets narrower than it was. Throws Error where an object is not as a path takes it; the
  /// lines before it are printed.
  void print(std::ostream& out, const std::vector<Json>& objects);

 private:
  struct Column {
    std::string name;
    JsonPath path;
  };

  explicit CustomColumns(std::vector<Column> columns) : columns_(std::move(columns)) {}
  static Column column(const std::string& name, std::string_view path);

  std::vector<Column> columns_;
  bool headers_ = true;
  TabWriter writer_;
};

}  // namespace egress::render
