#include <memory>

#include "egress/base/interruption.hpp"
#include "egress/cli/files.hpp"
#include "egress/cli/writing.hpp"
#include "egress/fleet/hints.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(Examples:
  # Make the gateways of a file, or make those that stand as it says
  kubectl egress apply -f gateways.yaml

  # What would be done, checked by the server
  kubectl egress apply -f gateways.yaml --dry-run=server

  # Change one setting of a gateway
  kubectl egress inspect httpbin -o yaml | sed 's/max: 5/max: 9/' | kubectl egress apply -f -)";

struct Options {
  std::vector<std::string> files;
  bool recursive = false;
  WriteFlags write;
};

/// A gateway that cannot be written does not keep the others.
bool try_write(Session& session, const Options& options, const mesh::Egress& egress) {
  try {
    write_gateway(session, "apply", options.write, egress, Standing::updated);
    return true;
  } catch (const Error& error) {
    session.tell(error);
    return false;
  }
}

int run(Session& session, const Options& options) {
  options.write.check();
  if (options.files.empty()) throw UsageError("apply needs the files: -f FILE");
  bool all = true;
  for (const mesh::Egress& egress : read_gateways(session, read_documents(options.files, options.recursive)))
    all = !was_interrupted() && try_write(session, options, egress) && all;
  return all ? 0 : 1;
}

}  // namespace

Command apply_command(CLI::App& root, Session& session) {
  CLI::App* app = root.add_subcommand("apply", "Make egress gateways as files say, or change them to it");
  auto options = std::make_shared<Options>();
  app->add_option("-f,--filename", options->files, "A file, a folder, or - for stdin; may be repeated")
      ->type_name("")
      ->allow_extra_args(false)
      ->take_all();
  app->add_flag("-R,--recursive", options->recursive, "Take the files below a folder, too");
  options->write.add(*app);
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
