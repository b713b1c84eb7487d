#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egress::kube {

/// Returns the texts, made printable, of the API server's warnings in a header `299 - "text" "date", 299 - …`
/// (RFC 7234, 5.5). Other codes concern the transport and are ignored. Stops where the header is malformed.
std::vector<std::string> warning_texts(std::string_view header);

}  // namespace egress::kube
