#pragma once

#include <string>
#include <string_view>

namespace egress {

/// False for what was pasted where a file's name belongs: it has several lines or a part that is longer than
/// any name, is JSON or PEM, holds a private key in whatever wrapping (base/private_keys.hpp), or has the
/// form of a token (base/token.hpp).
bool looks_like_path(std::string_view path);

/// A path as messages show it: a line end behind it as `\n`. Of what looks_like_path() says that it is none,
/// only its length is shown: it may be a secret.
std::string printable_path(std::string_view path);

/// The whole content of a file (or of a pipe). Throws Error with client-go's words, `open PATH: no such file
/// or directory`, where it cannot be read, is a directory, or holds more than `limit` bytes.
std::string read_file(const std::string& path, std::size_t limit = 64U << 20U);

/// True where something stands at that path.
bool file_exists(const std::string& path);

/// Throws Error, in the words of write_file(), where that could not write the file as things are now. Changes
/// nothing.
void check_writable(const std::string& path);

/// Creates or replaces the file. Throws Error on failure.
void write_file(const std::string& path, const std::string& text);

}  // namespace egress
