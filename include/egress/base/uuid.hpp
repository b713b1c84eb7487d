#pragma once

#include <string>

namespace egress {

/// A random UUID, version 4 (RFC 9562, 5.4), in lower case: "19b8ec56-e034-4fc4-8be5-44c02fca275d".
std::string random_uuid();

}  // namespace egress
