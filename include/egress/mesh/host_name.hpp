#pragma once

#include <string>
#include <string_view>

namespace egress::mesh {

/// RFC 1123 label: at most 63 lower-case letters, digits and inner '-'.
bool is_label(std::string_view text);

/// Why the text cannot be the name of an external service, as the end of a sentence; empty where it can.
std::string host_fault(std::string_view host);

}  // namespace egress::mesh
