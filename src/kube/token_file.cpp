#include "egress/kube/token_file.hpp"

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/api_error.hpp"

namespace egress::kube {
namespace {

constexpr std::chrono::seconds reload_period{50};
constexpr std::size_t max_token_size = 1U << 20U;

}  // namespace

std::string bearer_header(const std::string& token) {
  if (!http::is_header_value(token))
    throw ConnectionError(
        "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"",
        "the token has a line break or another control character; remove it");
  return "Authorization: Bearer " + token;
}

TokenFile::TokenFile(std::string path, const std::string& fallback_token, Clock now)
    : path_(std::move(path)), now_(std::move(now)), read_at_(now_()) {
  try {
    token_ = trim(read_file(path_, max_token_size));
  } catch (const Error&) {
    if (fallback_token.empty()) throw;
    token_ = fallback_token;
  }
}

bool TokenFile::reload() {
  read_at_ = now_();
  try {
    const std::string content = read_file(path_, max_token_size);
    const std::string_view token = trim(content);
    if (token.empty() || token == token_) return false;
    token_ = token;
    return true;
  } catch (const Error&) {
    return false;
  }
}

void TokenFile::authenticate(Credentials& credentials) {
  if (now_() - read_at_ >= reload_period) reload();
  if (!token_.empty()) credentials.headers.push_back(bearer_header(token_));
}

bool TokenFile::renew() {
  return reload();
}

}  // namespace egress::kube
