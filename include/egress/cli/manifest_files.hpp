#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/cli/session.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/field_errors.hpp"

namespace egress::cli {

/// One document of a file, with its location for messages.
struct Document {
  std::string file;
  std::shared_ptr<const std::string> text;  ///< the whole file
  std::size_t index = 0;                    ///< of the document in the file, from 0
  std::size_t document_count = 1;           ///< of the file
  Json manifest;

  /// "gateways.yaml, document 2".
  std::string location() const;
  /// The error with its location: file, document, line of the field, and field. For a missing field it is the
  /// line of the parent.
  std::string error_message(const mesh::FieldError& error) const;
};

/// The documents of several files, and one error for each file that could not be read.
struct Documents {
  std::vector<Document> found;
  std::vector<Error> unreadable;
};

/// Reads the documents of the files, in order. "-" is stdin; of a folder it reads the .yaml, .yml and .json
/// files, with `recursive` also those in subfolders. An unreadable file does not stop the others. Throws
/// Error if the files are readable but empty.
Documents read_documents(const std::vector<std::string>& files, bool recursive);

/// The gateways of the documents, in the session's namespace if they set none. Throws Error with the errors
/// of all files and documents, up to max_reported; a duplicate name is an error.
std::vector<mesh::Egress> read_gateways(Session& session, const Documents& documents);

/// The names of the gateways, without checking the rest of the manifests. Throws Error as read_gateways()
/// does.
std::set<mesh::GatewayName> read_gateway_names(Session& session, const Documents& documents);

/// The only document of a file. Throws Error if the file has several or cannot be read.
Document read_document(const std::string& file);

}  // namespace egress::cli
