#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::render::jsonpath {

/// Whether `left operation right` holds, as Go's text/template compares (client-go 1.36,
/// third_party/forked/golang/template/funcs.go): like types only. Throws Error with its words where they
/// cannot be compared, and where there is no such operation.
bool holds(const Json& left, const std::string& operation, const Json& right);

}  // namespace egress::render::jsonpath
