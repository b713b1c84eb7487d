#pragma once

#include <string>

namespace egress {

/// The whole content of a file (or of a pipe). Throws Error with client-go's words, `open PATH: no such file
/// or directory`, where it cannot be read, is a directory, or holds more than `limit` bytes.
std::string read_file(const std::string& path, std::size_t limit = 64U << 20U);

/// True where something stands at that path.
bool file_exists(const std::string& path);

/// Throws Error, in the words of write_file(), where that could not write the file as things are now. Changes
/// nothing.
void check_writable(const std::string& path);

/// Writes the file, anew where it stands. Throws Error where it cannot.
void write_file(const std::string& path, const std::string& text);

}  // namespace egress
