#pragma once

#include <cstdint>
#include <string>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// A port of a ServiceEntry.
struct EntryPort {
  std::int64_t number = 0;
  std::string protocol;  ///< in capitals; TCP where the entry says none, as Istio takes it

  /// Sidecars route it by the Host header, and so by a VirtualService.
  bool http() const;
  bool tls() const { return protocol == "TLS" || protocol == "HTTPS"; }
  /// "443 (TLS)".
  std::string text() const;
};

EntryPort read_entry_port(const Json& port);

}  // namespace egress::mesh
