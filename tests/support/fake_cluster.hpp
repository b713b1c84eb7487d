#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/http/transport.hpp"

namespace egress::testing {

/// An API server in memory behind Transport: it stores what is created, applied, patched and deleted, answers
/// gets, lists and watches of it, and keeps a log of every wave. A Deployment is ready as soon as it is
/// stored, unless `pods_ready` says otherwise.
class FakeCluster : public http::Transport {
 public:
  using Fault = std::function<std::optional<http::Response>(const http::Request&)>;

  /// A cluster with Istio 1.30.3 (or the one given), its CRDs, and the namespace "httpbin".
  explicit FakeCluster(const std::string& istio = "1.30.3");

  std::vector<http::Response> send(std::span<const http::Request> wave) override;
  http::Response stream(const http::Request& request,
                        const std::function<bool(std::string_view)>& consume) override;
  http::Traffic traffic() const override { return {static_cast<int>(waves.size()), 0, 1}; }

  /// Adds a control plane of that revision: istiod, its ConfigMaps and its webhook configuration.
  void add_istio(const std::string& version, const std::string& revision);
  /// Adds a revision tag.
  void add_revision_tag(const std::string& tag, const std::string& revision);
  /// Stores an object at the path at which it is read.
  void store(const std::string& path, Json object);
  /// Deletes the object at that path and reports it to watches.
  void erase(const std::string& path);
  bool has(const std::string& path) const { return objects.contains(path); }
  /// Every request so far, in order: "PATCH /path?query".
  std::vector<std::string> requests() const;

  std::map<std::string, Json> objects;          ///< by path
  std::vector<std::vector<std::string>> waves;  ///< "PATCH /path?query" of each request of each wave
  std::vector<std::string> group_versions;      ///< "networking.istio.io/v1", …
  bool pods_ready = true;
  bool returns_status_on_delete = false;  ///< a deletion is answered with a Status where the object is gone
  std::size_t max_page_size = 500;        ///< of a list that is asked for in pages
  Fault fault;                            ///< asked first; what it answers is the response

 private:
  http::Response answer(const http::Request& request);
  http::Response write(const std::string& path, Json object, bool dry_run, bool must_be_new);
  http::Response apply_json_patch(const std::string& path, const Json& operations, bool dry_run);
  http::Response list(const std::string& path, const std::string& query) const;
  http::Response discover(const std::string& path) const;
  Json with_server_metadata(Json object);

  int version_ = 100;
  std::map<std::string, Json> erased_;  ///< by path, each in the version of its end
};

/// A response with a Status object.
http::Response status_reply(int status, const std::string& reason, const std::string& message);

}  // namespace egress::testing
