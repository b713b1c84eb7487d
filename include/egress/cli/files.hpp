#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "egress/cli/session.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {

/// One document of a file, and where it stands, for messages.
struct Document {
  std::string file;
  std::shared_ptr<const std::string> text;  ///< of the whole file
  std::size_t number = 0;                   ///< in it, from 0
  std::size_t siblings = 1;                 ///< how many the file holds
  Json form;

  /// "gateways.yaml, document 2", and the line of the field that the fault names, where it names one.
  std::string place(const std::string& fault = "") const;
};

/// The documents of the files, in their order; "-" is stdin, and of a folder the files ending in .yaml, .yml
/// or .json, with `recursive` those below it too. Throws Error where one cannot be read.
std::vector<Document> read_documents(const std::vector<std::string>& files, bool recursive);

/// The gateways that the documents ask for, in the session's namespace where they name none. Throws Error
/// with the faults of all documents, up to a number that it says, and where two are of one name.
std::vector<mesh::Egress> read_gateways(Session& session, const std::vector<Document>& documents);

/// Only which gateways they name, whatever else they say of them. Throws Error as read_gateways() does.
std::set<mesh::GatewayName> read_gateway_names(Session& session, const std::vector<Document>& documents);

}  // namespace egress::cli
