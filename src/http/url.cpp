#include "egress/http/url.hpp"
#include "egress/http/libcurl.hpp"

#include <memory>

namespace egress::http {
namespace {

using ParsedUrl = std::unique_ptr<CURLU, decltype(Libcurl::url_cleanup)>;

std::string get_part(const ParsedUrl& url, CURLUPart part, unsigned flags = 0) {
  char* value = nullptr;
  if (libcurl().url_get(url.get(), part, &value, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(Libcurl::free)> owned(value, libcurl().free);
  return value;
}

}  // namespace

std::optional<Url> Url::parse(const std::string& text) {
  const ParsedUrl parsed(libcurl().url(), libcurl().url_cleanup);
  if (!parsed || text.find("://") == std::string::npos) return std::nullopt;
  if (libcurl().url_set(parsed.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  Url url;
  url.scheme = get_part(parsed, CURLUPART_SCHEME);
  url.user = get_part(parsed, CURLUPART_USER, CURLU_URLDECODE);
  url.password = get_part(parsed, CURLUPART_PASSWORD, CURLU_URLDECODE);
  url.host = get_part(parsed, CURLUPART_HOST);
  url.port = get_part(parsed, CURLUPART_PORT);
  url.authority = url.port.empty() ? url.host : url.host + ":" + url.port;
  url.path = get_part(parsed, CURLUPART_PATH);
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

std::string strip_brackets(const std::string& host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

std::string mask_credentials(const std::string& text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos) return text;
  const std::size_t end = text.find("://");
  return (end < at ? text.substr(0, end + 3) : "") + "…" + text.substr(at);
}

}  // namespace egress::http
