#include "support/golden.hpp"

#include <cstdlib>
#include <fstream>

#include "egress/base/file.hpp"

namespace egress::testing {

std::string golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(EGRESS_GOLDEN_DIR) + "/" + name;
  if (std::getenv("EGRESS_ACCEPT") != nullptr) std::ofstream(path) << actual;
  return read_file(path);
}

}  // namespace egress::testing
