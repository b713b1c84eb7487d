#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// When to stop waiting.
using Deadline = std::chrono::steady_clock::time_point;

/// Receives the progress of a command as it happens.
struct Reporter {
  /// One object was "created", "configured", "unchanged" or "deleted".
  std::function<void(const mesh::Reference&, const std::string& verb)> on_write = [](auto&, auto&) {};
  /// What is being waited for, in a sentence; the same one may come again.
  std::function<void(const std::string&)> on_wait = [](auto&) {};
};

}  // namespace egress::fleet
