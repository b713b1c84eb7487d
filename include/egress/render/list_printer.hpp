#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::render {

/// The `v1` List that kubectl prints for several objects.
Json make_list(std::vector<Json> objects);

/// Prints objects one by one as items of a `v1` List (cli-runtime 1.36, printers/{json,yaml,kyaml}.go),
/// without keeping them.
class ListPrinter {
 public:
  enum class Format { json, yaml, kyaml };

  ListPrinter(std::ostream& out, Format format) : out_(out), format_(format) {}
  ListPrinter(const ListPrinter&) = delete;
  /// Ends the list if it has any items, also after an exception.
  ~ListPrinter();

  void add(const Json& object);
  /// Ends the list; prints an empty list if no object was added.
  void end();

 private:
  void begin();

  std::ostream& out_;
  Format format_;
  std::size_t count_ = 0;
  bool is_ended_ = false;
};

}  // namespace egress::render
