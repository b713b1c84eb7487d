#include "egress/mesh/injection.hpp"

#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"

namespace egress::mesh {
namespace {

constexpr std::string_view revision_key = "istio.io/rev";
constexpr std::string_view injection_label = "istio-injection";

std::string quoted(const std::string& name) {
  return "\"" + printable(name, 100) + "\"";
}

std::string label_command(const std::string& ns, const std::string& changes) {
  return "kubectl label namespace " + ns + " " + printable(changes, 1000);
}

/// What the namespace's labels select.
enum class Injector { unspecified, disabled, default_revision, named_revision };

Injector namespace_injector(const Json& labels) {
  if (labels.has(injection_label))
    return labels[injection_label].as_string() == "enabled" ? Injector::default_revision : Injector::disabled;
  return labels.has(revision_key) ? Injector::named_revision : Injector::unspecified;
}

Json placement_labels(const Placement& placement) {
  return placement.labels.value_or(Json());
}

constexpr const char* unknown_revision = "no Istio revision or revision tag has the name ";

/// The default revision, or else the only one.
std::string only_or_default_revision(const Revisions& revisions) {
  if (const auto revision = revisions.default_revision()) return *revision;
  const auto names = revisions.names();
  if (names.size() > 1)
    throw Error("this cluster runs several revisions of Istio, and " +
                    std::string(revisions.tags_known ? "none of them is the default"
                                                     : "this user may not read which one is the default"),
                "choose an Istio revision (spec.istio.revision): " + revisions.text());
  return names.empty() ? "default" : names.front();
}

/// The revision for a name that is neither a listed tag nor a listed revision, and may be an unlisted one.
std::string unlisted_revision(const Revisions& revisions, const std::string& name) {
  const auto names = revisions.names();
  if (names.size() > 1)
    throw Error(
        "no Istio revision has the name " + quoted(name) + ", and this user may not read revision tags",
        "choose an Istio revision (spec.istio.revision): " + revisions.text());
  return names.empty() ? name : names.front();
}

/// The namespace's label decides, so a requested revision must be the same.
void check_requested_revision(const Revisions& revisions, const Placement& placement,
                              const std::string& label, const std::string& injecting) {
  if (placement.revision.empty()) return;
  const auto requested = revisions.resolve(placement.revision);
  if (!requested || *requested == injecting) return;
  const std::string label_removal =
      placement_labels(placement).has(injection_label) ? std::string(injection_label) + "- " : "";
  throw Error(
      "namespace/" + placement.ns + " has the label " + label + ", so revision " + quoted(injecting) +
          " injects its pods, and not spec.istio.revision " + quoted(placement.revision),
      "remove spec.istio.revision, choose another namespace, or move the whole namespace to the other "
      "revision: " +
          label_command(placement.ns, label_removal + std::string(revision_key) + "=" + placement.revision +
                                          " --overwrite"));
}

void check_default_revision(const Revisions& revisions, const Placement& placement) {
  const auto injecting = revisions.default_revision();
  if (injecting) return check_requested_revision(revisions, placement, "istio-injection=enabled", *injecting);
  if (!revisions.is_complete()) return;
  const auto names = revisions.names();
  throw Error(
      "namespace/" + placement.ns +
          " has the label istio-injection=enabled, but the cluster has no default Istio revision: the "
          "gateway's pods would not be injected",
      "use the label of a revision instead: " +
          label_command(placement.ns, "istio-injection- istio.io/rev=" +
                                          (names.size() == 1 ? names.front() : std::string("REVISION"))) +
          "; revisions: " + revisions.text());
}

void check_labelled_revision(const Revisions& revisions, const Placement& placement) {
  const std::string name = placement_labels(placement)[revision_key].as_string();
  if (const auto injecting = revisions.resolve(name))
    return check_requested_revision(revisions, placement, "istio.io/rev=" + printable(name, 100), *injecting);
  if (revisions.is_complete())
    throw Error("namespace/" + placement.ns + " has the label istio.io/rev, but " + unknown_revision +
                    quoted(name) + ": the gateway's pods would not be injected",
                "choose another namespace, or a revision that exists: " +
                    label_command(placement.ns, "istio.io/rev=REVISION --overwrite") +
                    "; revisions: " + revisions.text());
}

[[noreturn]] void refuse_disabled_injection(const Placement& placement) {
  const std::string value = printable(placement_labels(placement)[injection_label].as_string(), 100);
  throw Error("namespace/" + placement.ns + " has the label istio-injection=" + value +
                  ": the gateway's pods would not be injected",
              "choose another namespace, or remove the label: " +
                  label_command(placement.ns, std::string(injection_label) + "-"));
}

/// The mesh's discoverySelectors; empty if istiod watches every namespace. istiod ignores all of them if one
/// is invalid (pkg/kube/namespace/filter.go, 1.30.3: selectorsChanged).
std::vector<kube::LabelSelector> discovery_selectors(const Mesh& mesh) {
  std::vector<kube::LabelSelector> selectors;
  for (const Json& json : mesh.discovery_selectors.items()) {
    auto selector = kube::LabelSelector::read(json);
    if (!selector) return {};
    selectors.push_back(std::move(*selector));
  }
  return selectors;
}

void check_discovery_selectors(const Mesh& mesh, const Placement& placement) {
  if (!placement.labels || mesh.version < Version{1, 10, 0}) return;
  const auto selectors = discovery_selectors(mesh);
  if (selectors.empty()) return;
  for (const kube::LabelSelector& selector : selectors)
    if (selector.matches(*placement.labels)) return;
  throw Error(
      "istiod ignores namespace/" + placement.ns + ": its labels match none of the mesh's discoverySelectors",
      "choose another namespace, or label it: " +
          label_command(placement.ns,
                        join(selectors.front().label_changes(*placement.labels), " ") + " --overwrite"));
}

}  // namespace

std::string revision_for(const Revisions& revisions, const Placement& placement) {
  const std::string& requested = placement.revision;
  if (!requested.empty()) {
    if (const auto revision = revisions.resolve(requested)) return *revision;
    if (revisions.is_complete())
      throw Error("spec.istio.revision: " + (unknown_revision + quoted(requested)),
                  "revisions: " + revisions.text());
    return unlisted_revision(revisions, requested);
  }
  const Json labels = placement_labels(placement);
  if (namespace_injector(labels) == Injector::named_revision) {
    const std::string& name = labels[revision_key].as_string();
    if (const auto revision = revisions.resolve(name)) return *revision;
    if (!revisions.is_complete()) return unlisted_revision(revisions, name);
  }
  return only_or_default_revision(revisions);
}

std::string revision_label(const Revisions& revisions, const Mesh& mesh, const Placement& placement) {
  check_discovery_selectors(mesh, placement);
  switch (namespace_injector(placement_labels(placement))) {
    case Injector::disabled:
      refuse_disabled_injection(placement);
    case Injector::default_revision:
      check_default_revision(revisions, placement);
      return {};
    case Injector::named_revision:
      check_labelled_revision(revisions, placement);
      return {};
    case Injector::unspecified:
      break;
  }
  const bool has_default_revision = revisions.default_revision().has_value();
  const std::string name = placement.revision.empty() && !has_default_revision
                               ? only_or_default_revision(revisions)
                               : placement.revision;
  return name == "default" ? "" : name;
}

std::string injection_key(const Placement& placement) {
  if (!placement.labels) return "unknown";
  const Json& labels = *placement.labels;
  // Messages about such a namespace contain its name.
  const std::string ns = has_both_labels(labels) ? placement.ns : "";
  return labels[injection_label].dump() + labels[revision_key].dump() + ns;
}

bool has_both_labels(const Json& namespace_labels) {
  return namespace_labels.has(injection_label) && namespace_labels.has(revision_key);
}

}  // namespace egress::mesh
