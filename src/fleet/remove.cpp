#include "egress/fleet/remove.hpp"

#include <algorithm>
#include <thread>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/ready.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Reference;
using mesh::Stage;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

const kube::Resource record_resource{kube::kinds::config_map};

/// An object that stands and is this gateway's.
struct Standing {
  Reference reference;
  std::string uid;
  std::vector<Reference> derived;
};

/// With what the server made for these objects and takes away a moment after them.
std::vector<Standing> with_derived(const std::vector<Standing>& objects) {
  std::vector<Standing> all = objects;
  for (const Standing& one : objects)
    for (const Reference& derived : one.derived) all.push_back({derived, {}, {}});
  return all;
}

/// A Service's Endpoints, and the token Secrets that Kubernetes before 1.24 makes for a ServiceAccount:
/// neither is owned by what it was made for, so that no deletion waits for it.
std::vector<Reference> derived_from(const Reference& reference, const Json& object) {
  std::vector<Reference> derived;
  if (reference.resource.kind == kube::kinds::service)
    derived.push_back({{kube::kinds::endpoints}, reference.ns, reference.name});
  if (reference.resource.kind == kube::kinds::service_account)
    for (const Json& secret : object["secrets"].items())
      derived.push_back({{kube::kinds::secret}, reference.ns, secret["name"].as_string()});
  return derived;
}

/// One run of remove().
class Removal {
 public:
  Removal(kube::Cluster& cluster, const Removing& removing, const Reporter& reporter)
      : cluster_(cluster),
        removing_(removing),
        reporter_(reporter),
        deadline_(steady_clock::now() + removing.timeout) {}

  /// Asks for the deletion of objects, together, and waits until they are gone.
  void remove(const std::vector<Standing>& objects) {
    std::vector<kube::Call> calls;
    for (const Standing& one : objects) calls.push_back(call(one));
    const auto answers = cluster_.send(calls);
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      // A 409 says that another object of that name stands now: this one is gone.
      if (answers[i].ok() || answers[i].not_found() || answers[i].status == 409)
        reporter_.wrote(objects[i].reference, "deleted");
      else
        faults.push_back(answers[i].error->headline());
    }
    if (!faults.empty()) throw Error("not everything could be deleted:\n  " + join(faults, "\n  "));
    if (removing_.wait && !removing_.dry_run) await_gone(with_derived(objects));
  }

 private:
  kube::Call call(const Standing& one) const {
    // What a Deployment or a Service owns goes before it, so that waiting for it is waiting for all of them.
    const kube::Kind& kind = one.reference.resource.kind;
    const bool owner = kind == kube::kinds::deployment || kind == kube::kinds::service;
    return kube::remove(
        one.reference.resource, one.reference.ns, one.reference.name,
        {.uid = one.uid, .foreground = owner && removing_.wait, .dry_run = removing_.dry_run});
  }

  void await_gone(std::vector<Standing> left) {
    for (milliseconds pause(20);; pause = std::min(pause * 2, milliseconds(1000))) {
      std::vector<Json> seen = look(left);
      if (left.empty()) return;
      if (steady_clock::now() >= deadline_) throw Error(time_out(left, seen));
      reporter_.waiting("waiting for " + left.front().reference.label() + " to be gone");
      std::this_thread::sleep_for(pause);
    }
  }

  /// Takes out what is gone, and what another object of the same name has replaced.
  std::vector<Json> look(std::vector<Standing>& left) {
    std::vector<kube::Call> calls;
    for (const Standing& one : left)
      calls.push_back(kube::get(one.reference.resource, one.reference.ns, one.reference.name));
    auto answers = cluster_.send(calls);
    std::vector<Standing> still;
    std::vector<Json> seen;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const bool replaced = answers[i].ok() && !left[i].uid.empty() &&
                            answers[i].body["metadata"]["uid"].as_string() != left[i].uid;
      // Who may delete an object but not look at it cannot wait for it.
      if (!answers[i].ok() || replaced) continue;
      still.push_back(left[i]);
      seen.push_back(std::move(answers[i].body));
    }
    left = std::move(still);
    return seen;
  }

  static std::string time_out(const std::vector<Standing>& left, const std::vector<Json>& seen) {
    std::string text = "the deletion takes too long; these are not gone yet:";
    for (std::size_t i = 0; i < left.size(); ++i) {
      text += "\n  " + left[i].reference.label() + " in namespace \"" + left[i].reference.ns + "\"";
      std::vector<std::string> finalizers;
      for (const Json& one : seen[i]["metadata"]["finalizers"].items()) finalizers.push_back(one.as_string());
      if (!finalizers.empty()) text += ", held by the finalizer " + printable(join(finalizers, ", "), 300);
    }
    return text;
  }

  kube::Cluster& cluster_;
  const Removing& removing_;
  const Reporter& reporter_;
  Deadline deadline_;
};

/// The members that stand and bear the record's label, last made first.
std::vector<Standing> standing_members(kube::Cluster& cluster, const kube::Served& served,
                                       const mesh::Record& record) {
  std::vector<Reference> members;
  std::vector<kube::Call> calls;
  for (const Reference& member : record.members) {
    // A kind that is served no more has no objects.
    const auto resource = served.find(member.resource.kind);
    if (!resource) continue;
    members.push_back({*resource, member.ns, member.name});
    calls.push_back(kube::get(*resource, member.ns, member.name));
  }
  const auto answers = cluster.send(calls);
  const std::string id = mesh::record_id(record.egress.name, record.egress.ns);
  std::vector<Standing> standing;
  for (std::size_t i = members.size(); i-- > 0;) {
    if (answers[i].not_found()) continue;
    const Json& object = answers[i].value();
    const Json& metadata = object["metadata"];
    if (metadata["labels"][kube::applyset::part_of_label].as_string() == id)
      standing.push_back({members[i], metadata["uid"].as_string(), derived_from(members[i], object)});
  }
  return standing;
}

}  // namespace

void remove(kube::Cluster& cluster, const kube::Served& served, const mesh::Record& record,
            const Removing& removing, const Reporter& reporter) {
  const std::string name = mesh::object_name(record.egress.name);
  const std::vector<Standing> standing = standing_members(cluster, served, record);
  if (!removing.dry_run)
    cluster.send(kube::merge(record_resource, record.egress.ns, name, mesh::deletion_patch(record))).value();

  Removal removal(cluster, removing, reporter);
  for (const Stage stage : {Stage::callers, Stage::workload, Stage::foundation}) {
    std::vector<Standing> wave;
    std::ranges::copy_if(standing, std::back_inserter(wave),
                         [&](const Standing& one) { return mesh::stage_of(one.reference) == stage; });
    removal.remove(wave);
  }
  removal.remove({{{record_resource, record.egress.ns, name}, record.uid, {}}});
}

}  // namespace egress::fleet
