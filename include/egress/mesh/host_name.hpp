#pragma once

#include <string>
#include <string_view>

namespace egress::mesh {

/// RFC 1123 label: at most 63 lower-case letters, digits and inner '-'.
bool is_dns_label(std::string_view text);

/// What Kubernetes takes for the name of most objects: an RFC 1123 subdomain of at most 253 characters, whose
/// parts may be longer than a label (k8s.io/apimachinery, pkg/util/validation, IsDNS1123Subdomain).
bool is_object_name(std::string_view text);

/// Why the text cannot be the name of an external service, as the end of a sentence; empty where it can.
std::string host_problem(std::string_view host);

/// True for one IP address; not for a range of them.
bool is_ip_address(const std::string& text);

}  // namespace egress::mesh
