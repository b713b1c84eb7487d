#pragma once

#include <string>
#include <string_view>

namespace egress::mesh {

/// True if `pattern`, a host in an Istio object that may begin with "*", matches every name that `host`
/// matches (pkg/config/host/name.go, 1.30.3: SubsetOf).
bool host_matches(std::string_view pattern, std::string_view host);

/// The full name of a host in an object of that namespace: a host without a dot is a Service in the same
/// namespace (pilot/pkg/model/config.go, 1.7.0: ResolveShortnameToFQDN).
std::string resolve_short_name(const std::string& host, const std::string& ns,
                               const std::string& cluster_domain);

}  // namespace egress::mesh
