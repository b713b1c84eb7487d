#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/base/json_text.hpp"
#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// Removes unused parts from an object of a list.
using Transform = void (*)(Json& object);

/// Removes `metadata.managedFields`, which is half of an object.
void drop_managed_fields(Json& object);

/// One collection to list.
struct Listing {
  Resource resource;
  std::string ns;  ///< empty: every namespace
  ListOptions options;
  /// Applied to the objects of a page when it arrives, so that only one page is complete in memory.
  Transform transform = nullptr;
};

/// A page of a list, each object with its kind; or the error.
struct Page {
  std::vector<Json> objects;
  std::optional<ApiError> error;
};

/// All objects of a collection, each with its kind; or the error.
struct ListResult {
  std::vector<JsonText> objects;
  std::string version{};  ///< the resourceVersion of the list
  std::optional<ApiError> error;
};

/// Called with a page of the listing at that index, or with the error.
using OnPage = std::function<void(std::size_t listing, Page page)>;

/// Lists several collections in parallel. The next page of each is requested in the next wave, which may have
/// other calls, too. A list that expires midway is requested again, in one page (client-go's pager does the
/// same: tools/pager, FullListIfExpired).
class Pages {
 public:
  /// Keeps all objects, as JsonText.
  explicit Pages(std::vector<Listing> listings);
  /// Passes each page on when it arrives and keeps nothing, so that only one page is in memory. A list that
  /// expires midway brings its objects again.
  Pages(std::vector<Listing> listings, OnPage on_page);

  /// True if no listing has more pages.
  bool is_done() const { return unfinished_.empty(); }
  /// True if the i-th listing has more pages.
  bool has_more(std::size_t i) const;
  /// Returns the calls for the next wave; empty if all is done. If any listing that is wanted has more pages,
  /// the others wait; this keeps listings from getting ahead.
  std::vector<Call> next_calls(const std::function<bool(std::size_t)>& is_wanted = {});
  /// Adds the answer to the i-th of those calls.
  void add_answer(std::size_t i, Answer answer);
  /// Sends the next calls without any others.
  void fetch_next(Cluster& cluster, const std::function<bool(std::size_t)>& is_wanted = {});
  /// The kept objects, in the order of the listings. They are complete only when is_done().
  std::vector<ListResult> results() && { return std::move(results_); }

 private:
  void restart(std::size_t listing);

  std::vector<Listing> listings_;
  OnPage on_page_;
  std::vector<ListResult> results_;
  std::vector<std::size_t> unfinished_;  ///< the listings that have more pages
  std::vector<std::size_t> requested_;   ///< the listings in the current wave
};

/// Sends the calls together with the next calls of each of the pages, and returns the answers to `calls`.
/// Null pages are skipped.
std::vector<Answer> send(Cluster& cluster, std::vector<Call> calls, std::span<Pages* const> all_pages);

/// Lists the remaining pages.
std::vector<ListResult> list_all(Cluster& cluster, Pages pages);

/// Lists several collections completely.
std::vector<ListResult> list_all(Cluster& cluster, std::vector<Listing> listings);

/// Lists several collections completely, and passes each page on.
void list_all(Cluster& cluster, std::vector<Listing> listings, OnPage on_page);

}  // namespace egress::kube
