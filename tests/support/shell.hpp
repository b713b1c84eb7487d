#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::testing {

/// What a command line did.
struct CommandResult {
  int status = -1;
  std::string out;
  std::string err;
};

/// Runs a command line in a shell, as a user types it.
CommandResult sh(const std::string& command_line);

/// A namespace of its own for one test, on the cluster that KUBECONFIG names; asked to go when the test ends.
class TestNamespace {
 public:
  TestNamespace();
  ~TestNamespace();
  TestNamespace(const TestNamespace&) = delete;
  TestNamespace& operator=(const TestNamespace&) = delete;

  const std::string& name() const { return name_; }

  /// "kubectl egress …" in this namespace.
  CommandResult egress(const std::string& arguments) const;
  /// "kubectl …" in this namespace.
  CommandResult kubectl(const std::string& arguments) const;
  /// The object as JSON; null where there is none.
  Json object(const std::string& kind_and_name) const;

 private:
  std::string name_;
};

/// True on the project's own sandbox, where pods can be held back.
bool on_sandbox();

}  // namespace egress::testing
