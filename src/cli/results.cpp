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

constexpr std::array outcome_forms{"json", "yaml", "kyaml"};
constexpr std::array secret_flags{"--token", "--password"};
/// As kube::masked_text() puts it.
constexpr const char* hidden = "<masked>";

/// As a shell takes it.
std::string quoted(const std::string& word) {
  const std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string command_line(const std::vector<std::string>& words) {
  std::string line = "kubectl egress";
  bool hides_next = false;
  for (const std::string& word : words) {
    const std::string flag = word.substr(0, word.find('='));
    const bool is_secret = std::ranges::find(secret_flags, flag) != secret_flags.end();
    const bool has_value = flag.size() < word.size();
    line += " ";
    line += hides_next ? hidden : is_secret && has_value ? flag + "=" + hidden : quoted(word);
    hides_next = !hides_next && is_secret && !has_value;
  }
  return printable(kube::masked_text(line));
}

void Results::expect(std::string command, std::string line, std::string output) {
  command_ = std::move(command);
  line_ = std::move(line);
  output_ = std::move(output);
}

bool Results::has_outcomes() const {
  return std::ranges::find(outcome_forms, output_) != outcome_forms.end();
}

void Results::begin(const std::string& output, std::vector<mesh::GatewayName> gateways, bool as_list) {
  printer_.emplace(out_, output);
  gateways_ = std::move(gateways);
  as_list_ = as_list;
}

void Results::print(const Printed& printed) {
  printer_->print(printed);
  if (!has_outcomes()) return;
  const mesh::Egress& egress = printed.plan.record.egress;
  done_.emplace(egress.ns, egress.name);
}

/// By itself, unless others are printed before or behind it.
void Results::print(const Json& outcome) {
  if (printer_ && (as_list_ || !done_.empty())) return printer_->print(outcome);
  print_object(out_, render::read_output(output_, false), outcome);
  printer_.reset();
}

void Results::succeed(const mesh::GatewayName& gateway, const fleet::Outcome& outcome,
                      const std::string& dry_run) {
  if (!has_outcomes()) return;
  print(outcome_object(outcome, {command_, line_, gateway}, dry_run));
  done_.insert(gateway);
}

void Results::fail(const Error& error, const std::optional<mesh::GatewayName>& gateway) {
  if (!has_outcomes()) return;
  const bool is_only = !gateway && gateways_.size() == 1;
  const auto subject = is_only ? std::optional(gateways_.front()) : gateway;
  print(outcome_object(error, {command_, line_, subject, stage_}));
  if (subject) done_.insert(*subject);
}

void Results::abort(const Error& error) {
  if (!has_outcomes()) return;
  fail(error);
  end();
}

void Results::end() {
  for (const mesh::GatewayName& one : gateways_)
    if (has_outcomes() && printer_ && !done_.contains(one))
      fail(Error("the command ended before this gateway's turn", "", reason::not_attempted), one);
  if (printer_) printer_->end();
  printer_.reset();
}

}  // namespace egress::cli
