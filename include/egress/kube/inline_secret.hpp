#pragma once

#include <string>
#include <string_view>

namespace egress::kube {

/// What a value is where a file's name belongs, but where what the file ought to hold was pasted instead:
/// "key", "certificate" or "token". Empty where it may be a name.
std::string_view inline_secret_type(std::string_view value);

/// Reads the file that a flag such as "--client-key" names. Throws Error as read_file() does; where what the
/// file ought to hold was pasted, it says so and shows nothing of it.
std::string read_flag_file(const std::string& flag, const std::string& path);

}  // namespace egress::kube
