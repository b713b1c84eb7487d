#include "egress/fleet/adoption.hpp"

#include <algorithm>
#include <iterator>

#include "egress/base/text.hpp"
#include "egress/kube/additions.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/host_name.hpp"

namespace egress::fleet {
namespace {

/// Who manages what once it is written: what others added goes, too.
kube::ManagedFields managed_after(const mesh::Object& object) {
  kube::ManagedFields managed = kube::managed_fields(object.tried["metadata"]);
  for (const kube::Addition& one : kube::additions(object.standing, object.json, kube::field_manager))
    std::erase_if(managed[one.manager],
                  [&](const std::string& field) { return (field + ".").starts_with(one.field() + "."); });
  managed.erase(std::string(kube::field_manager));
  return managed;
}

std::string change_of_managers(const mesh::Object& object) {
  kube::ManagedFields after = managed_after(object);
  std::vector<std::string> replaced;
  std::vector<std::string> staying;
  for (const auto& [who, fields] : kube::managed_fields(object.standing["metadata"])) {
    std::vector<std::string> lost;
    std::ranges::set_difference(fields, after[who], std::back_inserter(lost));
    if (!lost.empty()) replaced.push_back(printable(who + " (" + join(lost, ", ") + ")", 500));
  }
  for (const auto& [who, fields] : after)
    if (!fields.empty()) staying.push_back(printable(who, 100));
  std::string text = place(object.reference) + " is taken over";
  if (!replaced.empty()) text += " from " + join(replaced, ", ");
  if (!staying.empty()) text += "; what else of it is managed by " + join(staying, ", ") + " stays so";
  return text;
}

/// Helm deletes what its release holds, whatever has become of it (helm, pkg/action/uninstall.go, 4.0). Empty
/// where no release does.
std::string helms_claim(const mesh::Object& object) {
  const Json& annotations = object.tried["metadata"]["annotations"];
  const std::string& release = annotations["meta.helm.sh/release-name"].as_string();
  const std::string& ns = annotations["meta.helm.sh/release-namespace"].as_string();
  if (!mesh::is_object_name(release) || !mesh::is_label(ns)) return {};
  return place(object.reference) + " is still one of Helm's release \"" + release + "\": `helm uninstall " +
         release + " -n " + ns +
         "` will delete it. So that Helm forgets the release, and leaves what it made: kubectl delete secret "
         "-n " +
         ns + " -l owner=helm,name=" + release;
}

}  // namespace

std::string place(const mesh::Reference& reference) {
  return reference.label() + " in namespace \"" + reference.ns + "\"";
}

std::vector<std::string> adoption_of(const mesh::Object& object) {
  std::vector<std::string> sentences{change_of_managers(object)};
  if (std::string claim = helms_claim(object); !claim.empty()) sentences.push_back(std::move(claim));
  return sentences;
}

}  // namespace egress::fleet
