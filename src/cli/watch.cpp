#include "egress/cli/watch.hpp"

#include <ostream>
#include <set>
#include <utility>

#include "egress/fleet/follow.hpp"
#include "egress/render/object_printer.hpp"

namespace egress::cli {
namespace {

using Kind = fleet::GatewayChange::Kind;
using render::OutputForm;

constexpr std::size_t most_troubles = 100;

const char* word(Kind kind) {
  switch (kind) {
    case Kind::added:
      return "ADDED";
    case Kind::modified:
      return "MODIFIED";
    case Kind::deleted:
      return "DELETED";
  }
  return "";
}

/// What changes, in the form that was asked for.
class ChangePrinter {
 public:
  ChangePrinter(std::ostream& out, const Watching& watching, render::Output output)
      : out_(out),
        events_(watching.events),
        form_(output.form),
        table_(watching.columns),
        objects_(out, std::move(output), render::ObjectPrinter::Frame::each) {}

  /// Where there is no reader any more, SIGPIPE ends the program.
  void print(Kind kind, const std::vector<mesh::Summary>& gateways) {
    if (gateways.empty()) return;
    if (form_ == OutputForm::human || form_ == OutputForm::wide)
      out_ << table_.lines(gateways, word(kind));
    else
      for (const mesh::Summary& one : gateways) print_alone(kind, one);
    out_ << std::flush;
  }

 private:
  void print_alone(Kind kind, const mesh::Summary& summary) {
    if (form_ == OutputForm::name) {
      out_ << "egressgateway/" << summary.record.egress.name << '\n';
      return;
    }
    Json gateway = mesh::to_json(summary);
    if (events_) gateway = object({{"type", word(kind)}, {"object", std::move(gateway)}});
    objects_.add({std::move(gateway)});
  }

  std::ostream& out_;
  bool events_;
  OutputForm form_;
  GatewayTable table_;
  render::ObjectPrinter objects_;
};

}  // namespace

void watch(Session& session, const Watching& watching, render::Output output, Choice& choice) {
  ChangePrinter printer(session.out(), watching, std::move(output));
  fleet::Following following;
  following.ns = watching.ns;
  following.is_wanted = [&](const mesh::Record& record) { return choice.lets_through(record); };
  following.standing = [&](std::vector<mesh::Summary> all) {
    if (!watching.only_changes) printer.print(Kind::added, choice.sorted(std::move(all)));
  };
  following.changed = [&](const fleet::GatewayChange& change) {
    printer.print(change.kind, {change.summary});
  };
  // While the server is away, every attempt of every watch says much the same.
  following.trouble = [&, said = std::set<std::string>()](const Error& error) mutable {
    if (said.size() > most_troubles) said.clear();
    if (said.insert(error.what()).second) session.warn(error.what());
  };
  fleet::follow_gateways(session.cluster("list"), following);
}

}  // namespace egress::cli
