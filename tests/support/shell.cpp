#include "support/shell.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace egress::testing {
namespace {

/// A file that has no name: what the child writes there is read when it is done, however much it is.
class Capture {
 public:
  Capture() : file_(std::tmpfile()) {
    if (file_ == nullptr) throw std::runtime_error("no temporary file");
  }
  ~Capture() { std::fclose(file_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  int descriptor() const { return fileno(file_); }

  std::string text() const {
    std::string text;
    std::array<char, 4096> buffer{};
    std::rewind(file_);
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file_))
      text.append(buffer.data(), size);
    return text;
  }

 private:
  std::FILE* file_;
};

}  // namespace

CommandResult sh(const std::string& command_line) {
  const Capture out;
  const Capture err;
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out.descriptor(), STDOUT_FILENO);
    dup2(err.descriptor(), STDERR_FILENO);
    execl("/bin/sh", "sh", "-c", command_line.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out.text(), err.text()};
}

TestNamespace::TestNamespace() {
  static int number = 0;
  name_ = "egress-test-" + std::to_string(getpid()) + "-" + std::to_string(++number);
  const CommandResult created = sh("kubectl create namespace " + name_);
  if (created.status != 0) throw std::runtime_error("no namespace: " + created.err);
}

TestNamespace::~TestNamespace() {
  sh("kubectl delete namespace --wait=false " + name_);
}

CommandResult TestNamespace::egress(const std::string& arguments) const {
  return kubectl("egress " + arguments);
}

CommandResult TestNamespace::kubectl(const std::string& arguments) const {
  return sh("ns=" + name_ + "; kubectl() { command kubectl \"$@\" -n \"$ns\"; }; kubectl " + arguments);
}

Json TestNamespace::object(const std::string& kind_and_name) const {
  const CommandResult result = kubectl("get " + kind_and_name + " --ignore-not-found -o json");
  if (result.status != 0) throw std::runtime_error("kubectl get " + kind_and_name + ": " + result.err);
  return result.out.empty() ? Json() : Json::parse(result.out);
}

bool on_sandbox() {
  return std::getenv("EGRESS_SANDBOX_DIR") != nullptr;
}

}  // namespace egress::testing
