#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::render::jsonpath {

/// The result of `left operation right` for values of the same type, as Go's text/template compares them
/// (client-go 1.36, third_party/forked/golang/template/funcs.go). Throws Error with its message if the values
/// cannot be compared or the operation is unknown.
bool compare(const Json& left, const std::string& operation, const Json& right);

}  // namespace egress::render::jsonpath
