#include "egress/cli/value_completion.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/timeout.hpp"
#include "egress/cli/cluster_names.hpp"
#include "egress/cli/explain.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::cli {
namespace {

using std::chrono::milliseconds;

/// The time without any response after which the cluster counts as unreachable. With the start of the program
/// it is less than a tenth of a second. It is enough for a round-trip time of 70 ms, because connection, TLS
/// handshake and response each count as progress.
constexpr milliseconds response_timeout{75};
/// The time limit for all requests, including a credential plugin, because a user waits after pressing Tab.
constexpr milliseconds total_timeout{1000};

using Names = std::vector<std::string>;

Names entry_names(std::span<const kube::KubeconfigEntry> entries) {
  Names names;
  for (const kube::KubeconfigEntry& entry : entries) names.push_back(entry.name);
  return names;
}

/// The types of --adopt, each with a slash, after which the name is completed.
Names object_types() {
  Names object_types;
  for (const kube::Kind& kind : mesh::all_kinds())
    object_types.push_back(kube::Resource{kind}.type_name() + "/");
  return object_types;
}

/// Each name with the prefix: "service/" and "web" give "service/web".
Names with_prefix(const std::string& prefix, const Names& names) {
  Names full_names;
  for (const std::string& name : names) full_names.push_back(prefix + name);
  return full_names;
}

/// The typed text up to and including the first slash.
std::string prefix_of(const std::string& to_complete) {
  return to_complete.substr(0, to_complete.find('/') + 1);
}

/// How to complete one type of value. Requests to the cluster run in a separate process.
struct ValueType {
  const char* name;
  int directive = directive::no_file_comp;
  Names (*local)(Session&, const CommandLine&) = nullptr;
  Names (*on_cluster)(Session&, kube::Cluster&, const CommandLine&) = nullptr;
};

using S = Session;
using C = kube::Cluster;
using L = CommandLine;

constexpr std::array value_types{
    ValueType{value_type::context, directive::no_file_comp,
              [](S& session, const L&) { return entry_names(session.kubeconfig().contexts); }},
    ValueType{value_type::cluster, directive::no_file_comp,
              [](S& session, const L&) { return entry_names(session.kubeconfig().clusters); }},
    ValueType{value_type::user, directive::no_file_comp,
              [](S& session, const L&) { return entry_names(session.kubeconfig().users); }},
    ValueType{value_type::topic, directive::no_file_comp, [](S&, const L&) { return explain_topics(); }},
    ValueType{value_type::file, directive::default_completion},
    ValueType{value_type::manifest, directive::filter_file_ext,
              [](S&, const L&) {
                return Names{"json", "yaml", "yml"};
              }},
    ValueType{value_type::ns, directive::no_file_comp, nullptr,
              [](S&, C& cluster, const L&) { return cluster_names::namespaces(cluster); }},
    ValueType{
        value_type::gateway, directive::no_file_comp, nullptr,
        [](S& session, C& cluster, const L&) { return cluster_names::gateways(cluster, session.ns()); }},
    ValueType{value_type::secret, directive::no_file_comp, nullptr,
              [](S& session, C& cluster, const L&) { return cluster_names::secrets(cluster, session.ns()); }},
    ValueType{value_type::ingress_secret, directive::no_file_comp, nullptr,
              [](S&, C& cluster, const L& line) {
                return cluster_names::secrets(cluster, line.flag_value("--ingress-namespace"));
              }},
    ValueType{
        value_type::config_map_or_file, directive::default_completion, nullptr,
        [](S& session, C& cluster, const L&) { return cluster_names::config_maps(cluster, session.ns()); }},
    ValueType{value_type::revision, directive::no_file_comp, nullptr,
              [](S&, C& cluster, const L&) { return cluster_names::revisions(cluster); }},
    ValueType{value_type::callers, directive::no_file_comp, nullptr,
              [](S&, C& cluster, const L& line) {
                const std::string prefix = prefix_of(line.to_complete);
                if (prefix.empty()) return cluster_names::namespaces(cluster);
                const std::string ns = prefix.substr(0, prefix.size() - 1);
                return with_prefix(prefix, cluster_names::service_accounts(cluster, ns));
              }},
    ValueType{value_type::object_type, directive::no_file_comp | directive::no_space,
              [](S&, const L&) { return object_types(); }},
    ValueType{value_type::object, directive::no_file_comp, nullptr,
              [](S& session, C& cluster, const L& line) {
                const std::string prefix = prefix_of(line.to_complete);
                const std::string type = prefix.substr(0, prefix.size() - 1);
                return with_prefix(prefix, cluster_names::objects(cluster, type, session.ns()));
              }},
};

/// The matching names as lines, to send from the other process.
std::string matching_lines(const Names& names, const std::string& to_complete) {
  std::string lines;
  for (const std::string& name : names)
    if (is_shell_word(name) && name.starts_with(to_complete)) lines += (lines.empty() ? "" : "\n") + name;
  return lines;
}

Names names_for(Session& session, const CommandLine& line, const ValueType& type) {
  try {
    if (type.local != nullptr) return type.local(session, line);
  } catch (const Error&) {
    return {};
  }
  if (type.on_cluster == nullptr) return {};
  session.overrides().silent = true;
  session.overrides().progress_timeout = response_timeout;
  const auto lines = run_with_timeout(total_timeout, [&] {
    return matching_lines(type.on_cluster(session, session.cluster("complete"), line), line.to_complete);
  });
  return split(lines.value_or(""), '\n');
}

/// The values of a type name that lists them: "none|client|server".
Names allowed_values(const std::string& type) {
  const bool is_value_list = !type.empty() && std::islower(static_cast<unsigned char>(type.front())) != 0;
  return is_value_list ? split(type, '|') : Names{};
}

}  // namespace

Completion complete_value(Session& session, const CommandLine& line, const std::string& type) {
  const bool wants_object_type =
      type == value_type::object && line.to_complete.find('/') == std::string::npos;
  const std::string type_name = wants_object_type ? value_type::object_type : type;
  const auto value_type_entry = std::ranges::find(value_types, type_name, &ValueType::name);
  const bool is_known = value_type_entry != value_types.end();
  Completion completion;
  if (is_known) completion.directive = value_type_entry->directive;
  for (std::string& name : is_known ? names_for(session, line, *value_type_entry) : allowed_values(type))
    completion.candidates.push_back({std::move(name)});
  return completion;
}

}  // namespace egress::cli
