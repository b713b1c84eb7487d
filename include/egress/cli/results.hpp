#pragma once

#include <iosfwd>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/cli/plan_printer.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/mesh/egress_manifest.hpp"

namespace egress::cli {

/// Prints what create, apply and delete write to stdout with --output: the objects of each gateway, and with
/// json, yaml and kyaml an object of kind Outcome for each gateway that failed. JSON output is one document:
/// a single Outcome if one gateway was requested and failed, otherwise a List.
class Results {
 public:
  explicit Results(std::ostream& out) : out_(out) {}

  /// From here on a failure prints an outcome if `output`, the unchecked value of --output, requests one.
  /// `line` is the whole command line, without secrets.
  void enable_outcomes(std::string command, std::string line, std::string output);

  /// Sets the stage of the command, for failures without a stage.
  void set_stage(fleet::Outcome::Stage stage) { stage_ = stage; }

  /// Makes the messages of outcomes name the flag of each field.
  void name_flags() { names_flags_ = true; }

  /// Starts the output for these gateways. With `as_list`, even a single outcome is put into a List. Throws
  /// Error if the value of --output is invalid.
  void begin(const std::string& output, std::vector<mesh::GatewayName> gateways, bool as_list);
  /// False if --output was not given.
  bool is_requested() const { return printer_ && printer_->is_requested(); }

  /// Prints the objects of a gateway that was written.
  void print(const PrintedPlan& printed);
  /// Prints the outcome of a gateway for which the command succeeded.
  void add_success(const mesh::GatewayName& gateway, const fleet::Outcome& outcome,
                   const std::string& dry_run);
  /// Prints the outcome of a gateway that failed. Without a name it is the only gateway, or the command as a
  /// whole.
  void add_failure(const Error& error, const std::optional<mesh::GatewayName>& gateway = std::nullopt);

  /// Reports the error that ends the command: add_failure() and end().
  void abort(const Error& error);
  /// Ends the output. Gateways without output are reported as not attempted.
  void end();

 private:
  bool has_outcomes() const;
  void print(const Json& outcome);
  Json failure_outcome(const Error& error, const std::optional<mesh::GatewayName>& gateway) const;

  std::ostream& out_;
  std::string command_;
  std::string line_;
  std::string output_;
  fleet::Outcome::Stage stage_ = fleet::Outcome::Stage::input;
  std::optional<PlanPrinter> printer_;
  bool as_list_ = false;
  bool names_flags_ = false;
  std::vector<mesh::GatewayName> gateways_;
  std::set<mesh::GatewayName> printed_gateways_;
};

/// The command line to paste into a shell, `kubectl egress …`, with the values of secret flags masked.
std::string command_line(const std::vector<std::string>& words);

}  // namespace egress::cli
