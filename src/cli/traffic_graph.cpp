#include "egress/base/text.hpp"
#include "egress/cli/traffic_path.hpp"

namespace egress::cli {
namespace {

using render::Graph;

/// Builds the graph of one gateway, from the callers to the external service.
class TrafficGraphBuilder {
 public:
  explicit TrafficGraphBuilder(const mesh::Summary& summary)
      : summary_(summary), egress_(summary.record.egress) {}

  Graph build() && {
    graph_.nodes.push_back(
        {"caller", "callers (in mesh)\n" + join(caller_urls(egress_), "\n"), mesh_cluster});
    std::string source = "caller";
    const bool is_plaintext = !egress_.mesh.mutual && egress_.protocol != mesh::Protocol::https;
    if (const auto restrictions = access_restrictions(egress_); !restrictions.empty()) {
      graph_.nodes.push_back({"admission", "admission\n" + join(restrictions, "\n"), mesh_cluster});
      graph_.edges.push_back({source, "admission", mesh_tls(egress_), is_plaintext});
      source = "admission";
    }
    graph_.nodes.push_back(
        {"gateway", gateway_address(egress_) + "\npods: " + ready_pods_text(summary_), mesh_cluster});
    graph_.edges.push_back({source, "gateway", source == "caller" ? mesh_tls(egress_) : "", is_plaintext});
    add_ingress(source == "caller" ? "gateway" : source, is_plaintext);
    add_hosts();
    return std::move(graph_);
  }

 private:
  void add_ingress(const std::string& target_node, bool is_plaintext) {
    if (!egress_.ingress) return;
    const mesh::Ingress& ingress = *egress_.ingress;
    std::vector<std::string> urls;
    for (const std::string& host : ingress.hosts) urls.push_back("https://" + host + "/");
    graph_.nodes.push_back({"client", "clients (outside)\n" + join(urls, "\n")});
    graph_.nodes.push_back({"ingress", "ingress gateway\nin namespace " + ingress.ns, mesh_cluster});
    graph_.edges.push_back({"client", "ingress", "TLS terminated with secret/" + ingress.credential});
    graph_.edges.push_back({"ingress", target_node,
                            egress_.mesh.mutual ? "mTLS (ingress gateway to gateway)" : mesh_tls(egress_),
                            is_plaintext});
  }

  void add_hosts() {
    const bool is_plaintext = egress_.tls.mode == mesh::TlsMode::none;
    for (std::size_t i = 0; i < egress_.hosts.size(); ++i) {
      const std::string id = "host_" + std::to_string(i);
      const std::string& host = egress_.hosts[i];
      const std::string& target = egress_.upstream_host(host);
      graph_.nodes.push_back({id, (target == host ? host : host + "\nserved by " + target) + ":" +
                                      std::to_string(egress_.port)});
      graph_.edges.push_back({"gateway", id, upstream_tls(egress_, host), is_plaintext});
    }
  }

  static constexpr const char* mesh_cluster = "mesh";

  const mesh::Summary& summary_;
  const mesh::Egress& egress_;
  Graph graph_;
};

}  // namespace

render::Graph traffic_graph(const mesh::Summary& summary) {
  return TrafficGraphBuilder(summary).build();
}

}  // namespace egress::cli
