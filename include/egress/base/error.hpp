#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "egress/base/reason.hpp"

namespace egress {

/// One of the reasons why a command failed, for programs; like a cause of a Kubernetes Status.
struct Cause {
  std::string reason;      ///< base/reason.hpp
  std::string message;     ///< for people
  std::string verb{};      ///< of a missing permission: "create"; empty if the verb is not known
  std::string resource{};  ///< of a missing permission: "deployments.apps"
  std::string ns{};        ///< of a missing permission; empty if the resource has none, or it is not known
};

/// The command cannot go on. The message is a whole sentence: what was tried on which object and why it
/// failed; the hint, where there is one, is what to type next. Printed once, in cli/app.cpp.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, std::string hint = {}, std::string reason = {},
                 std::vector<Cause> causes = {})
      : std::runtime_error(message),
        hint_(std::move(hint)),
        reason_(std::move(reason)),
        causes_(std::move(causes)) {}

  const std::string& hint() const { return hint_; }

  /// One word for programs (base/reason.hpp); empty if nothing more is known than the message.
  const std::string& reason() const { return reason_; }
  /// Empty if the error has one cause, itself.
  const std::vector<Cause>& causes() const { return causes_; }
  void add_cause(Cause cause) { causes_.push_back(std::move(cause)); }

  /// The message as it is printed, with the word that leads it.
  virtual std::string headline() const { return std::string("error: ") + what(); }

  /// The headline without a leading "error: ", to be part of another message.
  std::string text() const {
    std::string text = headline();
    const std::string lead = "error: ";
    return text.starts_with(lead) ? text.substr(lead.size()) : text;
  }

 private:
  std::string hint_;
  std::string reason_;
  std::vector<Cause> causes_;
};

/// What the user typed cannot be understood; nothing was tried.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message, std::string hint = {})
      : Error(message, std::move(hint), reason::invalid_input) {}
};

}  // namespace egress
