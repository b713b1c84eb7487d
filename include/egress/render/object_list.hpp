#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::render {

/// The `v1` List of objects that kubectl makes.
Json list_of(std::vector<Json> objects);

/// Prints objects as kubectl prints a `v1` List of them (cli-runtime 1.36, printers/{json,yaml,kyaml}.go),
/// one after the other: none is kept.
class ObjectList {
 public:
  enum class Format { json, yaml, kyaml };

  ObjectList(std::ostream& out, Format format) : out_(out), format_(format) {}
  ObjectList(const ObjectList&) = delete;
  /// What was begun is ended, whatever happened meanwhile.
  ~ObjectList();

  void add(const Json& object);
  /// Ends the list; it is printed even where nothing is in it.
  void end();

 private:
  void begin();

  std::ostream& out_;
  Format format_;
  std::size_t count_ = 0;
  bool ended_ = false;
};

}  // namespace egress::render
