#include "egress/kube/token_file.hpp"

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/api_error.hpp"

namespace egress::kube {
namespace {

constexpr std::chrono::seconds fresh{50};
constexpr std::size_t max_token = 1U << 20U;

}  // namespace

std::string bearer(const std::string& token) {
  if (!http::is_header_value(token))
    throw ConnectionError(
        "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"",
        "The token holds a line end or another control character; take it out.");
  return "Authorization: Bearer " + token;
}

TokenFile::TokenFile(std::string path, const std::string& otherwise, Clock now)
    : path_(std::move(path)), now_(std::move(now)), read_at_(now_()) {
  try {
    token_ = trimmed(read_file(path_, max_token));
  } catch (const Error&) {
    if (otherwise.empty()) throw;
    token_ = otherwise;
  }
}

bool TokenFile::read() {
  read_at_ = now_();
  try {
    const std::string content = read_file(path_, max_token);
    const std::string_view token = trimmed(content);
    if (token.empty() || token == token_) return false;
    token_ = token;
    return true;
  } catch (const Error&) {
    return false;
  }
}

void TokenFile::prove(Proof& proof) {
  if (now_() - read_at_ >= fresh) read();
  if (!token_.empty()) proof.headers.push_back(bearer(token_));
}

bool TokenFile::renew() {
  return read();
}

}  // namespace egress::kube
