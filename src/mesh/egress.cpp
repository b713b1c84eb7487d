#include "egress/mesh/egress.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/host_name.hpp"

namespace egress::mesh {
namespace {

/// "NAME-egress" must itself fit into a label of 63 characters.
constexpr std::size_t max_name = 56;

void check_name(const std::string& name, std::vector<std::string>& faults) {
  if (name.size() > max_name)
    faults.push_back("the name \"" + printable(name, 100) + "\" has " + std::to_string(name.size()) +
                     " characters; " + std::to_string(max_name) + " are allowed");
  else if (!is_label(name) || std::isdigit(static_cast<unsigned char>(name.front())))
    faults.push_back(
        "the name \"" + printable(name) +
        "\" must be lower-case letters, digits and '-', begin with a letter and end with a letter "
        "or digit");
}

void check_host(const std::string& noun, const std::string& host, std::vector<std::string>& faults) {
  if (const std::string why = host_fault(host); !why.empty())
    faults.push_back("the " + noun + " \"" + printable(host, 300) + "\" " + why);
}

}  // namespace

Egress validated(Egress egress) {
  std::vector<std::string> faults;
  check_name(egress.name, faults);
  if (!is_label(egress.ns))
    faults.push_back("the namespace \"" + printable(egress.ns, 100) +
                     "\" is not a name that Kubernetes allows");
  check_host("host", egress.host, faults);
  for (std::size_t i = 0; i < egress.aliases.size(); ++i) {
    check_host("alias", egress.aliases[i], faults);
    const auto before = egress.aliases.begin() + static_cast<std::ptrdiff_t>(i);
    if (egress.aliases[i] == egress.host ||
        std::find(egress.aliases.begin(), before, egress.aliases[i]) != before)
      faults.push_back("the alias \"" + printable(egress.aliases[i], 300) + "\" is given twice");
  }
  if (egress.port < 1 || egress.port > 65535)
    faults.push_back("the port " + std::to_string(egress.port) + " is not between 1 and 65535");
  if (!faults.empty()) throw Error(join(faults, "\nerror: "));
  return egress;
}

Json file_form(const Egress& egress) {
  return object({
      {"apiVersion", "kubectl-egress/v1alpha1"},
      {"kind", "EgressGateway"},
      {"metadata", object({
                       {"name", egress.name},
                       {"namespace", egress.ns},
                   })},
      {"spec", object({
                   {"hosts", array({egress.host})},
                   {"port", egress.port},
                   {"aliases", egress.aliases.empty() ? Json() : array(egress.aliases)},
                   {"tls", object({{"mode", "Simple"}})},
                   {"gateway", object({{"replicas", object({
                                                        {"min", egress.min_replicas},
                                                        {"max", egress.max_replicas},
                                                    })}})},
               })},
  });
}

Egress read_egress(const Json& form) {
  if (form["kind"].as_string() != "EgressGateway" ||
      form["apiVersion"].as_string() != "kubectl-egress/v1alpha1")
    throw Error("this is not an EgressGateway of kubectl-egress/v1alpha1");
  const Json& spec = form["spec"];
  Egress egress;
  egress.name = form["metadata"]["name"].as_string();
  egress.ns = form["metadata"]["namespace"].as_string();
  if (!spec["hosts"].items().empty()) egress.host = spec["hosts"].items().front().as_string();
  egress.port = static_cast<int>(spec["port"].as_integer(egress.port));
  for (const Json& alias : spec["aliases"].items()) egress.aliases.push_back(alias.as_string());
  const Json& replicas = spec["gateway"]["replicas"];
  egress.min_replicas = static_cast<int>(replicas["min"].as_integer(egress.min_replicas));
  egress.max_replicas = static_cast<int>(replicas["max"].as_integer(egress.max_replicas));
  return validated(std::move(egress));
}

}  // namespace egress::mesh
