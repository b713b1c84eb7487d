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

Ran sh(const std::string& command_line) {
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
  const Ran made = sh("kubectl create namespace " + name_);
  if (made.status != 0) throw std::runtime_error("no namespace: " + made.err);
}

TestNamespace::~TestNamespace() {
  sh("kubectl delete namespace --wait=false " + name_);
}

Ran TestNamespace::egress(const std::string& words) const {
  return kubectl("egress " + words);
}

Ran TestNamespace::kubectl(const std::string& words) const {
  return sh("ns=" + name_ + "; kubectl() { command kubectl \"$@\" -n \"$ns\"; }; kubectl " + words);
}

Json TestNamespace::object(const std::string& kind_and_name) const {
  const Ran got = kubectl("get " + kind_and_name + " --ignore-not-found -o json");
  if (got.status != 0) throw std::runtime_error("kubectl get " + kind_and_name + ": " + got.err);
  return got.out.empty() ? Json() : Json::parse(got.out);
}

bool on_sandbox() {
  return std::getenv("EGRESS_SANDBOX_DIR") != nullptr;
}

}  // namespace egress::testing
