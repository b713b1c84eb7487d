#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "egress/cli/session.hpp"
#include "egress/mesh/design.hpp"

namespace egress::cli {

/// What callers from outside must trust: the CA of each self-signed gateway of a run, in one file, that of
/// --save-ca, in the order of the gateways. Without a file each is told when its gateway stands.
class CaFile {
 public:
  /// No path is no file. Throws Error where it could not be written: so before anything else is.
  CaFile(Session& session, std::string path);

  bool is_asked_for() const { return !path_.empty(); }

  /// The gateway, the i-th of the run, stands; one that is not self-signed has no CA.
  void put(std::size_t i, const mesh::Design& design);

  /// Writes the file, anew where it stands, and says so. Where no gateway had a CA, it is left as it is.
  void save();

 private:
  Session& session_;
  std::string path_;
  std::map<std::size_t, std::string> cas_;  ///< in PEM
  std::string callers_;                     ///< of the last one: "https://a.example, b.example/"
};

}  // namespace egress::cli
