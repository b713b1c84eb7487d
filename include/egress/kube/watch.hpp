#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"

namespace egress::kube {

/// A change that a watch reports.
struct Change {
  enum class Kind {
    exists,   ///< the object exists: it is new, changed, or listed again
    deleted,  ///< it was deleted; if the event was missed, the object has only name, namespace and uid
    synced,   ///< all existing objects have been reported; this change has no object
  };
  Kind kind = Kind::exists;
  Json object{};
};

/// Reports the objects of a list, or a single object, and their changes. It lists them, watches from the
/// list's version on, and continues after the stream ends, as client-go does (tools/watch/retrywatcher.go and
/// tools/cache/reflector.go, 1.36). Without permission to watch it polls once a second.
class Watch {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  /// Called with each change; returns false to end follow().
  using OnChange = std::function<bool(const Change&)>;
  /// Called with an error while the watch is being retried.
  using OnError = std::function<void(const Error&)>;
  using Pause = std::function<void(std::chrono::milliseconds)>;

  /// Sends nothing yet. The cluster must outlive the watch. An interruption ends the default pause early.
  Watch(Cluster& cluster, Listing listing, OnError on_error = {}, Pause pause = {});
  /// Watches a single object.
  Watch(Cluster& cluster, const Resource& resource, const std::string& ns, const std::string& name,
        OnError on_error = {}, Pause pause = {});

  /// Skips the list: follow() reports only changes after the version of the single object in this metadata.
  void start_at(const Json& metadata);

  /// Reports changes until `on_change` returns false (then returns true) or until the deadline (then returns
  /// false). A list is always reported completely; the next call continues after it. Throws ApiError if the
  /// server rejects the watch permanently.
  bool follow(Deadline deadline, const OnChange& on_change);

 private:
  using Key = std::pair<std::string, std::string>;  ///< namespace and name

  bool list_or_stream(Deadline deadline, const OnChange& on_change);
  bool stream(Deadline deadline, const OnChange& on_change);
  bool handle_event(const Json& event, const OnChange& on_change);
  bool list_objects(const OnChange& on_change);
  bool report_objects(std::vector<Json> objects, const OnChange& on_change);
  void handle_error(const ApiError& error);
  bool fall_back(const ApiError& error);
  void pause_until(std::chrono::steady_clock::time_point due, Deadline deadline) const;

  Cluster& cluster_;
  Listing listing_;
  std::string name_{};  ///< name of the single object; empty for a collection
  OnError on_error_;
  Pause pause_;
  /// The resourceVersion of the last reported change; empty if a list is needed.
  std::optional<std::string> version_{};
  std::map<Key, std::string> known_uids_{};  ///< the uids of the objects reported as existing
  std::optional<ApiError> stream_error_{};   ///< from an ERROR event
  bool can_list_ = true;
  bool can_watch_ = true;
  Deadline next_request_{};  ///< when the next request may be sent
};

}  // namespace egress::kube
