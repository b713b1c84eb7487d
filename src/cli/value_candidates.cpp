#include "egress/cli/value_candidates.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/time_limit.hpp"
#include "egress/cli/cluster_names.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::cli {
namespace {

using std::chrono::milliseconds;

/// A cluster that gives no sign of life for so long does not answer; with the start of this program it is
/// less than a tenth of a second. On a way of 70 ms to and fro there still is a sign in time: for the
/// connection, for TLS, and for the answer.
constexpr milliseconds patience{75};
/// For all of it, a credential plugin included: who presses a key waits no longer.
constexpr milliseconds limit{1000};

using Names = std::vector<std::string>;

Names names_of(std::span<const kube::KubeconfigEntry> entries) {
  Names names;
  for (const kube::KubeconfigEntry& one : entries) names.push_back(one.name);
  return names;
}

/// What may be adopted is named as kubectl prints it: first the type, then, behind the slash, the name.
Names types() {
  Names types;
  for (const kube::Kind& kind : mesh::all_kinds()) types.push_back(kube::Resource{kind}.label() + "/");
  return types;
}

/// "A/" and, of what stands behind it, each as "A/B".
Names behind(const std::string& front, const Names& names) {
  Names whole;
  for (const std::string& name : names) whole.push_back(front + name);
  return whole;
}

/// What is typed up to and with the first slash.
std::string front_of(const std::string& begun) {
  return begun.substr(0, begun.find('/') + 1);
}

/// The answer for one type of value. The cluster is asked in a process of its own, and only where needed.
struct ValueType {
  const char* name;
  int directive = directive::no_files;
  Names (*here)(Session&, const TypedLine&) = nullptr;
  Names (*on_cluster)(Session&, kube::Cluster&, const TypedLine&) = nullptr;
};

using S = Session;
using C = kube::Cluster;
using L = TypedLine;

constexpr std::array value_types{
    ValueType{value_type::context, directive::no_files,
              [](S& session, const L&) { return names_of(session.kubeconfig().contexts); }},
    ValueType{value_type::cluster, directive::no_files,
              [](S& session, const L&) { return names_of(session.kubeconfig().clusters); }},
    ValueType{value_type::user, directive::no_files,
              [](S& session, const L&) { return names_of(session.kubeconfig().users); }},
    ValueType{value_type::file, directive::files},
    ValueType{value_type::manifest, directive::files_that_end_so,
              [](S&, const L&) {
                return Names{"json", "yaml", "yml"};
              }},
    ValueType{value_type::ns, directive::no_files, nullptr,
              [](S&, C& cluster, const L&) { return cluster_names::namespaces(cluster); }},
    ValueType{
        value_type::gateway, directive::no_files, nullptr,
        [](S& session, C& cluster, const L&) { return cluster_names::gateways(cluster, session.ns()); }},
    ValueType{value_type::secret, directive::no_files, nullptr,
              [](S& session, C& cluster, const L&) { return cluster_names::secrets(cluster, session.ns()); }},
    ValueType{value_type::ingress_secret, directive::no_files, nullptr,
              [](S&, C& cluster, const L& line) {
                return cluster_names::secrets(cluster, line.value_of("--ingress-namespace"));
              }},
    ValueType{
        value_type::config_map_or_file, directive::files, nullptr,
        [](S& session, C& cluster, const L&) { return cluster_names::config_maps(cluster, session.ns()); }},
    ValueType{value_type::revision, directive::no_files, nullptr,
              [](S&, C& cluster, const L&) { return cluster_names::revisions(cluster); }},
    ValueType{value_type::callers, directive::no_files, nullptr,
              [](S&, C& cluster, const L& line) {
                const std::string front = front_of(line.begun);
                if (front.empty()) return cluster_names::namespaces(cluster);
                const std::string ns = front.substr(0, front.size() - 1);
                return behind(front, cluster_names::service_accounts(cluster, ns));
              }},
    ValueType{value_type::object_type, directive::no_files | directive::no_space,
              [](S&, const L&) { return types(); }},
    ValueType{value_type::object, directive::no_files, nullptr,
              [](S& session, C& cluster, const L& line) {
                const std::string front = front_of(line.begun);
                const std::string type = front.substr(0, front.size() - 1);
                return behind(front, cluster_names::objects(cluster, type, session.ns()));
              }},
};

/// As lines, for they come from another process; those that do not fit are not worth the way.
std::string fitting(const Names& names, const std::string& begun) {
  std::string lines;
  for (const std::string& name : names)
    if (is_one_word(name) && name.starts_with(begun)) lines += (lines.empty() ? "" : "\n") + name;
  return lines;
}

Names names_for(Session& session, const TypedLine& line, const ValueType& type) {
  try {
    if (type.here != nullptr) return type.here(session, line);
  } catch (const Error&) {
    return {};
  }
  if (type.on_cluster == nullptr) return {};
  session.overrides().silent = true;
  session.overrides().patience = patience;
  const auto lines = within(limit, [&] {
    return fitting(type.on_cluster(session, session.cluster("complete"), line), line.begun);
  });
  return split(lines.value_or(""), '\n');
}

/// A type name that is nobody's is its values.
Names words_of(const std::string& type) {
  const bool are_words = !type.empty() && std::islower(static_cast<unsigned char>(type.front())) != 0;
  return are_words ? split(type, '|') : Names{};
}

}  // namespace

Completion complete_value(Session& session, const TypedLine& line, const std::string& type) {
  const bool no_name_yet = type == value_type::object && line.begun.find('/') == std::string::npos;
  const std::string sought = no_name_yet ? value_type::object_type : type;
  const auto known = std::ranges::find(value_types, sought, &ValueType::name);
  const bool is_known = known != value_types.end();
  Completion completion;
  if (is_known) completion.directive = known->directive;
  for (std::string& name : is_known ? names_for(session, line, *known) : words_of(type))
    completion.candidates.push_back({std::move(name)});
  return completion;
}

}  // namespace egress::cli
