#include "egress/fleet/hints.hpp"

namespace egress::fleet {

std::string inspect_command(const mesh::Egress& egress) {
  return "kubectl egress inspect " + egress.name + " -n " + egress.ns;
}

std::string delete_command(const mesh::Egress& egress) {
  return "kubectl egress delete " + egress.name + " -n " + egress.ns;
}

std::string delete_namespace_command(const mesh::Egress& egress) {
  return "kubectl delete namespace " + egress.ns;
}

}  // namespace egress::fleet
