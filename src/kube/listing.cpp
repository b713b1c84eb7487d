#include "egress/kube/listing.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace egress::kube {
namespace {

constexpr int expired = 410;

/// Hands over the objects of a page, and says where the next one begins.
template <typename Take>
void take_objects(Json page, Listing& listing, Take take) {
  listing.selection.from = page["metadata"]["continue"].as_string();
  for (Json& object : std::move(page)["items"].items()) {
    if (listing.trim != nullptr) listing.trim(object);
    object.set("kind", listing.resource.kind.name);
    take(std::move(object));
  }
}

}  // namespace

void drop_managed_fields(Json& object) {
  object.edit("metadata").erase("managedFields");
}

Pages::Pages(std::vector<Listing> listings) : Pages(std::move(listings), {}) {}

Pages::Pages(std::vector<Listing> listings, TakePage take)
    : listings_(std::move(listings)),
      hand_over_(std::move(take)),
      listed_(listings_.size()),
      open_(listings_.size()) {
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

void Pages::take(std::size_t i, Answer answer) {
  const std::size_t place = asked_[i];
  Listing& listing = listings_[place];
  if (answer.status == expired && !listing.selection.from.empty()) return begin_anew(place);
  Listed& into = listed_[place];
  Page page;
  if (!answer.ok()) {
    (hand_over_ ? page.error : into.error) = std::move(answer.error);
    listing.selection.from.clear();
  } else if (hand_over_) {
    take_objects(answer.take(), listing, [&](Json one) { page.objects.push_back(std::move(one)); });
  } else {
    into.version = answer.body["metadata"]["resourceVersion"].as_string();
    take_objects(answer.take(), listing, [&](const Json& one) { into.objects.emplace_back(one); });
  }
  if (listing.selection.from.empty()) std::erase(open_, place);
  if (hand_over_) hand_over_(place, std::move(page));
}

void Pages::begin_anew(std::size_t place) {
  listings_[place].selection.from.clear();
  listings_[place].selection.limit = 0;
  listed_[place].objects.clear();
  if (hand_over_) hand_over_(place, {});
}

void Pages::ask(Cluster& cluster, const std::function<bool(std::size_t)>& is_wanted) {
  cluster.send(next(is_wanted), [this](std::size_t i, Answer answer) { take(i, std::move(answer)); });
}

std::vector<Answer> send(Cluster& cluster, std::vector<Call> calls, std::span<Pages* const> also) {
  const std::size_t own = calls.size();
  std::vector<std::pair<Pages*, std::size_t>> riding;  // and of which of its calls it is
  for (Pages* pages : also) {
    auto next = pages == nullptr ? std::vector<Call>() : pages->next();
    for (std::size_t i = 0; i < next.size(); ++i) riding.emplace_back(pages, i);
    std::ranges::move(next, std::back_inserter(calls));
  }
  std::vector<Answer> answers(own);
  cluster.send(calls, [&](std::size_t place, Answer answer) {
    if (place < own)
      answers[place] = std::move(answer);
    else
      riding[place - own].first->take(riding[place - own].second, std::move(answer));
  });
  return answers;
}

std::vector<Listed> list_all(Cluster& cluster, Pages pages) {
  while (!pages.done()) pages.ask(cluster);
  return std::move(pages).listed();
}

std::vector<Listed> list_all(Cluster& cluster, std::vector<Listing> listings) {
  return list_all(cluster, Pages(std::move(listings)));
}

void list_all(Cluster& cluster, std::vector<Listing> listings, TakePage take) {
  for (Pages pages(std::move(listings), std::move(take)); !pages.done();) pages.ask(cluster);
}

}  // namespace egress::kube
