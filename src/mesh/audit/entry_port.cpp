#include "egress/mesh/audit/entry_port.hpp"

#include <algorithm>

#include "egress/base/text.hpp"

namespace egress::mesh {

bool EntryPort::is_http() const {
  return protocol.starts_with("HTTP") ? protocol != "HTTPS" : protocol.starts_with("GRPC");
}

std::string EntryPort::text() const {
  return std::to_string(number) + " (" + printable(protocol, 20) + ")";
}

EntryPort read_entry_port(const Json& port) {
  EntryPort result{port["number"].as_integer(), port["protocol"].as_string()};
  std::ranges::transform(result.protocol, result.protocol.begin(),
                         [](unsigned char c) { return std::toupper(c); });
  if (result.protocol.empty()) result.protocol = "TCP";
  return result;
}

}  // namespace egress::mesh
