#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egress::kube {

/// What the API server warns of: the texts, made printable, in a header `299 - "text" "date", 299 - …` (RFC
/// 7234, 5.5). Other codes are the transport's business. Reads up to where the header is malformed.
std::vector<std::string> warning_texts(std::string_view header);

}  // namespace egress::kube
