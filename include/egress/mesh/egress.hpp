#pragma once

#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// What the user asks for: one egress gateway for one external service. The two ways to make one are
/// validated() from flags and read_egress() from the file form.
struct Egress {
  std::string name;  ///< RFC 1035 label of at most 56 characters
  std::string ns;
  std::string host;  ///< the external service
  int port = 443;
  std::vector<std::string> aliases;  ///< further names by which callers reach it
  int min_replicas = 1;
  int max_replicas = 5;
};

/// The same value, checked. Throws Error with every fault, a line each, and how to mend it.
Egress validated(Egress egress);

/// The file form: `kind: EgressGateway`.
Json file_form(const Egress& egress);

/// Reads the file form. Throws Error where it is not one.
Egress read_egress(const Json& form);

}  // namespace egress::mesh
