#pragma once

#include <string>
#include <string_view>

namespace egress::kube {

/// Returns what was pasted where a file name is expected: "key", "certificate" or "token". Empty if the value
/// may be a file name.
std::string_view inline_secret_type(std::string_view value);

/// Reads the file that a flag such as "--client-key" names. Throws Error as read_file() does; for a pasted
/// secret the message says so and does not show it.
std::string read_flag_file(const std::string& flag, const std::string& path);

}  // namespace egress::kube
