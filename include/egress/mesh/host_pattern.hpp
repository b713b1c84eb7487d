#pragma once

#include <string>
#include <string_view>

namespace egress::mesh {

/// True where the host that an Istio object names, which may begin with "*", stands for all of the other one
/// (pkg/config/host/name.go, 1.30.3: SubsetOf).
bool host_matches(std::string_view pattern, std::string_view host);

/// The name that a host in an object of that namespace stands for: without a dot it is a Service's beside it
/// (pilot/pkg/model/config.go, 1.7.0: ResolveShortnameToFQDN).
std::string resolve_short_name(const std::string& host, const std::string& ns,
                               const std::string& cluster_domain);

}  // namespace egress::mesh
