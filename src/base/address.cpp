#include "egress/base/address.hpp"

#include <arpa/inet.h>

namespace egress {

std::optional<Address> parse_address(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xff;
  if (inet_pton(AF_INET, text.c_str(), address.data() + ipv4_offset) == 1) return address;
  return std::nullopt;
}

}  // namespace egress
