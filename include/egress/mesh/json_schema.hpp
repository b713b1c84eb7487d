#pragma once

#include "egress/base/json.hpp"

namespace egress::mesh {

/// The manifest's fields as a JSON Schema (draft 2020-12), for editors.
Json json_schema();

}  // namespace egress::mesh
