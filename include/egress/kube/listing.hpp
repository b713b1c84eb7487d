#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/base/json_text.hpp"
#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// Takes from an object what nobody asks of it.
using Transform = void (*)(Json& object);

/// Who manages which field: half of an object.
void drop_managed_fields(Json& object);

/// One collection to list.
struct Listing {
  Resource resource;
  std::string ns;  ///< empty: every namespace
  ListOptions options;
  Transform transform =
      nullptr;  ///< of each object as soon as its page has come, so that a page alone is ever whole
};

/// A part of what it holds, each object with its kind; or why it cannot be listed.
struct Page {
  std::vector<Json> objects;
  std::optional<ApiError> error;
};

/// All that it holds, each object with its kind; or why it cannot be listed.
struct ListResult {
  std::vector<JsonText> objects;
  std::string version{};  ///< the resourceVersion of the list
  std::optional<ApiError> error;
};

/// Takes a page of the listing at that place, or why there is none.
using OnPage = std::function<void(std::size_t listing, Page page)>;

/// Several collections, listed whole and side by side: the next page of each goes into the next wave, where
/// calls of other kinds may ride along. A list that expires midway is asked for again, in one page
/// (client-go's pager does the same: tools/pager, FullListIfExpired).
class Pages {
 public:
  /// Keeps what comes, packed.
  explicit Pages(std::vector<Listing> listings);
  /// Hands over each page by itself as soon as it has come, and keeps nothing of it: no two of them are ever
  /// in memory. A list that expires midway brings its objects again.
  Pages(std::vector<Listing> listings, OnPage on_page);

  /// True where there is nothing more to ask for.
  bool is_done() const { return unfinished_.empty(); }
  /// True where there is more to ask for of the i-th listing.
  bool has_more(std::size_t i) const;
  /// The calls for the next wave: none where it is done. Only of the listings that are wanted, if any of them
  /// is open: those that are ahead of others may wait.
  std::vector<Call> next_calls(const std::function<bool(std::size_t)>& is_wanted = {});
  /// Takes the answer to the i-th of those calls.
  void add_answer(std::size_t i, Answer answer);
  /// Sends those calls by themselves.
  void fetch_next(Cluster& cluster, const std::function<bool(std::size_t)>& is_wanted = {});
  /// What was kept, in the order of the listings; whole only when it is done.
  std::vector<ListResult> results() && { return std::move(results_); }

 private:
  void restart(std::size_t listing);

  std::vector<Listing> listings_;
  OnPage on_page_;
  std::vector<ListResult> results_;
  std::vector<std::size_t> unfinished_;  ///< the listings of which there is more
  std::vector<std::size_t> requested_;   ///< those of them that are in the wave
};

/// Sends the calls, and behind them the next ones of each of the pages; answers what is not of these. A null
/// among the pages is none.
std::vector<Answer> send(Cluster& cluster, std::vector<Call> calls, std::span<Pages* const> all_pages);

/// Asks for what is left of the pages.
std::vector<ListResult> list_all(Cluster& cluster, Pages pages);

/// Lists several collections whole.
std::vector<ListResult> list_all(Cluster& cluster, std::vector<Listing> listings);

/// The same, page by page.
void list_all(Cluster& cluster, std::vector<Listing> listings, OnPage on_page);

}  // namespace egress::kube
