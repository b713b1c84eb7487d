#include <unistd.h>

#include <iostream>

#include "egress/cli/app.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const egress::cli::Streams streams{std::cout, std::cerr, isatty(STDERR_FILENO) == 1};
  const int status = egress::cli::run({argv, argv + argc}, streams);
  // Data that could not be written (a full disk) is no success.
  if (std::cout.flush()) return status;
  std::cerr << "error: standard output cannot be written\n";
  return 1;
}
