#include "support/golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::testing {
namespace {

namespace fs = std::filesystem;

const fs::path directory = EGRESS_GOLDEN_DIR;

/// With an end, so that one text is not the beginning of the other.
std::vector<std::string> lines_with_end(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  lines.emplace_back("(the end)");
  return lines;
}

}  // namespace

std::string golden_path(const std::string& name) {
  return directory / name;
}

std::string golden_difference(const std::string& name, const std::string& actual) {
  const std::string path = golden_path(name);
  if (std::getenv("EGRESS_ACCEPT") != nullptr) {
    fs::create_directories(fs::path(path).parent_path());
    write_file(path, actual);
  }
  const std::string expected = read_file(path);
  if (actual == expected) return {};
  const auto expected_lines = lines_with_end(expected);
  const auto actual_lines = lines_with_end(actual);
  const auto [old_line, new_line] = std::ranges::mismatch(expected_lines, actual_lines);
  return path + ":" + std::to_string(old_line - expected_lines.begin() + 1) + "\n- " + *old_line + "\n+ " +
         *new_line;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), directory));
  std::ranges::sort(names);
  return names;
}

}  // namespace egress::testing
