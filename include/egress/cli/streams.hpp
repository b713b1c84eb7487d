#pragma once

#include <iosfwd>

namespace egress::cli {

/// Where a command writes: data to `out`, words for people to `err`.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

}  // namespace egress::cli
