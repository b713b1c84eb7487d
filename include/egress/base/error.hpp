#pragma once

#include <stdexcept>
#include <string>

namespace egress {

/// The command cannot go on. The message is a whole sentence: what was tried on which object and why it
/// failed; the hint, where there is one, is what to type next. Printed once, in cli/app.cpp.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, std::string hint = {})
      : std::runtime_error(message), hint_(std::move(hint)) {}

  const std::string& hint() const { return hint_; }

  /// The message as it is printed, with the word that leads it.
  virtual std::string headline() const { return std::string("error: ") + what(); }

 private:
  std::string hint_;
};

/// What the user typed cannot be understood; nothing was tried.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace egress
