#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// What a command left of one gateway on the server. The command line prints it as an object of kind Outcome
/// with `--output json`; its words are stable.
struct Outcome {
  /// What exists now, compared with what existed before the command.
  enum class Result {
    succeeded,    ///< the gateway is as the command was to leave it
    unchanged,    ///< the server is as it was before the command
    rolled_back,  ///< the command wrote something, and restored the state before
    incomplete,   ///< what `remaining` lists was written, or not deleted, and exists
    unknown,  ///< what `remaining` lists may exist: the server was not asked, did not answer, or another run
              ///< has the gateway
  };

  /// The step at which a command failed.
  enum class Stage {
    input,      ///< flags and files
    connect,    ///< kubeconfig, credentials and the connection to the server
    discover,   ///< what exists: gateways, Istio, what the server serves
    preflight,  ///< permissions, ownership, conflicts and the server's dry run; nothing is written before
    lock,       ///< writing the record, by which one run holds a gateway
    write,      ///< objects that come before the pods, and the pods' Deployment
    wait,       ///< for ready pods
    route,      ///< the callers' route
    cleanup,    ///< deleting objects that the gateway no longer needs
    finish,     ///< settling the record, or deleting it
    unroute,    ///< deleting the callers' route
    drain,      ///< giving callers the time to go elsewhere
    remove,     ///< deleting all other objects
  };

  Result result = Result::unchanged;
  std::optional<Stage> stage{};                ///< nothing if the command did not fail
  std::vector<mesh::Reference> written{};      ///< by this command, or perhaps written; in order
  std::vector<mesh::Reference> rolled_back{};  ///< those of them that were deleted again or restored
  std::vector<mesh::Reference> deleted{};      ///< on the command's purpose
  std::vector<mesh::Reference> remaining{};    ///< see Result; empty if unchanged, rolled back or succeeded
  std::string continue_with{};                 ///< another command to go on with than the same one
};

/// "RolledBack", "Preflight", …
std::string_view text(Outcome::Result result);
std::string_view text(Outcome::Stage stage);

/// An error with the outcome for the gateway that a command was at; what is printed of the error stays the
/// same.
class OperationFailed : public Error {
 public:
  OperationFailed(const Error& error, Outcome outcome)
      : Error(error.what(), error.hint(), error.reason(), error.causes()),
        headline_(error.headline()),
        outcome_(std::move(outcome)) {}

  const Outcome& outcome() const { return outcome_; }
  std::string headline() const override { return headline_; }

 private:
  std::string headline_;
  Outcome outcome_;
};

}  // namespace egress::fleet
