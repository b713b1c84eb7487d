#include "egress/kube/listing.hpp"

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
  const Json page = answer.take();
  for (Json object : page["items"].items()) {
    object.set("kind", listing.resource.kind.name);
    into.objects.push_back(std::move(object));
  }
  selection.from = page["metadata"]["continue"].as_string();
  return !selection.from.empty();
}

}  // namespace

std::vector<Listed> list_all(Cluster& cluster, std::vector<Listing> listings) {
  std::vector<Listed> listed(listings.size());
  std::vector<std::size_t> open(listings.size());
  for (std::size_t i = 0; i < open.size(); ++i) open[i] = i;
  while (!open.empty()) {
    std::vector<Call> calls;
    for (const std::size_t i : open)
      calls.push_back(list(listings[i].resource, listings[i].ns, listings[i].selection));
    std::vector<Answer> answers = cluster.send(calls);
    std::vector<std::size_t> more;
    for (std::size_t i = 0; i < open.size(); ++i)
      if (take_page(std::move(answers[i]), listings[open[i]], listed[open[i]])) more.push_back(open[i]);
    open = std::move(more);
  }
  return listed;
}

}  // namespace egress::kube
