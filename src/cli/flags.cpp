#include <algorithm>
#include <array>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/print_flags.hpp"
#include "egress/cli/value_type.hpp"

namespace egress::cli {
namespace {

/// Adds kubectl's global flags that have no meaning here, so that an alias for kubectl may contain them.
void add_ignored_flags(FlagSet& flags) {
  const std::string group = "Global flags";
  const auto add_ignored = [&](const std::string& name, const char* type = value_type::text) {
    flags.add_ignored(name).group(group).type(type);
  };
  add_ignored("--cache-dir", value_type::file);
  add_ignored("--profile");
  add_ignored("--profile-output", value_type::file);
  add_ignored("--vmodule");
  add_ignored("--log-flush-frequency");
  flags.add_ignored_switch("--match-server-version").group(group);
}

constexpr const char* dry_run_values = "none|client|server";
constexpr const char* colour_values = "auto|always|never";

}  // namespace

void add_global_flags(CLI::App& root, Session& session) {
  FlagSet flags(root);
  kube::Overrides& overrides = session.overrides();
  const std::string group = "Global flags";
  auto add_text = [&](const char* names, std::string& target, const char* description,
                      const char* type = value_type::text) {
    flags.add(names, target, description).group(group).type(type);
  };
  add_text("--kubeconfig", overrides.kubeconfig, "Path to the kubeconfig file", value_type::file);
  add_text("--context", overrides.context, "Name of the kubeconfig context to use", value_type::context);
  add_text("--cluster", overrides.cluster, "Name of the kubeconfig cluster to use", value_type::cluster);
  add_text("--user", overrides.user, "Name of the kubeconfig user to use", value_type::user);
  add_text("-n,--namespace", overrides.ns, "Namespace to use (default: the context's)", value_type::ns);
  add_text("-s,--server", overrides.server, "Address and port of the Kubernetes API server");
  add_text("--token", overrides.token, "Bearer token for authentication to the API server");
  add_text("--as", overrides.as, "Username to impersonate");
  add_text("--as-uid", overrides.as_uid, "UID to impersonate");
  flags.add("--as-group", overrides.as_groups, "Group to impersonate; repeatable").group(group);
  flags
      .add("--as-user-extra", overrides.as_user_extra, "Extra KEY=VALUE of the impersonated user; repeatable")
      .group(group);
  add_text("--username", overrides.username, "Username for basic authentication to the API server");
  add_text("--password", overrides.password, "Password for basic authentication to the API server");
  add_text("--kuberc", overrides.kuberc,
           "Path to the kuberc file with the policy for credential plugins, or off to ignore it",
           value_type::file);
  add_text("--certificate-authority", overrides.certificate_authority,
           "Path to a CA certificate file for the API server", value_type::file);
  add_text("--client-certificate", overrides.client_certificate, "Path to a client certificate file for TLS",
           value_type::file);
  add_text("--client-key", overrides.client_key, "Path to a client key file for TLS", value_type::file);
  add_text("--tls-server-name", overrides.tls_server_name,
           "Name to verify in the server's certificate (default: the host of the server)");
  add_text("--color", session.colour(), "When to use color: auto (on a terminal), always or never",
           colour_values);
  add_text("--request-timeout", overrides.request_timeout,
           "Time limit of a single server request (1s, 2m, 3h); 0 means no limit");
  flags
      .add_switch("--warnings-as-errors", session.warnings_as_errors(),
                  "Treat warnings received from the server as errors and exit with a non-zero exit code")
      .group(group);
  flags.add_switch("--insecure-skip-tls-verify", overrides.insecure, "Do not verify the server's certificate")
      .group(group);
  flags
      .add_switch("--disable-compression", overrides.disable_compression,
                  "Request uncompressed responses from the server")
      .group(group);
  flags
      .add("-v,--v", session.verbosity(),
           "Log level: 6 logs each request to stderr, 7 adds headers, 8 adds bodies, 9 adds curl commands; "
           "secrets are masked")
      .group(group);
  add_ignored_flags(flags);
}

namespace {

/// Strips "egressgateway/" or, as kubectl accepts plurals, "egressgateways/".
std::string strip_resource_type(const std::string& word) {
  const std::size_t slash = word.find('/');
  const std::string type = word.substr(0, std::min(slash, word.size()));
  return slash != std::string::npos && (type == "egressgateway" || type == "egressgateways")
             ? word.substr(slash + 1)
             : word;
}

}  // namespace

FlagSet::Flag add_gateway_names(FlagSet& flags, std::vector<std::string>& names,
                                const std::string& description) {
  return flags.add("NAME", names, description).transform(strip_resource_type).type(value_type::gateway);
}

FlagSet::Flag add_gateway_name(FlagSet& flags, std::string& name, const std::string& description) {
  return flags.add("NAME", name, description).transform(strip_resource_type).type(value_type::gateway);
}

void WaitFlags::add(FlagSet& flags, const std::string& purpose) {
  flags.add_switch("--wait{true}", wait, "Wait " + purpose).default_text("true");
  flags.add("--timeout", timeout, "How long to wait (30s, 2m); 0 means no limit");
}

std::chrono::milliseconds WaitFlags::duration() const {
  const auto duration = kube::parse_duration(timeout);
  if (!duration)
    throw UsageError("--timeout: \"" + printable(timeout, 100) + "\" is not a duration such as 30s or 2m");
  constexpr std::chrono::hours unlimited{24 * 365};
  return duration->count() == 0 ? unlimited : *duration;
}

void add_dry_run_flag(FlagSet& flags, std::string& value) {
  flags
      .add_switch("--dry-run{client}", value,
                  "none, client (only print what would be done) or server (validate on the server, store "
                  "nothing)")
      .default_text("none")
      .type(dry_run_values);
}

void KubectlWriteFlags::add(FlagSet& flags) {
  flags
      .add_switch("--validate{strict}", validate_,
                  "Must be strict (or true): unknown fields are always rejected")
      .default_text("strict")
      .type("strict");
  add_show_managed_fields_flag(flags);
}

/// The error for an invalid value is kubectl's (pkg/cmd/util/helpers.go, 1.36).
void KubectlWriteFlags::check() const {
  constexpr std::array strict{"strict", "true", "True", "TRUE", "t", "T", "1"};
  constexpr std::array lenient{"warn", "ignore", "false", "False", "FALSE", "f", "F", "0"};
  if (std::ranges::find(strict, validate_) != strict.end()) return;
  if (std::ranges::find(lenient, validate_) != lenient.end())
    throw UsageError("--validate=" + validate_ + " is not supported: unknown fields are always rejected",
                     "correct the unknown fields and omit --validate");
  throw UsageError("invalid - validate option " + go_quote(printable(validate_, 100)) +
                   "; must be one of: strict (or true), warn, ignore (or false)");
}

void check_dry_run(const std::string& value) {
  check_allowed_value("--dry-run", value, split(dry_run_values, '|'));
}

void check_global_flags(Session& session) {
  check_allowed_value("--color", session.colour(), split(colour_values, '|'));
}

void check_allowed_value(const std::string& flag, const std::string& value,
                         const std::vector<std::string>& allowed) {
  if (std::ranges::find(allowed, value) != allowed.end()) return;
  const std::string suggestion = closest_match(value, allowed);
  throw UsageError(flag + ": \"" + printable(value, 100) + "\" is not one of " + join(allowed, ", "),
                   suggestion.empty()
                       ? ""
                       : "did you mean \"" + (flag.starts_with("--") ? flag + "=" : "") + suggestion + "\"?");
}

}  // namespace egress::cli
