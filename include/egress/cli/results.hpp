#pragma once

#include <iosfwd>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/cli/print.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {

/// What create, apply and delete print on stdout with --output: the objects of each gateway, and with json,
/// yaml and kyaml an object of kind Outcome for each gateway that failed. In JSON all of it is one document:
/// one object of a single gateway that failed, otherwise a List.
class Results {
 public:
  explicit Results(std::ostream& out) : out_(out) {}

  /// The command as it was typed, before anything of it is checked: from here on a failure has an outcome if
  /// `output` asks for one. `line` is the whole command line, without secrets.
  void expect(std::string command, std::string line, std::string output);

  /// The stage that the command is at, for failures that do not say it themselves.
  void enter(fleet::Outcome::Stage stage) { stage_ = stage; }

  /// Begins to print for these gateways, in the form of --output. `as_list`: also a single outcome is put
  /// into a List. Throws Error if there is no such form.
  void begin(const std::string& output, std::vector<mesh::GatewayName> gateways, bool as_list);
  /// False if --output was not given.
  bool is_wanted() const { return printer_ && printer_->is_wanted(); }

  /// The objects of a gateway that was written.
  void print(const Printed& printed);
  /// The outcome of a gateway for which the command did not fail.
  void succeed(const mesh::GatewayName& gateway, const fleet::Outcome& outcome, const std::string& dry_run);
  /// The outcome of a gateway that failed; without a name, of the only one, or of the whole command.
  void fail(const Error& error, const std::optional<mesh::GatewayName>& gateway = std::nullopt);

  /// The error that ends the command: fail() and end().
  void abort(const Error& error);
  /// Behind the last gateway. Those of which nothing was printed were not attempted.
  void end();

 private:
  bool has_outcomes() const;
  void print(const Json& outcome);
  Json outcome_of(const Error& error, const std::optional<mesh::GatewayName>& gateway) const;

  std::ostream& out_;
  std::string command_;
  std::string line_;
  std::string output_;
  fleet::Outcome::Stage stage_ = fleet::Outcome::Stage::input;
  std::optional<PlanPrinter> printer_;
  bool as_list_ = false;
  std::vector<mesh::GatewayName> gateways_;
  std::set<mesh::GatewayName> done_;
};

/// A command line as it can be typed again, `kubectl egress …`, without the values of flags that are secret.
std::string command_line(const std::vector<std::string>& words);

}  // namespace egress::cli
