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
    if (host.starts_with('*')) wildcards_.insert(host.size());
    by_end_[reversed(host)].push_back(&object);
  }

  /// Objects with exactly this host, which may be a wildcard.
  const std::vector<const T*>& exact_matches(const std::string& host) const {
    static const std::vector<const T*> none;
    const auto at = by_end_.find(reversed(host));
    return at == by_end_.end() ? none : at->second;
  }

  /// Objects with the host or with a wildcard that matches it.
  std::vector<const T*> matches(const std::string& host) const {
    std::vector<const T*> found = exact_matches(host);
    for (const std::size_t length : wildcards_) {
      if (length > host.size() + 1) break;
      const std::string wildcard = "*" + host.substr(host.size() + 1 - length);
      if (wildcard == host) continue;
      const auto& those = exact_matches(wildcard);
      found.insert(found.end(), those.begin(), those.end());
    }
    return found;
  }

  /// Objects with another host that the wildcard matches, and that host.
  std::vector<std::pair<std::string, const T*>> subdomain_matches(const std::string& wildcard) const {
    std::vector<std::pair<std::string, const T*>> found;
    const std::string end = reversed(wildcard.substr(1));
    for (auto at = by_end_.lower_bound(end); at != by_end_.end() && at->first.starts_with(end); ++at) {
      const std::string host = reversed(at->first);
      if (host == wildcard) continue;
      for (const T* object : at->second) found.emplace_back(host, object);
    }
    return found;
  }

 private:
  static std::string reversed(const std::string& host) { return {host.rbegin(), host.rend()}; }

  /// By reversed host, so that the hosts that a wildcard matches are adjacent.
  std::map<std::string, std::vector<const T*>> by_end_;
  std::set<std::size_t> wildcards_;  ///< the lengths of the wildcards
};

}  // namespace egress::mesh
