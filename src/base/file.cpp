#include "egress/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "egress/base/error.hpp"
#include "egress/base/private_keys.hpp"
#include "egress/base/text.hpp"
#include "egress/base/token.hpp"

namespace egress {
namespace {

/// Closes the descriptor when the reading ends, however it ends.
struct FileDescriptor {
  int fd;
  ~FileDescriptor() { ::close(fd); }
};

[[noreturn]] void fail(const std::string& operation, const std::string& path, int code) {
  std::string why = std::strerror(code);
  why.front() = static_cast<char>(why.front() | 0x20);
  throw Error(operation + " " + printable_path(path) + ": " + why);
}

}  // namespace

bool looks_like_path(std::string_view path) {
  const auto contains = [path](const char* text) { return path.find(text) != std::string_view::npos; };
  const std::size_t line_end = std::min(path.find_first_of("\r\n"), path.size());
  const bool has_several_lines = path.find_first_not_of("\r\n", line_end) != std::string_view::npos;
  const bool is_structured = path.starts_with('{') || contains("\":");
  if (has_several_lines || is_structured || contains("-----BEGIN") || mask_private_keys(path) != path)
    return false;
  return std::ranges::none_of(
      split(path, '/'), [](const std::string& part) { return part.size() > NAME_MAX || is_token(part); });
}

std::string printable_path(std::string_view path) {
  constexpr std::size_t max_length = 300;
  if (!looks_like_path(path)) return "<" + std::to_string(path.size()) + " bytes that are no path>";
  // A block of YAML leaves a line end behind it.
  const std::size_t end = path.find_last_not_of("\r\n") + 1;
  return printable(path.substr(0, end), max_length) + (end < path.size() ? "\\n" : "");
}

std::string read_file(const std::string& path, std::size_t limit) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail("open", path, errno);
  const FileDescriptor file{fd};

  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t size = ::read(file.fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail("read", path, errno);
    if (size == 0) return content;
    content.append(buffer, static_cast<std::size_t>(size));
    if (content.size() > limit)
      throw Error("read " + printable_path(path) + ": it is larger than " + std::to_string(limit >> 20U) +
                  " MiB");
  }
}

void check_writable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) fail("open", path, EISDIR);
    if (::access(path.c_str(), W_OK) != 0) fail("open", path, errno);
    return;
  }
  if (errno != ENOENT) fail("open", path, errno);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (path.empty() || path.back() == '/') fail("open", path, EISDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail("open", path, errno);
}

void write_file(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) fail("open", path, errno);
  const FileDescriptor file{fd};
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t size = ::write(file.fd, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) fail("write", path, errno);
    if (size > 0) written += static_cast<std::size_t>(size);
  }
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace egress
