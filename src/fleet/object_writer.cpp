#include "egress/fleet/object_writer.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/deletion_wait.hpp"
#include "egress/fleet/live_replicas.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/leftovers.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/full_name.hpp"

namespace egress::fleet {
namespace {

constexpr int conflict = 409;
constexpr int server_fault = 500;
/// Others, such as the controllers that write an object's status, may be faster now and then, but not always.
constexpr int attempts = 6;
constexpr const char* taken_over_annotation = "kubectl-egress/taken-over";

/// What happened to an object: "unchanged" where the write moved nothing.
std::string verb_of(const mesh::Object& object, const kube::Answer& answer) {
  if (answer.created()) return "created";
  const Json& before = object.live["metadata"]["resourceVersion"];
  return answer.body["metadata"]["resourceVersion"] == before ? "unchanged" : "configured";
}

/// The object is another one than was last seen, or there against expectation, or gone: a conflict that names
/// no manager of fields, or, where it went at the very moment, what the store itself says (k8s.io/apiserver,
/// storage/errors.go: ErrResourceVersionSetOnCreate; Kubernetes 1.20 answers 500 with it).
bool is_another(const kube::Answer& answer) {
  if (answer.already_exists()) return true;
  if (answer.status == conflict) return answer.error->details()["causes"].items().empty();
  return answer.status == server_fault &&
         std::string_view(answer.error->what()).find("resourceVersion should not be set") !=
             std::string_view::npos;
}

/// Whatever is written to an object that is being deleted goes with it.
bool is_leaving(const Json& metadata) {
  return metadata.has("deletionTimestamp");
}

/// False for an object that others created under the name meanwhile. An object to take over must be the one
/// that was read.
bool is_meant(const mesh::Object& one, const Json& metadata) {
  const std::string& set = metadata["labels"][kube::applyset::part_of_label].as_string();
  if (set == one.json["metadata"]["labels"][kube::applyset::part_of_label].as_string()) return true;
  return one.adopted && set.empty() && metadata["uid"] == one.live["metadata"]["uid"];
}

/// What is taken from others was agreed to before.
kube::Call writing(const mesh::Object& one, bool force, bool mark) {
  Json body = one.json;
  Json& metadata = body.edit("metadata");
  const Json& version = one.last_seen["resourceVersion"];
  if (!version.is_null()) metadata.set("resourceVersion", version);
  if (mark) metadata.edit("annotations").set(taken_over_annotation, "true");
  return kube::apply(one.reference.resource, body,
                     {.force = force || one.force, .only_new = version.is_null()});
}

}  // namespace

void ObjectWriter::write(std::vector<mesh::Object*> wave) {
  std::vector<mesh::Object*> standing;
  for (mesh::Object* one : wave) {
    one->last_seen = one->live["metadata"];
    if (!one->last_seen.is_null()) standing.push_back(one);
    possibly_written_.push_back(one->reference);
  }
  // Nothing of such an object can be applied before; but what is adopted is first marked as this gateway's,
  // so that undoing finds it.
  const auto remains_of = [&](bool adopted) {
    std::vector<mesh::Object*> some;
    std::ranges::copy_if(wave, std::back_inserter(some), [&](const mesh::Object* one) {
      return !one->leftovers.is_null() && one->adopted == adopted;
    });
    return some;
  };
  clear_remains(remains_of(false));
  if (options_.successor) write_until_taken(std::move(standing), true);
  write_until_taken(wave, false);
  clear_remains(remains_of(true));
}

void ObjectWriter::clear_remains(std::vector<mesh::Object*> some) {
  ErrorList faults;
  for (int attempt = 1; !some.empty(); ++attempt) {
    std::vector<kube::Call> calls;
    for (const mesh::Object* one : some)
      calls.push_back(kube::patch(one->reference.resource, one->reference.ns, one->reference.name,
                                  one->leftovers, one->last_seen["resourceVersion"]));
    const auto answers = cluster_.send(calls);
    std::vector<mesh::Object*> stale;
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (answers[i].ok())
        some[i]->last_seen = answers[i].body["metadata"];
      else if ((answers[i].status == conflict || answers[i].not_found()) && attempt < attempts)
        stale.push_back(some[i]);
      else
        faults.add(*answers[i].error);
    }
    some = find_remains(std::move(stale), faults);
  }
  faults.throw_if_any();
}

/// Those of them that have something to be removed as they are now.
std::vector<mesh::Object*> ObjectWriter::find_remains(std::vector<mesh::Object*> stale, ErrorList& faults) {
  if (stale.empty()) return {};
  look(stale, faults, [](mesh::Object& one, const Json& now) {
    one.leftovers = kube::all_removals(now, one.json, kube::field_manager);
  });
  std::erase_if(stale, [](const mesh::Object* one) { return one->leftovers.is_null(); });
  return stale;
}

void ObjectWriter::write_until_taken(std::vector<mesh::Object*> wave, bool mark) {
  ErrorList faults;
  for (int attempt = 1; !wave.empty(); ++attempt) {
    wave = write_once(wave, mark, faults);
    if (wave.empty()) break;
    if (attempt == attempts) {
      for (const mesh::Object* one : wave)
        faults.add(mesh::full_name(one->reference) + " could not be written: others keep changing it",
                   reason::conflict);
      break;
    }
    see_again(wave, faults);
  }
  faults.throw_if_any();
}

/// Those that were not as they were last seen.
std::vector<mesh::Object*> ObjectWriter::write_once(const std::vector<mesh::Object*>& wave, bool mark,
                                                    ErrorList& faults) {
  std::vector<kube::Call> calls;
  for (const mesh::Object* one : wave) calls.push_back(writing(*one, options_.force, mark));
  const auto answers = cluster_.send(calls);
  std::vector<mesh::Object*> stale;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    mesh::Object& one = *wave[i];
    if (answers[i].ok() && is_leaving(answers[i].body["metadata"])) {
      one.last_seen = answers[i].body["metadata"];
      stale.push_back(&one);
    } else if (answers[i].ok()) {
      if (!mark) reporter_.on_write(one.reference, verb_of(one, answers[i]));
      one.last_seen = answers[i].body["metadata"];
      one.created = one.created || answers[i].created();
    } else if (is_another(answers[i])) {
      stale.push_back(&one);
    } else {
      faults.add(*answers[i].error);
      // A fault of the server's own may come after the write.
      if (answers[i].status < 500) forget(one.reference);
    }
  }
  return stale;
}

/// What is being deleted must be gone first.
void ObjectWriter::see_again(std::vector<mesh::Object*>& wave, ErrorList& faults) {
  std::vector<LiveMember> leaving;
  for (const mesh::Object* one : wave)
    if (is_leaving(one->last_seen))
      leaving.push_back({one->reference, one->last_seen["uid"].as_string(), {}, {}});
  if (!leaving.empty()) DeletionWait(cluster_, reporter_, leaving).await(options_.deadline);
  look(wave, faults, [](auto&, auto&) {});
}

/// Reads the objects again and drops those that have another owner now. The objects are read first, then the
/// lock is confirmed, so that later writes are valid only for versions from the time of the lock.
void ObjectWriter::look(std::vector<mesh::Object*>& wave, ErrorList& faults,
                        const std::function<void(mesh::Object&, const Json& now)>& take) {
  std::vector<kube::Call> calls;
  for (const mesh::Object* one : wave)
    calls.push_back(kube::get(one->reference.resource, one->reference.ns, one->reference.name));
  const auto answers = cluster_.send(calls);
  lock_.confirm();
  std::vector<mesh::Object*> own;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    mesh::Object& one = *wave[i];
    const Json now = answers[i].not_found() ? Json() : answers[i].value();
    if (!now.is_null() && !is_meant(one, now["metadata"])) {
      faults.add(mesh::full_name(one.reference) + " was replaced by another owner and was not changed",
                 reason::not_owned);
      forget(one.reference);
      continue;
    }
    one.last_seen = now["metadata"];
    if (one.keeps_live_replicas && !now.is_null()) keep_live_replicas(one, now);
    take(one, now);
    own.push_back(&one);
  }
  wave = std::move(own);
}

}  // namespace egress::fleet
