#include "egress/kube/watch.hpp"

#include <algorithm>
#include <random>

#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"

namespace egress::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// minRestartDelay of client-go's RetryWatcher.
constexpr seconds between_requests{1};
/// client-go's reflector asks for 5 minutes up to twice as many, so that watches do not all end together.
struct Span {
  int shortest;
  int longest;
};
constexpr Span usual_stream{300, 600};
/// A proxy keeps the connection up though the server behind it is gone; then only the stream's end tells. To
/// notice that takes client-go's pings 45 s.
constexpr Span stream_behind_proxy{30, 60};
constexpr seconds longest_pause{60};

constexpr int forbidden = 403;
constexpr int not_allowed = 405;
constexpr int expired = 410;
constexpr int too_many_requests = 429;
constexpr int server_fault = 500;
constexpr int gateway_timeout = 504;

Listing one_object(const Resource& resource, const std::string& ns, const std::string& name) {
  return {resource, ns, {.fields = "metadata.name=" + name}};
}

int seconds_of_stream(const Span& span, steady_clock::time_point deadline) {
  static std::mt19937 engine{std::random_device{}()};
  const int wanted = std::uniform_int_distribution(span.shortest, span.longest)(engine);
  const auto left = std::chrono::ceil<seconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 1, wanted));
}

/// How long the server asks to be left alone, at least what is always left between requests.
seconds pause_after(const ApiError& error) {
  const seconds asked(error.details()["retryAfterSeconds"].as_integer());
  return std::clamp(asked, between_requests, longest_pause);
}

std::pair<std::string, std::string> key_of(const Json& object) {
  return {object["metadata"]["namespace"].as_string(), object["metadata"]["name"].as_string()};
}

Json unseen(const std::pair<std::string, std::string>& key, const std::string& uid) {
  return object({{"metadata", object({
                                  {"name", key.second},
                                  {"namespace", key.first.empty() ? Json() : Json(key.first)},
                                  {"uid", uid},
                              })}});
}

}  // namespace

Watch::Watch(Cluster& cluster, Listing listing, Trouble trouble, Pause pause)
    : cluster_(cluster),
      listing_(std::move(listing)),
      trouble_(trouble ? std::move(trouble) : [](const Error&) {}),
      pause_(pause ? std::move(pause) : pause_for) {}

Watch::Watch(Cluster& cluster, const Resource& resource, const std::string& ns, const std::string& name,
             Trouble trouble, Pause pause)
    : Watch(cluster, one_object(resource, ns, name), std::move(trouble), std::move(pause)) {
  name_ = name;
}

void Watch::start_at(const Json& metadata) {
  version_ = metadata["resourceVersion"].as_string();
  known_ = {{key_of(object({{"metadata", metadata}})), metadata["uid"].as_string()}};
}

bool Watch::follow(Deadline deadline, const See& see) {
  for (;;) {
    pause_until(due_, deadline);
    stop_if_interrupted();
    if (steady_clock::now() >= deadline) return false;
    due_ = steady_clock::now() + between_requests;
    if (turn(deadline, see)) return true;
  }
}

void Watch::pause_until(steady_clock::time_point due, Deadline deadline) const {
  const auto left = std::chrono::ceil<milliseconds>(std::min(due, deadline) - steady_clock::now());
  if (left > milliseconds(0)) pause_(left);
}

/// One list and what comes behind it, or what comes behind what is known; true where that was enough.
bool Watch::turn(Deadline deadline, const See& see) {
  try {
    if ((!may_watch_ || !version_) && look(see)) return true;
    return may_watch_ && stream(deadline, see);
  } catch (const ConnectionError& error) {
    trouble_(error);
  } catch (const ApiError& error) {
    if (may_look_instead(error))
      due_ = steady_clock::now();
    else
      listen_to(error);
  }
  return false;
}

/// Follows the changes until the stream ends; where it ends is where the next one begins.
bool Watch::stream(Deadline deadline, const See& see) {
  bool enough = false;
  ended_by_.reset();
  const Span& span = cluster_.is_behind_proxy() ? stream_behind_proxy : usual_stream;
  const Call call =
      watch(listing_.resource, listing_.ns, listing_.selection, *version_, seconds_of_stream(span, deadline));
  due_ = steady_clock::now() + between_requests;
  cluster_.follow(call, [&](const Json& event) {
    enough = take(event, see);
    return !enough && !ended_by_;
  });
  if (enough || !ended_by_) return enough;
  due_ = std::max(due_, steady_clock::now() + pause_after(*ended_by_));
  // Of these two the server may recover with the same version; after any other, only a list is sure.
  const int status = ended_by_->status();
  if (status != server_fault && status != gateway_timeout) version_.reset();
  if (status != expired) trouble_(*ended_by_);
  return false;
}

/// One event of the stream; true where that was enough.
bool Watch::take(const Json& event, const See& see) {
  const std::string& type = event["type"].as_string();
  const Json& object = event["object"];
  if (type == "ERROR") {
    ended_by_ = api_error(object);
    return false;
  }
  const std::string& version = object["metadata"]["resourceVersion"].as_string();
  if (!version.empty()) version_ = version;
  if (type == "ADDED" || type == "MODIFIED") {
    known_[key_of(object)] = object["metadata"]["uid"].as_string();
    return !see({Change::Kind::standing, object});
  }
  if (type != "DELETED") return false;
  known_.erase(key_of(object));
  return !see({Change::Kind::gone, object});
}

/// What stands now; true where that was enough.
bool Watch::look(const See& see) {
  if (may_list_) {
    Listed listed = std::move(list_all(cluster_, std::vector{listing_}).front());
    if (listed.error) throw ApiError(*listed.error);
    version_ = std::move(listed.version);
    return tell_all(unpacked(listed.objects), see);
  }
  Answer answer = cluster_.send(get(listing_.resource, listing_.ns, name_));
  std::vector<Json> found;
  if (!answer.not_found()) found.push_back(answer.take());
  return tell_all(std::move(found), see);
}

bool Watch::tell_all(std::vector<Json> objects, const See& see) {
  const std::map<Key, std::string> before = std::exchange(known_, {});
  for (const Json& one : objects) known_[key_of(one)] = one["metadata"]["uid"].as_string();
  bool more = true;
  for (const auto& [key, uid] : before) {
    const auto now = known_.find(key);
    if (now == known_.end() || now->second != uid) more = see({Change::Kind::gone, unseen(key, uid)}) && more;
  }
  for (Json& one : objects) more = see({Change::Kind::standing, std::move(one)}) && more;
  more = see({Change::Kind::listed, {}}) && more;
  return !more;
}

/// True where a right is missing, to watch or else to list, and there is another way.
bool Watch::may_look_instead(const ApiError& error) {
  if (error.status() != forbidden && error.status() != not_allowed) return false;
  if (may_watch_ && version_) {
    may_watch_ = false;
    return true;
  }
  if (!may_list_ || name_.empty()) return false;
  may_watch_ = may_list_ = false;
  return true;
}

/// Goes on after a refusal, or throws it.
void Watch::listen_to(const ApiError& error) {
  const bool busy = error.status() == too_many_requests || error.status() >= server_fault;
  if (error.status() == expired)
    version_.reset();
  else if (!busy)
    throw ApiError(error);
  due_ = std::max(due_, steady_clock::now() + pause_after(error));
  if (busy) trouble_(error);
}

}  // namespace egress::kube
