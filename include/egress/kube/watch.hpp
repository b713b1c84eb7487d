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

/// What a watch tells of.
struct Change {
  enum class Kind {
    exists,   ///< the object is there, new or changed, or seen again in another list
    deleted,  ///< it is deleted; where nobody saw it go, of the object only name, namespace and uid are told
    synced,   ///< all that stands at this moment has been told; there is no object to this one
  };
  Kind kind = Kind::exists;
  Json object{};
};

/// The objects of a collection, or one of them, as they are and as they change: lists them, follows the
/// changes from the list's version on, and goes on after whatever ends the stream, as client-go does
/// (tools/watch/retrywatcher.go and tools/cache/reflector.go, 1.36). Who may not watch is told what a look
/// once a second finds.
class Watch {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  /// Takes a change; false where it has seen enough.
  using OnChange = std::function<bool(const Change&)>;
  /// What stands in the way, while it is tried again.
  using OnError = std::function<void(const Error&)>;
  using Pause = std::function<void(std::chrono::milliseconds)>;

  /// Sends nothing yet. The cluster must outlive the watch. An interruption ends the default pause early.
  Watch(Cluster& cluster, Listing listing, OnError on_error = {}, Pause pause = {});
  /// Of one object alone.
  Watch(Cluster& cluster, const Resource& resource, const std::string& ns, const std::string& name,
        OnError on_error = {}, Pause pause = {});

  /// Nothing is listed: what is to be told is what comes after the object with that metadata, which is how
  /// the one object stands.
  void start_at(const Json& metadata);

  /// Tells of changes until `on_change` has seen enough: true then, and false at the deadline. A list is told
  /// whole in any case; the next call goes on behind what was told. Throws ApiError where the server refuses
  /// in a way that trying again does not change.
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
  std::string name_{};  ///< of the one object; empty where it is a collection
  OnError on_error_;
  Pause pause_;
  std::optional<std::string> version_{};     ///< up to which all was told; nothing where a list is due
  std::map<Key, std::string> known_uids_{};  ///< the uids of what was told to stand
  std::optional<ApiError> stream_error_{};   ///< an ERROR event
  bool can_list_ = true;
  bool can_watch_ = true;
  Deadline next_request_{};  ///< when the next request may be sent
};

}  // namespace egress::kube
