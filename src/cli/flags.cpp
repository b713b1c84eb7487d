#include <algorithm>
#include <array>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/print_flags.hpp"
#include "egress/cli/value_type.hpp"

namespace egress::cli {
namespace {

/// Flags that an alias for kubectl may hold and that mean nothing here.
void add_unused_flags(FlagSet& flags) {
  const std::string group = "Global flags";
  const auto value = [&](const std::string& name, const std::string& description,
                         const char* type = value_type::text) {
    flags.add_ignored(name, description).group(group).type(type);
  };
  value("--cache-dir", "Accepted and not used: nothing is written to disk", value_type::file);
  value("--profile", "Accepted and not used: no profile is taken");
  value("--profile-output", "Accepted and not used, like --profile", value_type::file);
  value("--vmodule", "Accepted and not used: -v counts for everything");
  value("--log-flush-frequency", "Accepted and not used: what is told is told at once");
  flags
      .add_ignored_switch("--match-server-version",
                          "Accepted and not used: this program is of no Kubernetes version that the server's "
                          "could match; what "
                          "the server can do, it is asked")
      .group(group);
}

constexpr const char* dry_run_words = "none|client|server";
constexpr const char* colour_words = "auto|always|never";

}  // namespace

void add_global_flags(CLI::App& root, Session& session) {
  FlagSet flags(root);
  kube::Overrides& to = session.overrides();
  const std::string group = "Global flags";
  auto text = [&](const char* names, std::string& into, const char* description,
                  const char* type = value_type::text) {
    flags.add(names, into, description).group(group).type(type);
  };
  text("--kubeconfig", to.kubeconfig, "Path to the kubeconfig file", value_type::file);
  text("--context", to.context, "The name of the kubeconfig context to use", value_type::context);
  text("--cluster", to.cluster, "The name of the kubeconfig cluster to use", value_type::cluster);
  text("--user", to.user, "The name of the kubeconfig user to use", value_type::user);
  text("-n,--namespace", to.ns, "The namespace to work in", value_type::ns);
  text("-s,--server", to.server, "The address and port of the Kubernetes API server");
  text("--token", to.token, "Bearer token for authentication to the API server");
  text("--as", to.as, "Username to impersonate");
  text("--as-uid", to.as_uid, "UID to impersonate");
  flags.add("--as-group", to.as_groups, "Group to impersonate; may be repeated").group(group);
  flags.add("--as-user-extra", to.as_user_extra, "key=value of the impersonated user; may be repeated")
      .group(group);
  text("--username", to.username, "Username for basic authentication to the API server");
  text("--password", to.password, "Password for basic authentication to the API server");
  text("--kuberc", to.kuberc, "Path to the kuberc file, whose policy for credential plugins counts; or off",
       value_type::file);
  text("--certificate-authority", to.certificate_authority, "Path to the CA's certificate", value_type::file);
  text("--client-certificate", to.client_certificate, "Path to a client certificate", value_type::file);
  text("--client-key", to.client_key, "Path to the client certificate's key", value_type::file);
  text("--tls-server-name", to.tls_server_name, "The name to verify the server's certificate for");
  text("--color", session.colour(), "Whether words are in colour: auto (on a terminal), always or never",
       colour_words);
  text("--request-timeout", to.request_timeout, "How long one request may take (1s, 2m, 3h); 0 is no limit");
  flags
      .add_switch("--warnings-as-errors", session.warnings_as_errors(),
                  "Exit with 1 where the server warned of something")
      .group(group);
  flags.add_switch("--insecure-skip-tls-verify", to.insecure, "Do not verify the server's certificate")
      .group(group);
  flags.add_switch("--disable-compression", to.disable_compression, "Ask for answers that are not compressed")
      .group(group);
  flags
      .add("-v,--v", session.verbosity(),
           "What is told of requests on stderr: from 6 a line each, 7 headers, 8 bodies, 9 curl commands; "
           "never secrets")
      .group(group);
  add_unused_flags(flags);
}

namespace {

/// kubectl takes the plural for a type, too.
std::string without_type(const std::string& word) {
  const std::size_t slash = word.find('/');
  const std::string type = word.substr(0, std::min(slash, word.size()));
  return slash != std::string::npos && (type == "egressgateway" || type == "egressgateways")
             ? word.substr(slash + 1)
             : word;
}

}  // namespace

FlagSet::Declared add_names(FlagSet& flags, std::vector<std::string>& names, const std::string& description) {
  return flags.add("NAME", names, description).transform(without_type).type(value_type::gateway);
}

FlagSet::Declared add_name(FlagSet& flags, std::string& name, const std::string& description) {
  return flags.add("NAME", name, description).transform(without_type).type(value_type::gateway);
}

void WaitFlags::add(FlagSet& flags, const std::string& purpose) {
  flags.add_switch("--wait{true}", wait, "Wait " + purpose).default_text("true");
  flags.add("--timeout", timeout, "How long to wait (30s, 2m); 0 is as long as it takes");
}

std::chrono::milliseconds WaitFlags::duration() const {
  const auto span = kube::parse_duration(timeout);
  if (!span)
    throw UsageError("--timeout: \"" + printable(timeout, 100) + "\" is not a duration such as 30s or 2m");
  constexpr std::chrono::hours as_long_as_it_takes{24 * 365};
  return span->count() == 0 ? as_long_as_it_takes : *span;
}

void add_dry_run_flag(FlagSet& flags, std::string& value) {
  flags
      .add_switch("--dry-run{client}", value,
                  "none, client (nothing is written) or server (the server checks all and stores nothing)")
      .default_text("none")
      .type(dry_run_words);
}

void KubectlWriteFlags::add(FlagSet& flags) {
  flags
      .add_switch("--validate{strict}", validate_,
                  "strict (or true), which is what is done in any case: an unknown field is an error")
      .default_text("strict")
      .type("strict");
  add_show_managed_fields_flag(flags);
}

/// The words are those of kubectl (pkg/cmd/util/helpers.go, 1.36).
void KubectlWriteFlags::check() const {
  constexpr std::array strict{"strict", "true", "True", "TRUE", "t", "T", "1"};
  constexpr std::array less{"warn", "ignore", "false", "False", "FALSE", "f", "F", "0"};
  if (std::ranges::find(strict, validate_) != strict.end()) return;
  if (std::ranges::find(less, validate_) != less.end())
    throw UsageError("--validate=" + validate_ + ": a field that is unknown is always an error here",
                     "Correct the field that is named, and leave --validate out.");
  throw UsageError("invalid - validate option " + go_quoted(printable(validate_, 100)) +
                   "; must be one of: strict (or true), warn, ignore (or false)");
}

void check_dry_run(const std::string& value) {
  check_word("--dry-run", value, split(dry_run_words, '|'));
}

void check_global_flags(Session& session) {
  check_word("--color", session.colour(), split(colour_words, '|'));
}

void check_word(const std::string& flag, const std::string& value, const std::vector<std::string>& allowed) {
  if (std::ranges::find(allowed, value) != allowed.end()) return;
  const std::string meant = nearest(value, allowed);
  throw UsageError(
      flag + ": \"" + printable(value, 100) + "\" is none of " + join(allowed, ", "),
      meant.empty() ? "" : "Did you mean " + (flag.starts_with("--") ? flag + "=" : "") + meant + " ?");
}

}  // namespace egress::cli
