#include "egress/kube/listing.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace egress::kube {
namespace {

constexpr int expired = 410;

/// Passes each object of a page to `use`, and stores the continue token of the next page.
template <typename Use>
void for_each_object(Json page, Listing& listing, Use use) {
  listing.options.continue_token = page["metadata"]["continue"].as_string();
  for (Json& object : std::move(page)["items"].items()) {
    if (listing.transform != nullptr) listing.transform(object);
    object.set("kind", listing.resource.kind.name);
    use(std::move(object));
  }
}

}  // namespace

void drop_managed_fields(Json& object) {
  object.edit("metadata").erase("managedFields");
}

Pages::Pages(std::vector<Listing> listings) : Pages(std::move(listings), {}) {}

Pages::Pages(std::vector<Listing> listings, OnPage on_page)
    : listings_(std::move(listings)),
      on_page_(std::move(on_page)),
      results_(listings_.size()),
      unfinished_(listings_.size()) {
  for (std::size_t i = 0; i < unfinished_.size(); ++i) unfinished_[i] = i;
}

bool Pages::has_more(std::size_t i) const {
  return std::ranges::find(unfinished_, i) != unfinished_.end();
}

std::vector<Call> Pages::next_calls(const std::function<bool(std::size_t)>& is_wanted) {
  requested_ = unfinished_;
  if (is_wanted) std::erase_if(requested_, [&](std::size_t i) { return !is_wanted(i); });
  if (requested_.empty()) requested_ = unfinished_;
  std::vector<Call> calls;
  for (const std::size_t i : requested_)
    calls.push_back(list(listings_[i].resource, listings_[i].ns, listings_[i].options));
  return calls;
}

void Pages::add_answer(std::size_t i, Answer answer) {
  const std::size_t index = requested_[i];
  Listing& listing = listings_[index];
  if (answer.status == expired && !listing.options.continue_token.empty()) return restart(index);
  ListResult& result = results_[index];
  Page page;
  if (!answer.ok()) {
    (on_page_ ? page.error : result.error) = std::move(answer.error);
    listing.options.continue_token.clear();
  } else if (on_page_) {
    for_each_object(answer.release(), listing,
                    [&](Json object) { page.objects.push_back(std::move(object)); });
  } else {
    result.version = answer.body["metadata"]["resourceVersion"].as_string();
    for_each_object(answer.release(), listing,
                    [&](const Json& object) { result.objects.emplace_back(object); });
  }
  if (listing.options.continue_token.empty()) std::erase(unfinished_, index);
  if (on_page_) on_page_(index, std::move(page));
}

void Pages::restart(std::size_t listing) {
  listings_[listing].options.continue_token.clear();
  listings_[listing].options.limit = 0;
  results_[listing].objects.clear();
  if (on_page_) on_page_(listing, {});
}

void Pages::fetch_next(Cluster& cluster, const std::function<bool(std::size_t)>& is_wanted) {
  cluster.send(next_calls(is_wanted),
               [this](std::size_t i, Answer answer) { add_answer(i, std::move(answer)); });
}

std::vector<Answer> send(Cluster& cluster, std::vector<Call> calls, std::span<Pages* const> all_pages) {
  const std::size_t own_calls = calls.size();
  std::vector<std::pair<Pages*, std::size_t>> page_calls;  // and the index among the calls of these pages
  for (Pages* pages : all_pages) {
    auto next = pages == nullptr ? std::vector<Call>() : pages->next_calls();
    for (std::size_t i = 0; i < next.size(); ++i) page_calls.emplace_back(pages, i);
    std::ranges::move(next, std::back_inserter(calls));
  }
  std::vector<Answer> answers(own_calls);
  cluster.send(calls, [&](std::size_t index, Answer answer) {
    if (index < own_calls)
      answers[index] = std::move(answer);
    else
      page_calls[index - own_calls].first->add_answer(page_calls[index - own_calls].second,
                                                      std::move(answer));
  });
  return answers;
}

std::vector<ListResult> list_all(Cluster& cluster, Pages pages) {
  while (!pages.is_done()) pages.fetch_next(cluster);
  return std::move(pages).results();
}

std::vector<ListResult> list_all(Cluster& cluster, std::vector<Listing> listings) {
  return list_all(cluster, Pages(std::move(listings)));
}

void list_all(Cluster& cluster, std::vector<Listing> listings, OnPage on_page) {
  for (Pages pages(std::move(listings), std::move(on_page)); !pages.is_done();) pages.fetch_next(cluster);
}

}  // namespace egress::kube
