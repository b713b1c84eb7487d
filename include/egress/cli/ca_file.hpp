#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "egress/cli/session.hpp"
#include "egress/mesh/design.hpp"

namespace egress::cli {

/// The file of --save-ca with the CA certificates of all self-signed gateways of a run, in the order of the
/// gateways. Without the flag each certificate is printed after its gateway was written.
class CaFile {
 public:
  /// `path` is empty without --save-ca. Throws Error if the file cannot be written, before anything else is
  /// written.
  CaFile(Session& session, std::string path);

  bool is_requested() const { return !path_.empty(); }

  /// Adds the CA of the i-th gateway of the run, which was written. Ignores gateways that are not
  /// self-signed.
  void add(std::size_t i, const mesh::Design& design);

  /// Overwrites the file and prints its path. Without any CA the file is not changed.
  void save();

 private:
  Session& session_;
  std::string path_;
  std::map<std::size_t, std::string> certificates_;  ///< in PEM, by the index of the gateway
  std::string caller_urls_;  ///< of the gateway added last: "https://a.example, b.example/"
};

}  // namespace egress::cli
