#pragma once

#include <string>

#include "egress/cli/session.hpp"
#include "egress/fleet/reporter.hpp"
#include "egress/mesh/egress.hpp"

namespace egress::cli {

/// Tells what is being done to a gateway: a line an object on stdout, and a live line of what was written and
/// what is being waited for, unless it is one of so many that their one line (Tally) says more.
class Progress {
 public:
  /// `lines`: whether the objects are told of. `suffix` stands after each. The gateway is one of `gateways`.
  Progress(Session& session, const mesh::Egress& egress, std::size_t gateways, bool lines,
           std::string suffix = {});
  ~Progress() { done(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  fleet::Reporter reporter();
  void done();

 private:
  void show();

  Session& session_;
  std::string name_;
  bool live_;
  bool lines_;
  std::string suffix_;
  std::size_t objects_ = 0;
  std::string verb_;
  std::string waiting_;
};

}  // namespace egress::cli
