#pragma once

#include <iosfwd>

#include "egress/base/error.hpp"

namespace egress::cli {

/// Where a command writes: data to `out`, words for people to `err`.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

/// The error's headline and, where it has one, its hint, on `err`.
void print_error(const Streams& streams, const Error& error);

}  // namespace egress::cli
