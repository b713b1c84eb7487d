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

/// The one document of a file in the file form.
Json form_in_file(const std::string& file) {
  const std::vector<Document> documents = read_documents({file}, false);
  if (documents.size() != 1)
    throw Error(
        printable(file, 300) + " holds " + std::to_string(documents.size()) + " gateways; create makes one",
        "Make them all: kubectl egress apply -f " + printable(file, 300));
  return documents.front().form;
}

/// Name and namespace of a file and of the command line must not contradict each other.
void agree(const std::string& noun, const std::string& in_file, const std::string& given) {
  if (!in_file.empty() && !given.empty() && in_file != given)
    throw Error("the " + noun + " \"" + printable(in_file, 100) + "\" of the file is not the \"" +
                printable(given, 100) + "\" of the command line");
}

/// What flags and file say, flags first.
mesh::Egress egress_of(Session& session, const Options& options) {
  Json form = options.file.empty() ? mesh::empty_form("", "") : form_in_file(options.file);
  Json& metadata = form.edit("metadata");
  const std::string name = metadata["name"].as_string();
  const std::string ns = metadata["namespace"].as_string();
  agree("name", name, options.name);
  agree("namespace", ns, session.overrides().ns);
  if (name.empty() && options.name.empty())
    throw UsageError("NAME is required", "See 'kubectl egress create --help' for usage.");
  metadata.set("name", name.empty() ? options.name : name);
  metadata.set("namespace", ns.empty() ? session.ns() : ns);
  return mesh::read_egress(options.egress.put_over(std::move(form)));
}

int run(Session& session, const Options& options) {
  options.write.check();
  options.kubectl.check();
  write_gateway(session, "create", options.write, egress_of(session, options), Standing::refused);
  return 0;
}

}  // namespace

Command create_command(CLI::App& root, Session& session) {
  CLI::App* app = root.add_subcommand("create", "Make an egress gateway and everything that routes to it");
  auto options = std::make_shared<Options>();
  app->add_option("NAME", options->name, "What to call it")->type_name("");
  app->add_option("-f,--filename", options->file, "A file with the gateway's settings; flags count more")
      ->type_name(value_type::manifest);
  options->egress.add(*app);
  options->write.add(*app);
  options->kubectl.add(*app);
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }, "NAME --host HOST"};
}

}  // namespace egress::cli
