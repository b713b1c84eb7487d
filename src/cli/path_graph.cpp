#include "egress/base/text.hpp"
#include "egress/cli/path.hpp"

namespace egress::cli {
namespace {

using render::Graph;

/// Builds the graph of one gateway, from the callers outwards.
class Drawing {
 public:
  explicit Drawing(const mesh::Summary& summary) : summary_(summary), egress_(summary.record.egress) {}

  Graph draw() && {
    graph_.nodes.push_back(
        {"caller", "callers in the mesh\n" + join(caller_requests(egress_), "\n"), inside});
    std::string end = "caller";
    const bool open = !egress_.mesh.mutual && egress_.protocol != mesh::Protocol::https;
    if (const auto steps = admission(egress_); !steps.empty()) {
      graph_.nodes.push_back({"admission", "admission\n" + join(steps, "\n"), inside});
      graph_.edges.push_back({end, "admission", mesh_tls(egress_), open});
      end = "admission";
    }
    graph_.nodes.push_back({"gateway", gateway_address(egress_) + "\npods: " + ready_pods(summary_), inside});
    graph_.edges.push_back({end, "gateway", end == "caller" ? mesh_tls(egress_) : "", open});
    add_ingress(end == "caller" ? "gateway" : end, open);
    add_hosts();
    return std::move(graph_);
  }

 private:
  void add_ingress(const std::string& into, bool open) {
    if (!egress_.ingress) return;
    const mesh::Ingress& ingress = *egress_.ingress;
    std::vector<std::string> asked;
    for (const std::string& host : ingress.hosts) asked.push_back("https://" + host + "/");
    graph_.nodes.push_back({"client", "clients outside\n" + join(asked, "\n")});
    graph_.nodes.push_back({"ingress", "ingress gateway\nin " + ingress.ns, inside});
    graph_.edges.push_back({"client", "ingress", "TLS, ended with secret/" + ingress.credential});
    graph_.edges.push_back(
        {"ingress", into, egress_.mesh.mutual ? "the mesh's own TLS" : mesh_tls(egress_), open});
  }

  void add_hosts() {
    const bool open = egress_.tls.mode == mesh::TlsMode::none;
    for (std::size_t i = 0; i < egress_.hosts.size(); ++i) {
      const std::string id = "host_" + std::to_string(i);
      const std::string& host = egress_.hosts[i];
      const std::string& target = egress_.target(host);
      graph_.nodes.push_back(
          {id, (target == host ? host : host + "\nat " + target) + ":" + std::to_string(egress_.port)});
      graph_.edges.push_back({"gateway", id, upstream_tls(egress_, host), open});
    }
  }

  static constexpr const char* inside = "the mesh";

  const mesh::Summary& summary_;
  const mesh::Egress& egress_;
  Graph graph_;
};

}  // namespace

render::Graph traffic_graph(const mesh::Summary& summary) {
  return Drawing(summary).draw();
}

}  // namespace egress::cli
