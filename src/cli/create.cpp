#include <memory>

#include "egress/base/text.hpp"
#include "egress/cli/egress_flags.hpp"
#include "egress/cli/gateway_writer.hpp"
#include "egress/cli/manifest_files.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/mesh/egress_manifest.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples =
    R"(  # Route traffic for http://httpbin.org through a dedicated gateway that originates and verifies TLS
  kubectl egress create httpbin --host httpbin.org

  # Allow only one service account, and present a client certificate to the service
  kubectl egress create bank --host api.bank.example --tls mutual --client-credential bank-client --allow pay/api

  # Route TCP traffic for the address of a database, and create the namespace of the gateway
  kubectl egress create orders --host db.example.com --protocol tcp --port 5432 --address 192.0.2.10 -n egress --create-namespace

  # Print the objects without contacting a cluster
  kubectl egress create httpbin --host httpbin.org --dry-run=client --istio-version 1.30 -o yaml)";

struct Options {
  std::string name;
  std::string file;
  EgressFlags egress;
  WriteFlags write;
  KubectlWriteFlags kubectl;
};

/// Throws Error if the name or namespace in the file differs from the one on the command line.
void check_consistent(const Document& document, const std::string& field, const std::string& flag_value) {
  const std::string& file_value = document.manifest["metadata"][field].as_string();
  if (!file_value.empty() && !flag_value.empty() && file_value != flag_value)
    throw Error(document.error_message(
        {"metadata." + field, "the " + field + " \"" + printable(file_value, 100) +
                                  "\" in the file does not match \"" + printable(flag_value, 100) +
                                  "\" on the command line"}));
}

/// The value of a field; for an item of a list, the whole list.
const Json& field_value(const std::string& field, const Json& manifest) {
  const Json* value = &manifest;
  for (const std::string& key : mesh::path_keys(field))
    if (!value->is_array()) value = &(*value)[key];
  return *value;
}

/// Reads the manifest that flags were merged into. An error in a value of the file names the place in the
/// file; other errors are about flags and name the field. Without a file the document is empty.
mesh::Egress read_merged_manifest(const Document& document, const Json& manifest) {
  const auto is_from_file = [&](const std::string& field) {
    return document.text && field_value(field, manifest) == field_value(field, document.manifest);
  };
  try {
    return mesh::read_egress(manifest);
  } catch (const mesh::InvalidManifest& invalid) {
    std::vector<std::string> errors;
    for (const mesh::FieldError& error : invalid.errors())
      errors.push_back(is_from_file(error.field) ? document.error_message(error) : error.with_field());
    throw Error(join(errors, "\nerror: "), invalid.hint(), reason::invalid_input);
  }
}

/// The gateway that file and flags describe; flags override the file.
mesh::Egress read_gateway(Session& session, const Options& options) {
  const bool has_file = !options.file.empty();
  Document document;
  if (has_file) document = read_document(options.file);
  check_consistent(document, "name", options.name);
  check_consistent(document, "namespace", session.overrides().ns);
  Json manifest = has_file ? document.manifest : mesh::empty_egress_manifest("", "");
  Json& metadata = manifest.edit("metadata");
  const std::string name = metadata["name"].as_string();
  const std::string ns = metadata["namespace"].as_string();
  if (name.empty() && options.name.empty())
    throw UsageError("NAME is required", "See 'kubectl egress create --help' for usage.");
  metadata.set("name", name.empty() ? options.name : name);
  metadata.set("namespace", ns.empty() ? session.ns() : ns);
  manifest = options.egress.apply_to(std::move(manifest));
  return read_merged_manifest(document, manifest);
}

int run(Session& session, const Options& options) {
  session.name_flags();
  options.write.check();
  options.kubectl.check();
  write_gateway(session, "create", options.write, read_gateway(session, options), IfExists::fail);
  session.results().end();
  return 0;
}

}  // namespace

Command create_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "create", "Create an egress gateway and the routes through it");
  auto options = std::make_shared<Options>();
  flags.add("NAME", options->name, "Name of the gateway");
  flags.add("-f,--filename", options->file, "File with the gateway's settings; flags override it")
      .type(value_type::manifest);
  options->egress.add(flags);
  options->write.add(flags);
  options->kubectl.add(flags);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }, "NAME --host HOST"};
}

}  // namespace egress::cli
