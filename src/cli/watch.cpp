#include "egress/cli/watch.hpp"

#include <ostream>
#include <set>
#include <utility>

#include "egress/fleet/gateway_watch.hpp"
#include "egress/render/object_printer.hpp"

namespace egress::cli {
namespace {

using Kind = fleet::GatewayChange::Kind;
using render::OutputFormat;

constexpr std::size_t max_reported_errors = 100;

const char* event_type(Kind kind) {
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

/// Prints changes in the requested output format.
class ChangePrinter {
 public:
  ChangePrinter(std::ostream& out, const WatchOptions& options, render::Output output)
      : out_(out),
        events_(options.events),
        form_(output.format),
        table_(options.columns),
        objects_(out, std::move(output), render::ObjectPrinter::Layout::each) {}

  /// If nobody reads the output any more, SIGPIPE ends the program.
  void print(Kind kind, const std::vector<mesh::Summary>& gateways) {
    if (gateways.empty()) return;
    if (form_ == OutputFormat::human || form_ == OutputFormat::wide)
      out_ << table_.lines(gateways, event_type(kind));
    else
      for (const mesh::Summary& item : gateways) print_object(kind, item);
    out_ << std::flush;
  }

 private:
  void print_object(Kind kind, const mesh::Summary& summary) {
    if (form_ == OutputFormat::name) {
      out_ << "egressgateway/" << summary.record.egress.name << '\n';
      return;
    }
    Json gateway = mesh::to_json(summary);
    if (events_) gateway = object({{"type", event_type(kind)}, {"object", std::move(gateway)}});
    objects_.add({std::move(gateway)});
  }

  std::ostream& out_;
  bool events_;
  OutputFormat form_;
  GatewayTable table_;
  render::ObjectPrinter objects_;
};

}  // namespace

void watch(Session& session, const WatchOptions& options, render::Output output,
           GatewayFilter& gateway_filter) {
  ChangePrinter printer(session.out(), options, std::move(output));
  fleet::WatchHandlers handlers;
  handlers.ns = options.ns;
  handlers.is_selected = [&](const mesh::Record& record) { return gateway_filter.matches(record); };
  handlers.on_listed = [&](std::vector<mesh::Summary> gateways) {
    if (!options.only_changes) printer.print(Kind::added, gateway_filter.sorted(std::move(gateways)));
  };
  handlers.changed = [&](const fleet::GatewayChange& change) {
    printer.print(change.kind, {change.summary});
  };
  // While the server is unreachable, all watches report the same errors; print each only once.
  handlers.on_error = [&, reported = std::set<std::string>()](const Error& error) mutable {
    if (reported.size() > max_reported_errors) reported.clear();
    if (reported.insert(error.what()).second) session.warn(error.what());
  };
  fleet::watch_gateways(session.cluster("list"), handlers);
}

}  // namespace egress::cli
