#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace egress {

/// What `work` returns, where it returns in time. It is done in a process of its own that has no terminal and
/// whose standard streams lead nowhere: whatever it does, it can neither ask nor tell the user anything. When
/// the time is up it is ended, with every program that it started. Nothing where it is late, throws or
/// crashes, or where no process can be had.
std::optional<std::string> run_with_timeout(std::chrono::milliseconds timeout,
                                            const std::function<std::string()>& work);

}  // namespace egress
