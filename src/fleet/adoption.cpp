#include "egress/fleet/adoption.hpp"

#include <algorithm>
#include <iterator>

#include "egress/base/text.hpp"
#include "egress/kube/foreign_fields.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/host_name.hpp"

namespace egress::fleet {
namespace {

/// Who manages what once it is written: what others added goes, too.
kube::ManagedFields managed_after(const mesh::Object& object) {
  kube::ManagedFields managed = kube::managed_fields(object.dry_run["metadata"]);
  for (const kube::ForeignField& one : kube::foreign_fields(object.live, object.json, kube::field_manager))
    std::erase_if(managed[one.manager], [&](const std::string& field) {
      return (field + ".").starts_with(one.dotted_path() + ".");
    });
  managed.erase(std::string(kube::field_manager));
  return managed;
}

std::string change_of_managers(const mesh::Object& object) {
  kube::ManagedFields after = managed_after(object);
  std::vector<std::string> replaced;
  std::vector<std::string> staying;
  for (const auto& [who, fields] : kube::managed_fields(object.live["metadata"])) {
    std::vector<std::string> lost;
    std::ranges::set_difference(fields, after[who], std::back_inserter(lost));
    if (!lost.empty()) replaced.push_back(printable(who + " (" + join(lost, ", ") + ")", 500));
  }
  for (const auto& [who, fields] : after)
    if (!fields.empty()) staying.push_back(printable(who, 100));
  std::string text = "taking over " + mesh::full_name(object.reference);
  if (!replaced.empty()) text += " from " + join(replaced, ", ");
  if (!staying.empty()) text += "; its other fields stay with " + join(staying, ", ");
  return text;
}

/// Helm deletes what its release holds, whatever has become of it (helm, pkg/action/uninstall.go, 4.0). Empty
/// where no release does.
std::string helms_claim(const mesh::Object& object) {
  const Json& annotations = object.dry_run["metadata"]["annotations"];
  const std::string& release = annotations["meta.helm.sh/release-name"].as_string();
  const std::string& ns = annotations["meta.helm.sh/release-namespace"].as_string();
  if (!mesh::is_object_name(release) || !mesh::is_dns_label(ns)) return {};
  return mesh::full_name(object.reference) + " still belongs to the Helm release \"" + release +
         "\", and `helm uninstall " + release + " -n " + ns +
         "` will delete it; to make Helm forget the release without deleting its objects: kubectl delete "
         "secret "
         "-n " +
         ns + " -l owner=helm,name=" + release;
}

}  // namespace

std::vector<std::string> adoption_messages(const mesh::Object& object) {
  std::vector<std::string> sentences{change_of_managers(object)};
  if (std::string acquire_lock = helms_claim(object); !acquire_lock.empty())
    sentences.push_back(std::move(acquire_lock));
  return sentences;
}

}  // namespace egress::fleet
