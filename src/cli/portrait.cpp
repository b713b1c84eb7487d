#include "egress/cli/portrait.hpp"

#include "egress/base/text.hpp"
#include "egress/mesh/names.hpp"
#include "egress/render/age.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {
namespace {

std::string pods(const mesh::Summary& summary) {
  return std::to_string(summary.ready_replicas) + " of " + std::to_string(summary.replicas) + " ready";
}

std::string settings(const mesh::Summary& summary, std::chrono::sys_seconds now) {
  const mesh::Egress& egress = summary.record.egress;
  return render::fields({
      {"Name", egress.name},
      {"Namespace", egress.ns},
      {"Status", text(summary.phase)},
      {"Age", render::age(summary.record.created, now)},
      {"Host", egress.host},
      {"Port", std::to_string(egress.port)},
      {"Aliases", join(egress.aliases, ", ")},
      {"TLS", "Simple: the gateway originates it, and verifies chain and name"},
      {"Istio", summary.record.istio},
      {"Replicas", std::to_string(egress.min_replicas) + " to " + std::to_string(egress.max_replicas)},
      {"Pods", pods(summary)},
      {"Image", summary.image},
  });
}

/// The way of a request, hop by hop. What stands in it is what the objects say, not what was measured.
std::string path(const mesh::Summary& summary) {
  const mesh::Egress& egress = summary.record.egress;
  std::vector<std::string> names{egress.host};
  names.insert(names.end(), egress.aliases.begin(), egress.aliases.end());
  const std::string service = mesh::object_name(egress.name) + "." + egress.ns;
  std::string text;
  for (const std::string& name : names) text += "caller in the mesh   http://" + name + "/\n";
  text += "  │ the mesh's own TLS, by the caller's sidecar\n";
  text += "service/" + service + ":80   pods: " + pods(summary) + "\n";
  text += "  │ TLS, verified as " + egress.host + ", by the gateway\n";
  text += egress.host + ":" + std::to_string(egress.port) + "\n";
  return text;
}

std::string objects(const mesh::Summary& summary, std::chrono::sys_seconds now) {
  std::vector<std::vector<std::string>> rows{{"OBJECT", "STATE", "AGE"}};
  const mesh::Egress& egress = summary.record.egress;
  rows.push_back(
      {"configmap/" + mesh::object_name(egress.name), "Present", render::age(summary.record.created, now)});
  for (const mesh::ObjectState& one : summary.objects)
    rows.push_back(
        {one.reference.label(), one.state, one.created.empty() ? "" : render::age(one.created, now)});
  return render::table(rows);
}

std::string troubles(const mesh::Summary& summary) {
  std::string text;
  for (const std::string& reason : summary.reasons) text += printable(reason) + "\n";
  return text;
}

}  // namespace

std::string portrait(const mesh::Summary& summary, std::chrono::sys_seconds now) {
  std::string text = settings(summary, now);
  text += "Path:\n" + render::indented(path(summary), 2);
  text += "Objects:\n" + render::indented(objects(summary, now), 2);
  if (!summary.reasons.empty()) text += "Not well:\n" + render::indented(troubles(summary), 2);
  return text;
}

}  // namespace egress::cli
