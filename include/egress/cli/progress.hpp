#pragma once

#include <string>

#include "egress/cli/session.hpp"
#include "egress/fleet/outcome.hpp"

namespace egress::cli {

/// Tells what a command does while it does it: a line an object on stdout, and on a terminal one line on
/// stderr that says what is being waited for and goes away again.
class Progress {
 public:
  /// `lines`: whether the objects are told of. `suffix` stands after each.
  Progress(Session& session, bool lines, std::string suffix = {});
  ~Progress() { done(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  fleet::Reporter reporter();
  void done();

 private:
  void show(const std::string& text);

  Session& session_;
  bool lines_;
  std::string suffix_;
  bool shown_ = false;
};

}  // namespace egress::cli
