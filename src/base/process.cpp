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
    if (!program.reads_stdin)
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    if (program.discards_stderr)
      posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  ~Descriptors() { posix_spawn_file_actions_destroy(&actions_); }
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// Resets the signals of the program to the defaults of a shell: this process ignores SIGPIPE, and tasks
/// block signals.
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
std::vector<std::string> environment_lines(const Program& program) {
  std::vector<std::string> lines;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const std::string_view name = line.substr(0, line.find('='));
    const bool is_replaced = std::ranges::any_of(
        program.environment, [&](const auto& variable) { return variable.first == name; });
    if (!is_replaced) lines.emplace_back(line);
  }
  // Of a name that is given twice, the last value counts.
  for (auto variable = program.environment.begin(); variable != program.environment.end(); ++variable) {
    const bool is_repeated = std::any_of(std::next(variable), program.environment.end(),
                                         [&](const auto& later) { return later.first == variable->first; });
    if (!is_repeated) lines.push_back(variable->first + "=" + variable->second);
  }
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

bool is_executable(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// What comes through the pipe until the program closes it; an interruption ends the program.
std::string read_all(int descriptor, pid_t child, std::size_t limit) {
  std::string output;
  char buffer[1 << 14];
  int forwarded = 0;
  for (;;) {
    if (pending_interruptions() > forwarded) {
      forwarded = pending_interruptions();
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

int wait_for_exit(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string find_program(const std::string& command) {
  if (command.find('/') != std::string::npos) return is_executable(command) ? command : "";
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path != nullptr ? path : "", ':')) {
    // As with Go, a program is never found in the folder that one happens to stand in.
    if (!folder.starts_with('/')) continue;
    if (std::string file = folder + "/" + command; is_executable(file)) return file;
  }
  return {};
}

ProcessResult run_program(const Program& program, std::size_t limit) {
  const bool is_path = program.command.find('/') != std::string::npos;
  const std::string path = is_path ? program.command : find_program(program.command);
  if (path.empty()) return {.start_error = ENOENT, .output = {}};

  std::vector<std::string> arguments{program.command};
  arguments.insert(arguments.end(), program.arguments.begin(), program.arguments.end());
  std::vector<std::string> environment = environment_lines(program);
  Pipe pipe;
  const Descriptors descriptors(program, pipe.ends[1]);
  pid_t child = 0;
  const SpawnAttributes attributes;
  const int failed = ::posix_spawn(&child, path.c_str(), descriptors.get(), attributes.get(),
                                   pointers(arguments).data(), pointers(environment).data());
  if (failed != 0) return {.start_error = failed, .output = {}};
  pipe.close_end(1);

  ProcessResult result;
  result.output = read_all(pipe.ends[0], child, limit);
  pipe.close_end(0);
  result.status = wait_for_exit(child);
  if (result.output.size() > limit)
    throw Error("the program " + printable(program.command, 200) + " writes more than " +
                std::to_string(limit >> 10U) + " KiB");
  return result;
}

}  // namespace egress
