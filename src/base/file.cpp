#include "egress/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "egress/base/error.hpp"

namespace egress {
namespace {

/// Closes the descriptor when the reading ends, however it ends.
struct Descriptor {
  int number;
  ~Descriptor() { ::close(number); }
};

[[noreturn]] void fail(const std::string& what, const std::string& path, int code) {
  std::string why = std::strerror(code);
  why.front() = static_cast<char>(why.front() | 0x20);
  throw Error(what + " " + path + ": " + why);
}

}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) fail("open", path, errno);
  const Descriptor file{number};

  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t size = ::read(file.number, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail("read", path, errno);
    if (size == 0) return content;
    content.append(buffer, static_cast<std::size_t>(size));
    if (content.size() > limit)
      throw Error("read " + path + ": it is larger than " + std::to_string(limit >> 20U) + " MiB");
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
  const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (number < 0) fail("open", path, errno);
  const Descriptor file{number};
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t size = ::write(file.number, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) fail("write", path, errno);
    if (size > 0) written += static_cast<std::size_t>(size);
  }
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace egress
