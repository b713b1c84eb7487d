#include "egress/fleet/preflight.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "egress/base/error_list.hpp"
#include "egress/base/text.hpp"
#include "egress/base/version.hpp"
#include "egress/fleet/adoption.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/live_replicas.hpp"
#include "egress/fleet/object_change.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/foreign_fields.hpp"
#include "egress/kube/json_patch.hpp"
#include "egress/kube/leftovers.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/kube/rbac_review.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/permission.hpp"

namespace egress::fleet {
namespace {

using mesh::full_name;

constexpr int conflict = 409;
constexpr int forbidden = 403;
constexpr int invalid = 422;
constexpr const char* force_conflicts_hint = "to overwrite fields of other field managers: --force-conflicts";

/// One run of run_preflight().
class Preflight {
 public:
  Preflight(mesh::Plan& plan, const PreflightOptions& options, const kube::RbacRules& rules)
      : plan_(plan), options_(options), rules_(rules) {
    for (mesh::Object& one : plan.objects) {
      if (!one.unchanged) {
        objects_.push_back(&one);
        continue;
      }
      // What the same command adopted before is as good as found.
      found_adopted_.insert(adopted_name(one.reference));
      if (options.writes && one.reference.resource.kind == kube::kinds::deployment) workload_ = &one;
    }
    if (!options.writes) return;
    needed_ = mesh::required_permissions(plan, [this](const mesh::Reference& one) { return takes(one); });
    if (options.creates_namespace) needed_.push_back(mesh::namespace_permission());
    std::erase_if(needed_, [&](const auto& one) { return rules.allows(one.verb, one.kind, one.ns); });
  }

  void add(std::span<const mesh::Finding> findings) {
    for (const mesh::Finding& one : findings) {
      if (one.severity != mesh::Severity::error || one.is_about_live_state || is_adopted(one.object))
        continue;
      problems_.add(one.code.empty() ? one.message : one.code + ": " + one.message, reason::refused);
      if (!one.fix.empty()) hint(one.fix);
    }
  }

  std::vector<kube::Call> calls() const {
    std::vector<kube::Call> calls;
    for (const mesh::Object* one : objects_)
      calls.push_back(
          kube::apply(one->reference.resource, one->json, {.dry_run = true, .force = takes(one->reference)}));
    if (plan_.previous)
      for (const mesh::Object* one : objects_) calls.push_back(look(*one));
    std::ranges::move(reviews(), std::back_inserter(calls));
    if (workload_ != nullptr) calls.push_back(look(*workload_));
    if (!plan_.previous) {
      const Json record = mesh::record_manifest(plan_.record, std::string(program_version));
      calls.push_back(kube::create(mesh::record_resource, plan_.record.egress.ns, record, {.dry_run = true}));
    }
    return calls;
  }

  /// Whether the user may do what the rules do not tell.
  std::vector<kube::Call> reviews() const {
    std::vector<kube::Call> calls;
    for (const mesh::Permission& one : needed_)
      calls.push_back(kube::access_review(one.verb, one.kind, one.ns));
    return calls;
  }

  void take(std::vector<kube::Answer> answers) {
    const std::size_t count = objects_.size();
    const auto after_tries = std::make_move_iterator(answers.begin() + static_cast<std::ptrdiff_t>(count));
    dry_runs_.assign(std::make_move_iterator(answers.begin()), after_tries);
    found_.resize(count);
    const std::size_t looked = plan_.previous ? count : 0;
    std::copy_n(after_tries, looked, found_.begin());
    add_permissions(std::span(answers).subspan(count + looked, needed_.size()));
    if (workload_ != nullptr) take_workload(std::move(answers.back()));
    if (!plan_.previous && !answers.back().ok()) record_refusal_ = answers.back();
  }

  /// What should not be there and may be: only what the server would not make new is looked at.
  std::vector<kube::Call> looks() {
    std::vector<kube::Call> calls;
    for (std::size_t i = 0; i < dry_runs_.size() && !plan_.previous; ++i) {
      const kube::Answer& tried = dry_runs_[i];
      if (tried.created() || (!tried.ok() && tried.status != conflict && tried.status != invalid)) continue;
      read_objects_.push_back(i);
      calls.push_back(look(*objects_[i]));
    }
    return calls;
  }

  void add_live_objects(std::vector<kube::Answer> answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) found_[read_objects_[i]] = std::move(answers[i]);
  }

  void evaluate() {
    for (std::size_t i = 0; i < dry_runs_.size(); ++i) evaluate_object(*objects_[i], dry_runs_[i], found_[i]);
    if (record_refusal_) add_refusal(record_kind, *record_refusal_->error);
    for (const std::string& name : options_.adopt)
      if (!found_adopted_.contains(name))
        problems_.add("--adopt " + printable(name, 300) + ": the gateway has no such object on the cluster",
                      reason::not_found);
  }

  /// What server-side apply alone cannot bring about is tried in two steps, of which the server checks the
  /// first.
  std::vector<kube::Call> more_calls() const {
    std::vector<kube::Call> calls;
    // Without a resourceVersion: a controller may have written the object's status since it was read.
    for (const auto& [object, tried] : refused_)
      calls.push_back(kube::patch(object->reference.resource, object->reference.ns, object->reference.name,
                                  object->leftovers, Json(), {.dry_run = true}));
    return calls;
  }

  void add_more_answers(std::span<const kube::Answer> answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto& [object, tried] = refused_[i];
      if (answers[i].ok()) {
        object->dry_run = answers[i].body;
        continue;
      }
      add_refusal(object->reference.resource.kind, *tried.error);
      hint_immutable(*tried.error);
      if (plan_.previous->istio != plan_.record.istio)
        hint("the gateway was created for Istio " + printable(plan_.previous->istio, 100) +
             "; create another gateway for Istio " + plan_.record.istio + ", then delete this one");
    }
  }

  void add_permissions(std::span<const kube::Answer> reviews) {
    std::vector<mesh::Permission> missing = options_.lacking;
    for (std::size_t i = 0; i < needed_.size(); ++i)
      if (!kube::is_allowed(reviews[i])) missing.push_back(needed_[i]);
    for (const mesh::Permission& one : missing) {
      problems_.add_once("you are not allowed to " + one.text(), one.denied());
      unpermitted_.emplace(one.kind.plural);
    }
    for (const std::string& command : mesh::grant_commands(missing)) hint(command);
  }

  void throw_if_any() const {
    if (problems_.empty()) return;
    throw problems_.to_error("nothing was written:\n  ", "\n  ", join(hints_, "\n  "));
  }

  std::vector<std::string> adopted() const { return adopted_; }

 private:
  static constexpr const kube::Kind& record_kind = kube::kinds::config_map;

  static kube::Call look(const mesh::Object& one) {
    return kube::get(one.reference.resource, one.reference.ns, one.reference.name);
  }

  /// The word by which the user meant it.
  std::string adopted_name(const mesh::Reference& reference) const {
    const auto name = std::ranges::find_if(
        options_.adopt, [&](const std::string& typed) { return reference.matches(typed); });
    return name == options_.adopt.end() ? "" : *name;
  }
  /// What is taken over says soon what this gateway says.
  bool is_adopted(const mesh::Reference& reference) const {
    return !adopted_name(reference).empty() &&
           std::ranges::find(plan_.objects, reference, &mesh::Object::reference) != plan_.objects.end();
  }
  /// Fields of others are taken from them.
  bool takes(const mesh::Reference& reference) const {
    return options_.force || !adopted_name(reference).empty();
  }

  /// Of a workload that stays as it is it matters whether its pods are in use.
  void take_workload(kube::Answer answer) {
    if (answer.ok())
      workload_->live = std::move(answer.body);
    else if (!answer.not_found() && answer.status != forbidden)
      add_refusal(workload_->reference.resource.kind, *answer.error);
    // Somebody deletes it, or has.
    if (answer.not_found() || workload_->live["metadata"].has("deletionTimestamp"))
      workload_->unchanged = false;
  }

  void evaluate_object(mesh::Object& object, kube::Answer& tried, std::optional<kube::Answer>& looked) {
    object.force = takes(object.reference);
    const bool found = looked && looked->ok();
    // A user without permission to read is reported elsewhere; other errors do not mean that the object does
    // not exist.
    if (looked && !found && !looked->not_found() && looked->status != forbidden)
      return add_refusal(object.reference.resource.kind, *looked->error);
    if (found) object.live = std::move(looked->body);
    if (tried.ok()) object.dry_run = std::move(tried.body);
    const Json& metadata = object.live["metadata"];
    const std::string& set = metadata["labels"][kube::applyset::part_of_label].as_string();
    const std::string id = mesh::record_id(plan_.record.egress.name, plan_.record.egress.ns);
    // Without permission to read, the status of the dry run tells: 201 for an object that would be created,
    // 200 for an existing one.
    const bool exists = tried.ok() && !tried.created();
    if (looked && looked->not_found() && exists)
      return problems_.add(full_name(object.reference) + " is being created by another command",
                           reason::conflict);
    const bool foreign = found ? set != id : !plan_.previous && exists;
    if (foreign) return evaluate_foreign(object, set, tried);
    // What the same command adopted before is as good as found.
    if (found) found_adopted_.insert(adopted_name(object.reference));
    if (tried.status == conflict)
      add_conflict(object.reference, *tried.error);
    else if (tried.status == invalid && find_leftovers(object))
      refused_.push_back({&object, tried});
    else if (!tried.ok() && !misses_only_its_role(object, tried)) {
      add_refusal(object.reference.resource.kind, *tried.error);
      add_ungranted(object, *tried.error);
      hint_immutable(*tried.error);
    }
    if (found) {
      check_owners(object);
      check_foreign_fields(object);
    }
    keep_live_replicas(object, object.live);
    // After an interrupted command everything is written, because that command may still be running.
    object.unchanged =
        !plan_.resumed && found && tried.ok() && object.leftovers.is_null() && !would_change(object);
  }

  bool find_leftovers(mesh::Object& object) const {
    if (!plan_.previous || object.live.is_null()) return false;
    object.leftovers = kube::leftover_removals(
        object.live, kube::applied_configuration(object.live, kube::field_manager), object.json);
    return !object.leftovers.is_null();
  }

  /// Of a set's members none belongs to another object, with which it would be deleted (KEP-3659).
  void check_owners(const mesh::Object& object) {
    for (const Json& owner : object.live["metadata"]["ownerReferences"].items())
      problems_.add(
          full_name(object.reference) + " is owned by " +
              printable(to_lower(owner["kind"].as_string()) + "/" + owner["name"].as_string(), 300) +
              " and would be deleted with it; remove the entry from metadata.ownerReferences first",
          reason::refused);
  }

  /// They go where that is agreed to; what the server tried has them still.
  void check_foreign_fields(mesh::Object& object) {
    const auto found = kube::foreign_fields(object.live, object.json, kube::field_manager);
    if (found.empty()) return;
    if (!takes(object.reference)) {
      for (const kube::ForeignField& one : found)
        problems_.add(full_name(object.reference) + ": " +
                          (one.manager.empty() ? "an unknown field manager" : printable(one.manager, 100)) +
                          " added " + printable(one.dotted_path(), 300),
                      reason::conflict);
      return hint(force_conflicts_hint);
    }
    const Json removals = kube::foreign_field_removals(found);
    kube::append_operations(object.leftovers, removals);
    object.dry_run = kube::apply_removals(std::move(object.dry_run), removals);
  }

  void evaluate_foreign(mesh::Object& object, const std::string& set, const kube::Answer& tried) {
    const std::string name = adopted_name(object.reference);
    if (name.empty()) {
      problems_.add(full_name(object.reference) + " exists and is not owned by kubectl egress",
                    reason::not_owned);
      return hint("choose another NAME, delete these objects, or take them over with --adopt " +
                  to_lower(object.reference.resource.kind.name) + "/" + object.reference.name);
    }
    found_adopted_.insert(name);
    if (!set.empty())
      problems_.add(full_name(object.reference) + " belongs to another ApplySet (" + printable(set, 100) +
                        "); remove it from there first",
                    reason::conflict);
    else if (!tried.ok())
      refuse_adoption(object.reference, *tried.error);
    else
      std::ranges::move(adoption_messages(object), std::back_inserter(adopted_));
    object.adopted = true;
    check_owners(object);
    check_foreign_fields(object);
  }

  void refuse_adoption(const mesh::Reference& reference, const kube::ApiError& error) {
    add_refusal(reference.resource.kind, error);
    if (is_immutable_error(error))
      hint(
          "this field is immutable; choose another NAME, or delete the object first, with an interruption "
          "for its users: "
          "kubectl delete " +
          full_name(reference));
  }

  /// A binding is checked against its Role, which a dry run has not stored.
  static bool misses_only_its_role(const mesh::Object& object, const kube::Answer& answer) {
    return object.reference.resource.kind == kube::kinds::role_binding && answer.not_found() &&
           answer.error->details()["kind"].as_string() == "roles";
  }

  void add_conflict(const mesh::Reference& reference, const kube::ApiError& error) {
    for (const Json& cause : error.details()["causes"].items())
      problems_.add(full_name(reference) + ": " + printable(cause["message"].as_string(), 300) + ": " +
                        printable(cause["field"].as_string(), 300),
                    reason::conflict);
    if (error.details()["causes"].items().empty()) return add_refusal(reference.resource.kind, error);
    hint(force_conflicts_hint);
  }

  /// A refusal of one cause (a namespace that is missing) is said once, and a missing permission as one.
  void add_refusal(const kube::Kind& kind, const kube::ApiError& error) {
    const bool said = error.status() == forbidden && unpermitted_.contains(std::string(kind.plural)) &&
                      std::string_view(error.what()).find("attempting to grant") == std::string_view::npos;
    if (!said) problems_.add_once(error.headline(), first_cause(error));
  }

  /// The server refuses a Role that grants what this user lacks, but its Status does not name that.
  void add_ungranted(const mesh::Object& object, const kube::ApiError& error) {
    if (error.status() != forbidden || object.reference.resource.kind != kube::kinds::role) return;
    for (const mesh::Permission& one : mesh::granted_permissions(object.json, object.reference.ns))
      if (!rules_.allows(one.verb, one.kind, one.ns)) problems_.add_cause(one.denied());
  }

  /// True for an error about an immutable field.
  static bool is_immutable_error(const kube::ApiError& error) {
    return std::string_view(error.what()).find("immutable") != std::string_view::npos;
  }
  void hint_immutable(const kube::ApiError& error) {
    if (!is_immutable_error(error)) return;
    hint(
        "this field is immutable; create another gateway and delete this one once its callers use the new "
        "one, or delete "
        "it first, with an interruption for its callers: " +
        delete_command(plan_.record.egress));
  }

  void hint(const std::string& text) {
    if (std::ranges::find(hints_, text) == hints_.end()) hints_.push_back(text);
  }

  mesh::Plan& plan_;
  const PreflightOptions& options_;
  const kube::RbacRules& rules_;
  std::vector<mesh::Object*> objects_;  ///< those that are not known to stay as they are
  mesh::Object* workload_ = nullptr;    ///< the Deployment, where that stays
  std::vector<mesh::Permission> needed_;
  std::set<std::string, std::less<>> unpermitted_;
  std::set<std::string> found_adopted_;
  std::vector<std::string> adopted_;
  std::vector<kube::Answer> dry_runs_;              ///< of each of the objects
  std::vector<std::optional<kube::Answer>> found_;  ///< the same; nothing where nobody had to look
  std::vector<std::size_t> read_objects_;
  std::optional<kube::Answer> record_refusal_;
  std::vector<std::pair<mesh::Object*, kube::Answer>> refused_;
  ErrorList problems_;
  std::vector<std::string> hints_;
};

}  // namespace

std::vector<std::string> run_preflight(kube::Cluster& cluster, mesh::Plan& plan,
                                       const PreflightOptions& options, const kube::RbacRules& rules,
                                       std::span<const mesh::Finding> findings) {
  Preflight preflight(plan, options, rules);
  preflight.add(findings);
  if (options.use_server_dry_run) {
    preflight.take(cluster.send(preflight.calls()));
    if (const auto looks = preflight.looks(); !looks.empty()) preflight.add_live_objects(cluster.send(looks));
    preflight.evaluate();
    if (const auto more = preflight.more_calls(); !more.empty())
      preflight.add_more_answers(cluster.send(more));
  } else {
    preflight.add_permissions(cluster.send(preflight.reviews()));
  }
  preflight.throw_if_any();
  return preflight.adopted();
}

}  // namespace egress::fleet
