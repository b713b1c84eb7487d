#include "egress/mesh/injection.hpp"

#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"

namespace egress::mesh {
namespace {

constexpr std::string_view rev = "istio.io/rev";
constexpr std::string_view injection = "istio-injection";

std::string quoted(const std::string& name) {
  return "\"" + printable(name, 100) + "\"";
}

std::string label_command(const std::string& ns, const std::string& changes) {
  return "kubectl label namespace " + ns + " " + printable(changes, 1000);
}

/// What the namespace says itself, if anything.
enum class Says { nothing, nobody, the_default, a_name };

Says what_says(const Json& labels) {
  if (labels.has(injection))
    return labels[injection].as_string() == "enabled" ? Says::the_default : Says::nobody;
  return labels.has(rev) ? Says::a_name : Says::nothing;
}

Json labels_of(const Placement& placement) {
  return placement.labels.value_or(Json());
}

constexpr const char* unknown = "no revision of Istio and no revision tag is called ";

/// Who is meant where no name says it.
std::string unnamed(const Revisions& revisions) {
  if (const auto one = revisions.by_default()) return *one;
  const auto all = revisions.all();
  if (all.size() > 1)
    throw Error("this cluster runs several revisions of Istio and " +
                    std::string(revisions.tags_known ? "none is the default one"
                                                     : "does not let this user see which is the default one"),
                "Choose with --istio-revision: " + revisions.listed());
  return all.empty() ? "default" : all.front();
}

/// Of a name that nothing seen explains: a tag that this user may not look at, or a revision.
std::string unseen(const Revisions& revisions, const std::string& name) {
  const auto all = revisions.all();
  if (all.size() > 1)
    throw Error("none of the revisions of Istio here is called " + quoted(name) +
                    ", and revision tags cannot be looked at by this user",
                "Name the revision itself with --istio-revision: " + revisions.listed());
  return all.empty() ? name : all.front();
}

/// Nothing but the namespace's labels counts there.
void check_same(const Revisions& revisions, const Placement& placement, const std::string& by,
                const std::string& deciding) {
  if (placement.revision.empty()) return;
  const auto wished = revisions.named(placement.revision);
  if (!wished || *wished == deciding) return;
  const std::string removal = labels_of(placement).has(injection) ? std::string(injection) + "- " : "";
  throw Error("namespace \"" + placement.ns + "\" is labelled " + by + ", so revision " + quoted(deciding) +
                  " injects all its pods, and --istio-revision " + quoted(placement.revision) +
                  " cannot be had there",
              "Leave --istio-revision out, choose another namespace, or give all of this one to the other "
              "revision: " +
                  label_command(placement.ns,
                                removal + std::string(rev) + "=" + placement.revision + " --overwrite"));
}

void check_default(const Revisions& revisions, const Placement& placement) {
  const auto deciding = revisions.by_default();
  if (deciding) return check_same(revisions, placement, "istio-injection=enabled", *deciding);
  if (!revisions.complete()) return;
  const auto all = revisions.all();
  throw Error("namespace \"" + placement.ns +
                  "\" is labelled istio-injection=enabled, which leaves its pods to the default revision of "
                  "Istio, and there is none: nobody would make a gateway of them",
              "Name the revision instead: " +
                  label_command(placement.ns, "istio-injection- istio.io/rev=" +
                                                  (all.size() == 1 ? all.front() : std::string("REVISION"))) +
                  ". There is: " + revisions.listed());
}

void check_named(const Revisions& revisions, const Placement& placement) {
  const std::string name = labels_of(placement)[rev].as_string();
  if (const auto deciding = revisions.named(name))
    return check_same(revisions, placement, "istio.io/rev=" + printable(name, 100), *deciding);
  if (revisions.complete())
    throw Error("namespace \"" + placement.ns + "\" is labelled istio.io/rev, and " + unknown + quoted(name) +
                    ": nobody would make a gateway of the pods",
                "Choose another namespace, or a revision that is there: " +
                    label_command(placement.ns, "istio.io/rev=REVISION --overwrite") +
                    ". There is: " + revisions.listed());
}

[[noreturn]] void refuse_nobody(const Placement& placement) {
  const std::string value = printable(labels_of(placement)[injection].as_string(), 100);
  throw Error("namespace \"" + placement.ns + "\" is labelled istio-injection=" + value +
                  ": Istio would not make a gateway of the pods",
              "Choose another namespace, or take the label away: " +
                  label_command(placement.ns, std::string(injection) + "-"));
}

/// The selectors that istiod follows; none where it sees every namespace. With one that it cannot read it
/// follows none (pkg/kube/namespace/filter.go, 1.30.3: selectorsChanged).
std::vector<kube::LabelSelector> discovery_selectors(const Mesh& mesh) {
  std::vector<kube::LabelSelector> selectors;
  for (const Json& one : mesh.discovery_selectors.items()) {
    auto selector = kube::LabelSelector::read(one);
    if (!selector) return {};
    selectors.push_back(std::move(*selector));
  }
  return selectors;
}

void check_discovered(const Mesh& mesh, const Placement& placement) {
  if (!placement.labels || mesh.version < Version{1, 10, 0}) return;
  const auto selectors = discovery_selectors(mesh);
  if (selectors.empty()) return;
  for (const kube::LabelSelector& one : selectors)
    if (one.matches(*placement.labels)) return;
  throw Error("istiod does not see namespace \"" + placement.ns +
                  "\": its labels match none of the mesh config's discoverySelectors, so nothing in it would "
                  "be configured",
              "Choose another namespace, or label it: " +
                  label_command(placement.ns, join(selectors.front().changes_for(*placement.labels), " ") +
                                                  " --overwrite"));
}

}  // namespace

std::string revision_for(const Revisions& revisions, const Placement& placement) {
  const std::string& wished = placement.revision;
  if (!wished.empty()) {
    if (const auto one = revisions.named(wished)) return *one;
    if (revisions.complete())
      throw Error("--istio-revision: " + (unknown + quoted(wished)), "There is: " + revisions.listed());
    return unseen(revisions, wished);
  }
  const Json labels = labels_of(placement);
  if (what_says(labels) == Says::a_name) {
    const std::string& name = labels[rev].as_string();
    if (const auto one = revisions.named(name)) return *one;
    if (!revisions.complete()) return unseen(revisions, name);
  }
  return unnamed(revisions);
}

std::string revision_label(const Revisions& revisions, const Mesh& mesh, const Placement& placement) {
  check_discovered(mesh, placement);
  switch (what_says(labels_of(placement))) {
    case Says::nobody:
      refuse_nobody(placement);
    case Says::the_default:
      check_default(revisions, placement);
      return {};
    case Says::a_name:
      check_named(revisions, placement);
      return {};
    case Says::nothing:
      break;
  }
  const bool by_default = revisions.by_default().has_value();
  const std::string name =
      placement.revision.empty() && !by_default ? unnamed(revisions) : placement.revision;
  return name == "default" ? "" : name;
}

std::string injection_key(const Placement& placement) {
  if (!placement.labels) return "unknown";
  const Json& labels = *placement.labels;
  // Of such a namespace messages speak by its name.
  const std::string ns = has_both_labels(labels) ? placement.ns : "";
  return labels[injection].dump() + labels[rev].dump() + ns;
}

bool has_both_labels(const Json& namespace_labels) {
  return namespace_labels.has(injection) && namespace_labels.has(rev);
}

}  // namespace egress::mesh
