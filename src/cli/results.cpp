#include "egress/cli/results.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

#include "egress/base/text.hpp"
#include "egress/cli/outcome.hpp"
#include "egress/kube/mask.hpp"

namespace egress::cli {
namespace {

constexpr std::array outcome_formats{"json", "yaml", "kyaml"};
constexpr std::array secret_flags{"--token", "--password"};
/// The replacement that kube::masked_text() uses.
constexpr const char* masked = "<masked>";

/// The word in quotes if a shell needs them.
std::string shell_quoted(const std::string& word) {
  const std::string_view safe_characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
  if (!word.empty() && word.find_first_not_of(safe_characters) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string command_line(const std::vector<std::string>& words) {
  std::string line = "kubectl egress";
  bool masks_next = false;
  for (const std::string& word : words) {
    const std::string flag = word.substr(0, word.find('='));
    const bool is_secret = std::ranges::find(secret_flags, flag) != secret_flags.end();
    const bool has_value = flag.size() < word.size();
    line += " ";
    line += masks_next ? masked : is_secret && has_value ? flag + "=" + masked : shell_quoted(word);
    masks_next = !masks_next && is_secret && !has_value;
  }
  return printable(kube::masked_text(line));
}

void Results::enable_outcomes(std::string command, std::string line, std::string output) {
  command_ = std::move(command);
  line_ = std::move(line);
  output_ = std::move(output);
}

bool Results::has_outcomes() const {
  return std::ranges::find(outcome_formats, output_) != outcome_formats.end();
}

void Results::begin(const std::string& output, std::vector<mesh::GatewayName> gateways, bool as_list) {
  printer_.emplace(out_, output);
  gateways_ = std::move(gateways);
  as_list_ = as_list;
}

void Results::print(const PrintedPlan& printed) {
  printer_->print(printed);
  if (!has_outcomes()) return;
  const mesh::Egress& egress = printed.plan.record.egress;
  printed_gateways_.emplace(egress.ns, egress.name);
}

/// Prints the outcome as a single object, unless it is part of a list.
void Results::print(const Json& outcome) {
  if (printer_ && (as_list_ || !printed_gateways_.empty())) return printer_->print(outcome);
  print_object(out_, render::parse_output(output_, false), outcome);
  printer_.reset();
}

void Results::add_success(const mesh::GatewayName& gateway, const fleet::Outcome& outcome,
                          const std::string& dry_run) {
  if (!has_outcomes()) return;
  print(outcome_object(outcome, {command_, line_, gateway}, dry_run));
  printed_gateways_.insert(gateway);
}

void Results::add_failure(const Error& error, const std::optional<mesh::GatewayName>& gateway) {
  if (!has_outcomes()) return;
  const bool is_only = !gateway && gateways_.size() == 1;
  const auto failed_gateway = is_only ? std::optional(gateways_.front()) : gateway;
  print(outcome_object(error, {command_, line_, failed_gateway, stage_, names_flags_}));
  if (failed_gateway) printed_gateways_.insert(*failed_gateway);
}

void Results::abort(const Error& error) {
  if (!has_outcomes()) return;
  add_failure(error);
  end();
}

void Results::end() {
  for (const mesh::GatewayName& gateway : gateways_)
    if (has_outcomes() && printer_ && !printed_gateways_.contains(gateway))
      add_failure(Error("not attempted because the command ended early", "", reason::not_attempted), gateway);
  if (printer_) printer_->end();
  printer_.reset();
}

}  // namespace egress::cli
