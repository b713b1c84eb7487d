#include "egress/kube/inline_secret.hpp"

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/private_keys.hpp"

namespace egress::kube {

std::string_view inline_secret_type(std::string_view value) {
  if (mask_private_keys(value) != value) return "key";
  const std::string decoded = decode_base64(value).value_or("");
  for (const std::string_view text : {value, std::string_view(decoded)})
    if (text.find("-----BEGIN") != std::string_view::npos)
      return text.find("PRIVATE") != std::string_view::npos ? "key" : "certificate";
  return looks_like_path(value) ? "" : "token";
}

std::string read_flag_file(const std::string& flag, const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error&) {
    const std::string type(inline_secret_type(path));
    if (type.empty()) throw;
    throw Error(flag + " is the " + type + " itself and not a file name",
                "write it to a file that only you can read, and use the file name");
  }
}

}  // namespace egress::kube
