#include <unistd.h>

#include <iostream>

#include "egress/cli/app.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const egress::cli::Streams streams{std::cout, std::cerr, isatty(STDERR_FILENO) == 1};
  return egress::cli::run({argv, argv + argc}, streams);
}
