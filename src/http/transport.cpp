#include "egress/http/transport.hpp"

namespace egress::http {

std::string_view Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

}  // namespace egress::http
