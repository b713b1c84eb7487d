#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace egress::mesh {

/// An index of objects by their hosts. The objects must outlive it and not move.
template <typename T>
class HostIndex {
 public:
  void add(const std::string& host, const T& object) {
    if (host.starts_with('*')) wildcard_lengths_.insert(host.size());
    by_reversed_host_[reversed(host)].push_back(&object);
  }

  /// Objects with exactly this host, which may be a wildcard.
  const std::vector<const T*>& exact_matches(const std::string& host) const {
    static const std::vector<const T*> none;
    const auto at = by_reversed_host_.find(reversed(host));
    return at == by_reversed_host_.end() ? none : at->second;
  }

  /// Objects with the host or with a wildcard that matches it.
  std::vector<const T*> matches(const std::string& host) const {
    std::vector<const T*> result = exact_matches(host);
    for (const std::size_t length : wildcard_lengths_) {
      if (length > host.size() + 1) break;
      const std::string wildcard = "*" + host.substr(host.size() + 1 - length);
      if (wildcard == host) continue;
      const auto& objects = exact_matches(wildcard);
      result.insert(result.end(), objects.begin(), objects.end());
    }
    return result;
  }

  /// Objects with another host that the wildcard matches, and that host.
  std::vector<std::pair<std::string, const T*>> subdomain_matches(const std::string& wildcard) const {
    std::vector<std::pair<std::string, const T*>> result;
    const std::string suffix = reversed(wildcard.substr(1));
    for (auto at = by_reversed_host_.lower_bound(suffix);
         at != by_reversed_host_.end() && at->first.starts_with(suffix); ++at) {
      const std::string host = reversed(at->first);
      if (host == wildcard) continue;
      for (const T* object : at->second) result.emplace_back(host, object);
    }
    return result;
  }

 private:
  static std::string reversed(const std::string& host) { return {host.rbegin(), host.rend()}; }

  /// By reversed host, so that the hosts that a wildcard matches are adjacent.
  std::map<std::string, std::vector<const T*>> by_reversed_host_;
  std::set<std::size_t> wildcard_lengths_;  ///< the lengths of the wildcards
};

}  // namespace egress::mesh
