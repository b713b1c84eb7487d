#pragma once

#include <random>
#include <string>
#include <vector>

#include "egress/mesh/design.hpp"

namespace egress::testing {

/// A gateway made at random, as a user may ask for it on some cluster.
struct RandomDesign {
  Json form;  ///< the file form that it was read from
  mesh::Design design;
};

/// Makes valid gateways over every field of the file form, in every version of Istio at which something
/// changes; the same ones for the same seed, whatever the compiler.
class GatewayGenerator {
 public:
  explicit GatewayGenerator(unsigned seed) : random_(seed) {}

  RandomDesign next();

 private:
  /// 0 to limit - 1.
  unsigned number_below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  bool once_in(unsigned times) { return number_below(times) == 0; }
  std::string label(unsigned max_length);
  std::string host();
  std::vector<std::string> hosts(unsigned max_count);
  const char* pick(const std::vector<const char*>& choices);

  Json spec();
  void add_service(Json& spec, const std::string& protocol);
  void add_tls(Json& spec, const std::string& protocol);
  void add_callers(Json& spec);
  void add_extras(Json& spec);
  Json gateway();
  void add_facts(mesh::Design& design);

  std::mt19937 random_;
  unsigned label_count_ = 0;  ///< names so far: no two are the same
};

}  // namespace egress::testing
