#include "egress/mesh/host_pattern.hpp"

namespace egress::mesh {

bool host_matches(std::string_view pattern, std::string_view host) {
  return pattern.starts_with('*') ? host.ends_with(pattern.substr(1)) : pattern == host;
}

std::string resolve_short_name(const std::string& host, const std::string& ns,
                               const std::string& cluster_domain) {
  if (host.empty() || host.front() == '*' || host.find('.') != std::string::npos) return host;
  return host + "." + ns + ".svc." + cluster_domain;
}

}  // namespace egress::mesh
