#pragma once

#include <string>
#include <string_view>

namespace egress::mesh {

/// True for an RFC 1123 label: at most 63 lower-case letters, digits and inner '-'.
bool is_dns_label(std::string_view text);

/// True for a valid name of most Kubernetes objects: an RFC 1123 subdomain of at most 253 characters, whose
/// parts may be longer than a label (k8s.io/apimachinery, pkg/util/validation, IsDNS1123Subdomain).
bool is_object_name(std::string_view text);

/// Why the text is not a valid host of an external service, as the end of a sentence; empty if it is.
std::string host_problem(std::string_view host);

/// True for a single IP address, false for a range.
bool is_ip_address(const std::string& text);

}  // namespace egress::mesh
