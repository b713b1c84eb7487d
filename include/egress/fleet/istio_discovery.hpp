#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/fleet/mesh_flags.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/injection.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/revisions.hpp"

namespace egress::fleet {

/// Finds the Istio that is to make a gateway. Its calls ride in the first wave of a command, and only where
/// Istio is not where it mostly is, or shares its mesh config, in a second one.
class IstioDiscovery {
 public:
  explicit IstioDiscovery(MeshFlags flags);

  /// What to ask first: which control planes there are, and the settings of the likeliest.
  std::vector<kube::Call> first_calls() const;
  /// Takes the answers, of which more may follow, and chooses the control plane for pods that run there.
  /// Throws Error where none can be selection.
  void add_first_answers(std::span<const kube::Answer> answers, mesh::Placement placement);

  /// What else to ask: mostly nothing.
  std::vector<kube::Call> second_calls() const;
  void add_second_answers(std::span<const kube::Answer> answers);

  /// Which control planes there are, as far as this user may look.
  const mesh::Revisions& revisions() const { return revisions_; }
  /// The mesh, as found or as set by flags. Throws Error if the version of Istio is unknown.
  mesh::Mesh mesh() const;
  /// A sentence for everything that had to be assumed of that mesh, and how to say it.
  std::vector<std::string> warnings(const mesh::Mesh& mesh) const;
  /// False where the mesh config could not be read, and its defaults stand in for it.
  bool mesh_config_known() const { return mesh_config_.missing.empty(); }

 private:
  /// The data of a ConfigMap, or why it could not be read.
  struct Settings {
    Json data;
    std::string missing;
  };

  Settings settings(const kube::Answer& answer, const std::string& name) const;
  void take_settings(std::span<const kube::Answer> answers);
  void choose_istiod(const std::string& revision);
  std::string shared_config_name() const;
  mesh::IstioConfig findings() const;
  std::string no_version() const;
  std::string unseen_name() const;
  std::vector<std::string> assumed_of_proxies(const mesh::Mesh& mesh) const;

  MeshFlags flags_;
  std::string ns_;        ///< Istio's: where it was looked for, then where it is
  std::string revision_;  ///< the same
  bool elsewhere_ = false;
  mesh::Placement placement_;
  mesh::Revisions revisions_;
  std::optional<mesh::ControlPlane> istiod_;
  std::string istiods_hidden_;  ///< why they cannot be looked at
  std::string tags_hidden_;
  Settings mesh_config_;
  Settings shared_config_;
  Settings injector_;
};

}  // namespace egress::fleet
