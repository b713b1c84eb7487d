#include "egress/render/graph.hpp"

#include <algorithm>
#include <functional>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

/// The clusters in the order of the nodes; "" for nodes without one.
std::vector<std::string> clusters(const Graph& graph) {
  std::vector<std::string> result;
  for (const Graph::Node& node : graph.nodes)
    if (std::ranges::find(result, node.cluster) == result.end()) result.push_back(node.cluster);
  return result;
}

/// Escapes each line of a text, after escaping control characters.
std::string escape_lines(const std::string& text, const char* line_break,
                         const std::function<std::string(char)>& escape) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    if (!out.empty()) out += line_break;
    for (const char c : printable(line)) out += escape(c);
  }
  return out;
}

std::string quote_dot(const std::string& text) {
  return '"' +
         escape_lines(text, "\\n",
                      [](char c) {
                        return c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
                      }) +
         '"';
}

/// Mermaid reads HTML entities written without the ampersand, and interprets Markdown.
std::string quote_mermaid(const std::string& text) {
  return '"' +
         escape_lines(text, "<br/>",
                      [](char c) -> std::string {
                        constexpr std::string_view special = "\"#<>&`*_";
                        if (special.find(c) == std::string_view::npos) return std::string(1, c);
                        return "#" + std::to_string(static_cast<int>(c)) + ";";
                      }) +
         '"';
}

/// The nodes of each cluster, between its begin and its end.
std::string format_clusters(const Graph& graph,
                            const std::function<std::string(std::size_t, const std::string&)>& begin_cluster,
                            const std::string& end_cluster,
                            const std::function<std::string(const Graph::Node&)>& format_node) {
  std::string out;
  std::size_t number = 0;
  for (const std::string& cluster : clusters(graph)) {
    if (!cluster.empty()) out += begin_cluster(number++, cluster);
    for (const Graph::Node& node : graph.nodes)
      if (node.cluster == cluster) out += (cluster.empty() ? "  " : "    ") + format_node(node);
    if (!cluster.empty()) out += end_cluster;
  }
  return out;
}

}  // namespace

std::string to_dot(const Graph& graph) {
  std::string out = "digraph egress {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  out += format_clusters(
      graph,
      [](std::size_t number, const std::string& title) {
        return "  subgraph cluster_" + std::to_string(number) + " {\n    label=" + quote_dot(title) + ";\n";
      },
      "  }\n", [](const Graph::Node& node) { return node.id + " [label=" + quote_dot(node.label) + "];\n"; });
  for (const Graph::Edge& edge : graph.edges)
    out += "  " + edge.from + " -> " + edge.to + " [label=" + quote_dot(edge.label) +
           (edge.is_unencrypted ? ", style=dashed" : "") + "];\n";
  return out + "}\n";
}

std::string to_mermaid(const Graph& graph) {
  std::string out = "flowchart LR\n";
  out += format_clusters(
      graph,
      [](std::size_t number, const std::string& title) {
        return "  subgraph cluster_" + std::to_string(number) + "[" + quote_mermaid(title) + "]\n";
      },
      "  end\n", [](const Graph::Node& node) { return node.id + "[" + quote_mermaid(node.label) + "]\n"; });
  for (const Graph::Edge& edge : graph.edges)
    out += "  " + edge.from + (edge.is_unencrypted ? " -.->" : " -->") +
           (edge.label.empty() ? "" : "|" + quote_mermaid(edge.label) + "|") + " " + edge.to + "\n";
  return out;
}

}  // namespace egress::render
