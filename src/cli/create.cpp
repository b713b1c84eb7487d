#include <memory>

#include "egress/base/text.hpp"
#include "egress/cli/egress_flags.hpp"
#include "egress/cli/files.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/cli/writing.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples =
    R"(  # In-mesh callers of http://httpbin.org leave by a gateway of their own, in verified TLS
  kubectl egress create httpbin --host httpbin.org

  # Only the API of one team may use it, and only by name and certificate
  kubectl egress create bank --host api.bank.example --tls mutual --client-credential bank-client --allow pay/api

  # A database, dialled by its address, in a namespace made for it
  kubectl egress create orders --host db.example.com --protocol tcp --port 5432 --address 192.0.2.10 -n egress --create-namespace

  # See what would be written, without a cluster
  kubectl egress create httpbin --host httpbin.org --dry-run=client --istio-version 1.30 -o yaml)";

struct Options {
  std::string name;
  std::string file;
  EgressFlags egress;
  WriteFlags write;
  KubectlWriteFlags kubectl;
};

/// Name and namespace of a file and of the command line must not contradict each other.
void agree(const Document& document, const std::string& noun, const std::string& given) {
  const std::string& in_file = document.form["metadata"][noun].as_string();
  if (!in_file.empty() && !given.empty() && in_file != given)
    throw Error(document.told({"metadata." + noun, "the " + noun + " \"" + printable(in_file, 100) +
                                                       "\" is not the \"" + printable(given, 100) +
                                                       "\" of the command line"}));
}

/// What the form says of a field; of an item of a list the list.
const Json& value_of(const std::string& field, const Json& form) {
  const Json* at = &form;
  for (const std::string& key : mesh::keys_of(field))
    if (!at->is_array()) at = &(*at)[key];
  return *at;
}

/// Reads the form that flags were put over; what is wrong in it with what the file says names the file.
mesh::Egress read_over(const Document& document, const Json& form) {
  try {
    return mesh::read_egress(form);
  } catch (const mesh::FaultyForm& faulty) {
    std::vector<std::string> faults;
    for (const mesh::Fault& one : faulty.faults())
      faults.push_back(value_of(one.field, form) == value_of(one.field, document.form) ? document.told(one)
                                                                                       : one.text);
    throw Error(join(faults, "\nerror: "));
  }
}

/// What flags and file say, flags first.
mesh::Egress egress_of(Session& session, const Options& options) {
  const bool has_file = !options.file.empty();
  Document document;
  if (has_file) document = read_document(options.file);
  agree(document, "name", options.name);
  agree(document, "namespace", session.overrides().ns);
  Json form = has_file ? document.form : mesh::empty_form("", "");
  Json& metadata = form.edit("metadata");
  const std::string name = metadata["name"].as_string();
  const std::string ns = metadata["namespace"].as_string();
  if (name.empty() && options.name.empty())
    throw UsageError("NAME is required", "See 'kubectl egress create --help' for usage.");
  metadata.set("name", name.empty() ? options.name : name);
  metadata.set("namespace", ns.empty() ? session.ns() : ns);
  form = options.egress.put_over(std::move(form));
  return has_file ? read_over(document, form) : mesh::read_egress(form);
}

int run(Session& session, const Options& options) {
  options.write.check();
  options.kubectl.check();
  write_gateway(session, "create", options.write, egress_of(session, options), Standing::refused);
  session.results().end();
  return 0;
}

}  // namespace

Command create_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "create", "Make an egress gateway and everything that routes to it");
  auto options = std::make_shared<Options>();
  flags.add("NAME", options->name, "What to call it");
  flags.add("-f,--filename", options->file, "A file with the gateway's settings; flags count more")
      .type(value_type::manifest);
  options->egress.add(flags);
  options->write.add(flags);
  options->kubectl.add(flags);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }, "NAME --host HOST"};
}

}  // namespace egress::cli
