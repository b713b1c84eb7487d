#include "egress/kube/listing.hpp"

#include <algorithm>
#include <utility>

namespace egress::kube {
namespace {

constexpr int expired = 410;

/// Takes a page in; true where there is more to ask for.
bool take_page(Answer answer, Listing& listing, Listed& into) {
  Selection& selection = listing.selection;
  if (answer.status == expired && !selection.from.empty()) {
    into.objects.clear();
    selection.from.clear();
    selection.limit = 0;
    return true;
  }
  if (!answer.ok()) {
    into.error = std::move(answer.error);
    return false;
  }
  Json page = answer.take();
  into.version = page["metadata"]["resourceVersion"].as_string();
  selection.from = page["metadata"]["continue"].as_string();
  for (Json& object : std::move(page)["items"].items()) {
    if (listing.trim != nullptr) listing.trim(object);
    object.set("kind", listing.resource.kind.name);
    into.objects.push_back(std::move(object));
  }
  return !selection.from.empty();
}

}  // namespace

void drop_managed_fields(Json& object) {
  object.edit("metadata").erase("managedFields");
}

Pages::Pages(std::vector<Listing> listings)
    : listings_(std::move(listings)), listed_(listings_.size()), open_(listings_.size()) {
  for (std::size_t i = 0; i < open_.size(); ++i) open_[i] = i;
}

bool Pages::is_open(std::size_t i) const {
  return std::ranges::find(open_, i) != open_.end();
}

std::vector<Call> Pages::next(const std::function<bool(std::size_t)>& is_wanted) {
  asked_ = open_;
  if (is_wanted) std::erase_if(asked_, [&](std::size_t i) { return !is_wanted(i); });
  if (asked_.empty()) asked_ = open_;
  std::vector<Call> calls;
  for (const std::size_t i : asked_)
    calls.push_back(list(listings_[i].resource, listings_[i].ns, listings_[i].selection));
  return calls;
}

void Pages::take(std::span<Answer> answers) {
  for (std::size_t i = 0; i < asked_.size(); ++i)
    if (!take_page(std::move(answers[i]), listings_[asked_[i]], listed_[asked_[i]]))
      std::erase(open_, asked_[i]);
}

std::vector<Listed> Pages::drained() {
  return std::exchange(listed_, std::vector<Listed>(listings_.size()));
}

std::vector<Listed> list_all(Cluster& cluster, Pages pages) {
  while (!pages.done()) {
    std::vector<Answer> answers = cluster.send(pages.next());
    pages.take(answers);
  }
  return std::move(pages).listed();
}

std::vector<Listed> list_all(Cluster& cluster, std::vector<Listing> listings) {
  return list_all(cluster, Pages(std::move(listings)));
}

}  // namespace egress::kube
