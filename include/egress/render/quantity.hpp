#pragma once

#include <optional>
#include <string_view>

namespace egress::render {

/// The value of a Kubernetes quantity, "500m", "1Gi" or "2e3" (k8s.io/apimachinery 1.36,
/// pkg/api/resource/quantity.go); nullopt if the text is not a quantity.
std::optional<double> parse_quantity(std::string_view text);

}  // namespace egress::render
