#include "egress/mesh/full_name.hpp"

namespace egress::mesh {
namespace {

std::string in_namespace(const std::string& name, const std::string& ns) {
  return ns.empty() ? name : name + " -n " + ns;
}

}  // namespace

std::string full_name(const Reference& object) {
  return in_namespace(object.display_name(), object.ns);
}

std::string full_name(const Egress& gateway) {
  return full_name(GatewayName{gateway.ns, gateway.name});
}

std::string full_name(const GatewayName& gateway) {
  return in_namespace("egressgateway/" + gateway.second, gateway.first);
}

}  // namespace egress::mesh
