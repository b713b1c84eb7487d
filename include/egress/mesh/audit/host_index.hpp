#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace egress::mesh {

/// Objects found by the hosts that they name. They must outlive it and stay where they are.
template <typename T>
class HostIndex {
 public:
  void add(const std::string& host, const T& object) {
    if (host.starts_with('*')) wildcards_.insert(host.size());
    by_end_[reversed(host)].push_back(&object);
  }

  /// Those that name just this host, wildcard or not.
  const std::vector<const T*>& naming(const std::string& host) const {
    static const std::vector<const T*> none;
    const auto at = by_end_.find(reversed(host));
    return at == by_end_.end() ? none : at->second;
  }

  /// Those that name the host, or a wildcard that stands for it.
  std::vector<const T*> covering(const std::string& host) const {
    std::vector<const T*> found = naming(host);
    for (const std::size_t length : wildcards_) {
      if (length > host.size() + 1) break;
      const std::string wildcard = "*" + host.substr(host.size() + 1 - length);
      if (wildcard == host) continue;
      const auto& those = naming(wildcard);
      found.insert(found.end(), those.begin(), those.end());
    }
    return found;
  }

  /// Those that name another host for which the wildcard stands, with that host.
  std::vector<std::pair<std::string, const T*>> within(const std::string& wildcard) const {
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

  /// Read backwards, the hosts for which a wildcard stands are beside each other.
  std::map<std::string, std::vector<const T*>> by_end_;
  std::set<std::size_t> wildcards_;  ///< how long those are that are named
};

}  // namespace egress::mesh
