#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/base/packed_json.hpp"
#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// Takes from an object what nobody asks of it.
using Trim = void (*)(Json& object);

/// Who manages which field: half of an object.
void drop_managed_fields(Json& object);

/// One collection to list.
struct Listing {
  Resource resource;
  std::string ns;  ///< empty: every namespace
  Selection selection;
  Trim trim = nullptr;  ///< of each object as soon as its page has come, so that a page alone is ever whole
};

/// A part of what it holds, each object with its kind; or why it cannot be listed.
struct Page {
  std::vector<Json> objects;
  std::optional<ApiError> error;
};

/// All that it holds, each object with its kind; or why it cannot be listed.
struct Listed {
  std::vector<PackedJson> objects;
  std::string version{};  ///< the resourceVersion of the list
  std::optional<ApiError> error;
};

/// Takes a page of the listing at that place, or why there is none.
using TakePage = std::function<void(std::size_t listing, Page page)>;

/// Several collections, listed whole and side by side: the next page of each goes into the next wave, where
/// calls of other kinds may ride along. A list that expires midway is asked for again, in one page
/// (client-go's pager does the same: tools/pager, FullListIfExpired).
class Pages {
 public:
  /// Keeps what comes, packed.
  explicit Pages(std::vector<Listing> listings);
  /// Hands over each page by itself as soon as it has come, and keeps nothing of it: no two of them are ever
  /// in memory. A list that expires midway brings its objects again.
  Pages(std::vector<Listing> listings, TakePage take);

  /// True where there is nothing more to ask for.
  bool done() const { return open_.empty(); }
  /// True where there is more to ask for of the i-th listing.
  bool is_open(std::size_t i) const;
  /// The calls for the next wave: none where it is done. Only of the listings that are wanted, if any of them
  /// is open: those that are ahead of others may wait.
  std::vector<Call> next(const std::function<bool(std::size_t)>& is_wanted = {});
  /// Takes the answer to the i-th of those calls.
  void take(std::size_t i, Answer answer);
  /// Sends those calls by themselves.
  void ask(Cluster& cluster, const std::function<bool(std::size_t)>& is_wanted = {});
  /// What was kept, in the order of the listings; whole only when it is done.
  std::vector<Listed> listed() && { return std::move(listed_); }

 private:
  void begin_anew(std::size_t place);

  std::vector<Listing> listings_;
  TakePage hand_over_;
  std::vector<Listed> listed_;
  std::vector<std::size_t> open_;   ///< the listings of which there is more
  std::vector<std::size_t> asked_;  ///< those of them that are in the wave
};

/// Sends the calls, and behind them the next ones of each of the pages; answers what is not of these. A null
/// among the pages is none.
std::vector<Answer> send(Cluster& cluster, std::vector<Call> calls, std::span<Pages* const> also);

/// Asks for what is left of the pages.
std::vector<Listed> list_all(Cluster& cluster, Pages pages);

/// Lists several collections whole.
std::vector<Listed> list_all(Cluster& cluster, std::vector<Listing> listings);

/// The same, page by page.
void list_all(Cluster& cluster, std::vector<Listing> listings, TakePage take);

}  // namespace egress::kube
