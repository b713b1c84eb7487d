#include "egress/kube/watch.hpp"

#include <algorithm>
#include <random>

#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"

namespace egress::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// minRestartDelay of client-go's RetryWatcher.
constexpr seconds min_request_interval{1};
/// The range of a stream's length, which is random so that watches do not all end together. client-go's
/// reflector uses 5 to 10 minutes.
struct StreamLength {
  int min_seconds;
  int max_seconds;
};
constexpr StreamLength direct_stream{300, 600};
/// A proxy keeps the connection open even if the server is lost; only the end of the stream shows it.
/// client-go's pings notice it after 45 s.
constexpr StreamLength stream_behind_proxy{30, 60};
constexpr seconds max_pause{60};

constexpr int forbidden = 403;
constexpr int not_allowed = 405;
constexpr int expired = 410;
constexpr int too_many_requests = 429;
constexpr int server_fault = 500;
constexpr int gateway_timeout = 504;

Listing one_object(const Resource& resource, const std::string& ns, const std::string& name) {
  return {resource, ns, {.field_selector = "metadata.name=" + name}};
}

int stream_seconds(const StreamLength& length, steady_clock::time_point deadline) {
  static std::mt19937 engine{std::random_device{}()};
  const int length_wanted = std::uniform_int_distribution(length.min_seconds, length.max_seconds)(engine);
  const auto left = std::chrono::ceil<seconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 1, length_wanted));
}

/// The retry delay of the server, but at least the minimum interval between requests.
seconds pause_after(const ApiError& error) {
  const seconds retry_after(error.details()["retryAfterSeconds"].as_integer());
  return std::clamp(retry_after, min_request_interval, max_pause);
}

std::pair<std::string, std::string> key_of(const Json& object) {
  return {object["metadata"]["namespace"].as_string(), object["metadata"]["name"].as_string()};
}

Json deleted_object(const std::pair<std::string, std::string>& key, const std::string& uid) {
  return object({{"metadata", object({
                                  {"name", key.second},
                                  {"namespace", key.first.empty() ? Json() : Json(key.first)},
                                  {"uid", uid},
                              })}});
}

}  // namespace

Watch::Watch(Cluster& cluster, Listing listing, OnError on_error, Pause pause)
    : cluster_(cluster),
      listing_(std::move(listing)),
      on_error_(on_error ? std::move(on_error) : [](const Error&) {}),
      pause_(pause ? std::move(pause) : sleep_for) {}

Watch::Watch(Cluster& cluster, const Resource& resource, const std::string& ns, const std::string& name,
             OnError on_error, Pause pause)
    : Watch(cluster, one_object(resource, ns, name), std::move(on_error), std::move(pause)) {
  name_ = name;
}

void Watch::start_at(const Json& metadata) {
  version_ = metadata["resourceVersion"].as_string();
  known_uids_ = {{key_of(object({{"metadata", metadata}})), metadata["uid"].as_string()}};
}

bool Watch::follow(Deadline deadline, const OnChange& on_change) {
  for (;;) {
    pause_until(next_request_, deadline);
    throw_if_interrupted();
    if (steady_clock::now() >= deadline) return false;
    next_request_ = steady_clock::now() + min_request_interval;
    if (list_or_stream(deadline, on_change)) return true;
  }
}

void Watch::pause_until(steady_clock::time_point due, Deadline deadline) const {
  const auto left = std::chrono::ceil<milliseconds>(std::min(due, deadline) - steady_clock::now());
  if (left > milliseconds(0)) pause_(left);
}

/// Lists if necessary, and then follows the changes. Returns true if `on_change` wants no more.
bool Watch::list_or_stream(Deadline deadline, const OnChange& on_change) {
  try {
    if ((!can_watch_ || !version_) && list_objects(on_change)) return true;
    return can_watch_ && stream(deadline, on_change);
  } catch (const ConnectionError& error) {
    on_error_(error);
  } catch (const ApiError& error) {
    if (fall_back(error))
      next_request_ = steady_clock::now();
    else
      handle_error(error);
  }
  return false;
}

/// Follows the changes until the stream ends. Returns true if `on_change` wants no more.
bool Watch::stream(Deadline deadline, const OnChange& on_change) {
  bool enough = false;
  stream_error_.reset();
  const StreamLength& length = cluster_.is_behind_proxy() ? stream_behind_proxy : direct_stream;
  const Call call =
      watch(listing_.resource, listing_.ns, listing_.options, *version_, stream_seconds(length, deadline));
  next_request_ = steady_clock::now() + min_request_interval;
  cluster_.follow(call, [&](const Json& event) {
    enough = handle_event(event, on_change);
    return !enough && !stream_error_;
  });
  if (enough || !stream_error_) return enough;
  next_request_ = std::max(next_request_, steady_clock::now() + pause_after(*stream_error_));
  // After these two errors the server may recover with the same version; after any other the watch has to
  // list again.
  const int status = stream_error_->status();
  if (status != server_fault && status != gateway_timeout) version_.reset();
  if (status != expired) on_error_(*stream_error_);
  return false;
}

/// Handles an event of the stream. Returns true if `on_change` wants no more.
bool Watch::handle_event(const Json& event, const OnChange& on_change) {
  const std::string& type = event["type"].as_string();
  const Json& object = event["object"];
  if (type == "ERROR") {
    stream_error_ = api_error(object);
    return false;
  }
  const std::string& version = object["metadata"]["resourceVersion"].as_string();
  if (!version.empty()) version_ = version;
  if (type == "ADDED" || type == "MODIFIED") {
    known_uids_[key_of(object)] = object["metadata"]["uid"].as_string();
    return !on_change({Change::Kind::exists, object});
  }
  if (type != "DELETED") return false;
  known_uids_.erase(key_of(object));
  return !on_change({Change::Kind::deleted, object});
}

/// Lists the objects; returns true if `on_change` wants no more.
bool Watch::list_objects(const OnChange& on_change) {
  if (can_list_) {
    ListResult result = std::move(list_all(cluster_, std::vector{listing_}).front());
    if (result.error) throw ApiError(*result.error);
    version_ = std::move(result.version);
    return report_objects(parse_all(result.objects), on_change);
  }
  Answer answer = cluster_.send(get(listing_.resource, listing_.ns, name_));
  std::vector<Json> found;
  if (!answer.not_found()) found.push_back(answer.release());
  return report_objects(std::move(found), on_change);
}

bool Watch::report_objects(std::vector<Json> objects, const OnChange& on_change) {
  const std::map<Key, std::string> before = std::exchange(known_uids_, {});
  for (const Json& object : objects) known_uids_[key_of(object)] = object["metadata"]["uid"].as_string();
  bool more = true;
  for (const auto& [key, uid] : before) {
    const auto current = known_uids_.find(key);
    if (current == known_uids_.end() || current->second != uid)
      more = on_change({Change::Kind::deleted, deleted_object(key, uid)}) && more;
  }
  for (Json& object : objects) more = on_change({Change::Kind::exists, std::move(object)}) && more;
  more = on_change({Change::Kind::synced, {}}) && more;
  return !more;
}

/// Falls back to listing, or to getting the single object, if a permission is missing. Returns false if there
/// is no fallback.
bool Watch::fall_back(const ApiError& error) {
  if (error.status() != forbidden && error.status() != not_allowed) return false;
  if (can_watch_ && version_) {
    can_watch_ = false;
    return true;
  }
  if (!can_list_ || name_.empty()) return false;
  can_watch_ = can_list_ = false;
  return true;
}

/// Schedules a retry after a temporary error, and throws any other.
void Watch::handle_error(const ApiError& error) {
  const bool is_busy = error.status() == too_many_requests || error.status() >= server_fault;
  if (error.status() == expired)
    version_.reset();
  else if (!is_busy)
    throw ApiError(error);
  next_request_ = std::max(next_request_, steady_clock::now() + pause_after(error));
  if (is_busy) on_error_(error);
}

}  // namespace egress::kube
