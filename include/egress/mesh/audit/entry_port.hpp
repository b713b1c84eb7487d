#pragma once

#include <cstdint>
#include <string>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// A port of a ServiceEntry.
struct EntryPort {
  std::int64_t number = 0;
  std::string protocol;  ///< in upper case; TCP if the entry sets none, as in Istio

  /// True if sidecars route it by the Host header, and therefore by a VirtualService.
  bool is_http() const;
  bool is_tls() const { return protocol == "TLS" || protocol == "HTTPS"; }
  /// "443 (TLS)".
  std::string text() const;
};

EntryPort read_entry_port(const Json& port);

}  // namespace egress::mesh
