#include "egress/base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

constexpr int poll_ms = 200;

/// The two ends of a pipe, closed in every other program that is started.
struct Pipe {
  int ends[2] = {-1, -1};

  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("no pipe can be had to run a program");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_end(int which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
};

/// The file descriptors that the program begins with.
class Descriptors {
 public:
  Descriptors(const Program& program, int output) {
    posix_spawn_file_actions_init(&actions_);
    if (!program.with_terminal)
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    if (program.silent) posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  ~Descriptors() { posix_spawn_file_actions_destroy(&actions_); }
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// The program gets its signals as if a shell had started it: whoever writes ignores SIGPIPE, and a lane's
/// signals are blocked.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// "NAME=value" lines: the program's own variables stand instead of this process's.
std::vector<std::string> environment_of(const Program& program) {
  std::vector<std::string> lines;
  for (char** one = ::environ; *one != nullptr; ++one) {
    const std::string_view line = *one;
    const std::string_view name = line.substr(0, line.find('='));
    const bool replaced =
        std::ranges::any_of(program.variables, [&](const auto& variable) { return variable.first == name; });
    if (!replaced) lines.emplace_back(line);
  }
  // Of a name that is given twice, the last value counts.
  for (auto one = program.variables.begin(); one != program.variables.end(); ++one) {
    const bool again = std::any_of(std::next(one), program.variables.end(),
                                   [&](const auto& later) { return later.first == one->first; });
    if (!again) lines.push_back(one->first + "=" + one->second);
  }
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

bool runnable(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// What comes through the pipe until the program closes it; an interruption ends the program.
std::string read_all(int descriptor, pid_t child, std::size_t limit) {
  std::string output;
  char buffer[1 << 14];
  int passed_on = 0;
  for (;;) {
    if (pending_interruptions() > passed_on) {
      passed_on = pending_interruptions();
      ::kill(child, SIGTERM);
    }
    pollfd waiting{descriptor, POLLIN, 0};
    if (::poll(&waiting, 1, poll_ms) <= 0) continue;
    const ssize_t size = ::read(descriptor, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return output;
    output.append(buffer, static_cast<std::size_t>(size));
    if (output.size() > limit) {
      ::kill(child, SIGKILL);
      return output;
    }
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string program_path(const std::string& command) {
  if (command.find('/') != std::string::npos) return runnable(command) ? command : "";
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path != nullptr ? path : "", ':')) {
    // As with Go, a program is never found in the folder that one happens to stand in.
    if (!folder.starts_with('/')) continue;
    if (std::string file = folder + "/" + command; runnable(file)) return file;
  }
  return {};
}

Ended run(const Program& program, std::size_t limit) {
  const bool by_path = program.command.find('/') != std::string::npos;
  const std::string path = by_path ? program.command : program_path(program.command);
  if (path.empty()) return {.start_error = ENOENT, .output = {}};

  std::vector<std::string> words{program.command};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  std::vector<std::string> variables = environment_of(program);
  Pipe pipe;
  const Descriptors descriptors(program, pipe.ends[1]);
  pid_t child = 0;
  const SpawnAttributes attributes;
  const int failed = ::posix_spawn(&child, path.c_str(), descriptors.get(), attributes.get(),
                                   pointers(words).data(), pointers(variables).data());
  if (failed != 0) return {.start_error = failed, .output = {}};
  pipe.close_end(1);

  Ended ended;
  ended.output = read_all(pipe.ends[0], child, limit);
  pipe.close_end(0);
  ended.status = wait_for(child);
  if (ended.output.size() > limit)
    throw Error("the program " + printable(program.command, 200) + " writes more than " +
                std::to_string(limit >> 10U) + " KiB");
  return ended;
}

}  // namespace egress
