#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "egress/mesh/host_pattern.hpp"

namespace egress::mesh {

/// Objects found by the hosts that they name. They must outlive it and stay where they are.
template <typename T>
class HostIndex {
 public:
  void add(const std::string& host, const T& object) {
    if (host.starts_with('*')) wildcards_.emplace_back(host, &object);
    by_host_[host].push_back(&object);
  }

  /// Those that name just this host, wildcard or not.
  const std::vector<const T*>& naming(const std::string& host) const {
    static const std::vector<const T*> none;
    const auto at = by_host_.find(host);
    return at == by_host_.end() ? none : at->second;
  }

  /// Those that name the host, or a wildcard that stands for it.
  std::vector<const T*> covering(const std::string& host) const {
    std::vector<const T*> found = naming(host);
    for (const auto& [pattern, object] : wildcards_)
      if (pattern != host && covers(pattern, host)) found.push_back(object);
    return found;
  }

  /// Those that name a host for which the wildcard stands, with that host.
  std::vector<std::pair<std::string, const T*>> within(const std::string& wildcard) const {
    std::vector<std::pair<std::string, const T*>> found;
    for (const auto& [host, objects] : by_host_)
      if (host != wildcard && covers(wildcard, host))
        for (const T* object : objects) found.emplace_back(host, object);
    return found;
  }

 private:
  std::unordered_map<std::string, std::vector<const T*>> by_host_;
  std::vector<std::pair<std::string, const T*>> wildcards_;
};

}  // namespace egress::mesh
