#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/cli/session.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/faults.hpp"

namespace egress::cli {

/// One document of a file, and where it stands, for messages.
struct Document {
  std::string file;
  std::shared_ptr<const std::string> text;  ///< of the whole file
  std::size_t number = 0;                   ///< in it, from 0
  std::size_t siblings = 1;                 ///< how many the file holds
  Json form;

  /// "gateways.yaml, document 2".
  std::string place() const;
  /// The fault, with the place before it: file, document, the line of its field, or else of what the field is
  /// missing in, and the field.
  std::string told(const mesh::Fault& fault) const;
};

/// What was found in files, and what could not be read of them, a fault each.
struct Documents {
  std::vector<Document> found;
  std::vector<Error> unreadable;
};

/// The documents of the files, in their order; "-" is stdin, and of a folder the files ending in .yaml, .yml
/// or .json, with `recursive` those below it too. A file that cannot be read keeps nobody from the others.
/// Throws Error where there is nothing in them, and nothing against them.
Documents read_documents(const std::vector<std::string>& files, bool recursive);

/// The gateways that the documents ask for, in the session's namespace where they name none. Throws Error
/// with what is unreadable and the faults of all documents, up to a number that it says; that two are of one
/// name is one.
std::vector<mesh::Egress> read_gateways(Session& session, const Documents& documents);

/// Only which gateways they name, whatever else they say of them. Throws Error as read_gateways() does.
std::set<mesh::GatewayName> read_gateway_names(Session& session, const Documents& documents);

/// The one document of a file. Throws Error where it holds more, or cannot be read.
Document read_document(const std::string& file);

}  // namespace egress::cli
