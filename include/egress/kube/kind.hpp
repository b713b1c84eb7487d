#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace egress::kube {

/// A kind of API object, and the versions in which this program can write it.
struct Kind {
  std::string_view name;                           ///< "Deployment"
  std::string_view group;                          ///< "apps"; empty for the core group
  std::string_view plural;                         ///< "deployments"
  std::array<std::string_view, 3> versions{"v1"};  ///< newest first; discovery chooses
  std::string_view short_name{};                   ///< "deploy"; may be empty

  /// True if kubectl accepts the type for this kind: "deployment", "deployments" or "deploy", with or without
  /// ".GROUP".
  bool matches(std::string_view type) const;

  friend constexpr bool operator==(const Kind& a, const Kind& b) {
    return a.name == b.name && a.group == b.group;
  }
};

/// A kind in the version that the server serves.
struct Resource {
  Resource() = default;
  // A constructor, because g++ 12 reports the default of an aggregate's member as maybe uninitialized at -O3.
  Resource(const Kind& served_kind, std::string served_version = "v1")
      : kind(served_kind), version(std::move(served_version)) {}

  Kind kind{};
  std::string version = "v1";

  /// "apps/v1", or "v1" for the core group.
  std::string api_version() const;
  /// "deployment.apps", as kubectl prints it; "service" for the core group.
  std::string type_name() const;
  /// "/apis/apps/v1/namespaces/NS/deployments/NAME". Without a name it is the collection, without a namespace
  /// the collection of all namespaces.
  std::string path(std::string_view ns, std::string_view name = {}) const;
};

/// Percent-encodes the characters that are not allowed in a path segment or a query value.
std::string url_escaped(std::string_view text);

/// "Deployment.apps", or "Service" for the core group, as an ApplySet lists kinds.
std::string group_kind(const Kind& kind);

namespace kinds {

inline constexpr Kind namespaces{"Namespace", "", "namespaces"};
inline constexpr Kind config_map{"ConfigMap", "", "configmaps", {"v1"}, "cm"};
inline constexpr Kind secret{"Secret", "", "secrets"};
inline constexpr Kind service{"Service", "", "services", {"v1"}, "svc"};
inline constexpr Kind service_account{"ServiceAccount", "", "serviceaccounts", {"v1"}, "sa"};
inline constexpr Kind endpoints{"Endpoints", "", "endpoints"};
inline constexpr Kind pod{"Pod", "", "pods"};
inline constexpr Kind deployment{"Deployment", "apps", "deployments", {"v1"}, "deploy"};
inline constexpr Kind role{"Role", "rbac.authorization.k8s.io", "roles"};
inline constexpr Kind role_binding{"RoleBinding", "rbac.authorization.k8s.io", "rolebindings"};
inline constexpr Kind network_policy{
    "NetworkPolicy", "networking.k8s.io", "networkpolicies", {"v1"}, "netpol"};
inline constexpr Kind mutating_webhooks{"MutatingWebhookConfiguration", "admissionregistration.k8s.io",
                                        "mutatingwebhookconfigurations"};
inline constexpr Kind autoscaler{
    "HorizontalPodAutoscaler", "autoscaling", "horizontalpodautoscalers", {"v2", "v2beta2"}, "hpa"};
inline constexpr Kind disruption_budget{
    "PodDisruptionBudget", "policy", "poddisruptionbudgets", {"v1", "v1beta1"}, "pdb"};

}  // namespace kinds
}  // namespace egress::kube
