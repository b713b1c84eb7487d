#pragma once

#include <string>
#include <vector>

#include "egress/cli/session.hpp"
#include "egress/mesh/egress.hpp"

namespace egress::cli {

/// One document of a file, and where it stands, for messages: "gateways.yaml, document 2".
struct Document {
  std::string source;
  Json form;
};

/// The documents of the files, in their order; "-" is stdin, and of a folder the files ending in .yaml, .yml
/// or .json, with `recursive` those below it too. Throws Error where one cannot be read.
std::vector<Document> read_documents(const std::vector<std::string>& files, bool recursive);

/// The gateways that the documents ask for, in the session's namespace where they name none. Throws Error
/// with every fault of every document, and where two are of one name.
std::vector<mesh::Egress> read_gateways(Session& session, const std::vector<Document>& documents);

}  // namespace egress::cli
