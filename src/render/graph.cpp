#include "egress/render/graph.hpp"

#include <algorithm>
#include <functional>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

/// The boxes, in the order in which nodes name them; "" stands for none.
std::vector<std::string> clusters_of(const Graph& graph) {
  std::vector<std::string> found;
  for (const Graph::Node& node : graph.nodes)
    if (std::ranges::find(found, node.cluster) == found.end()) found.push_back(node.cluster);
  return found;
}

/// A text of several lines, each made harmless and escaped.
std::string escaped(const std::string& text, const char* line_break,
                    const std::function<std::string(char)>& escape) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    if (!out.empty()) out += line_break;
    for (const char sign : printable(line)) out += escape(sign);
  }
  return out;
}

std::string dot_text(const std::string& text) {
  return '"' +
         escaped(text, "\\n",
                 [](char sign) {
                   return sign == '"' || sign == '\\' ? std::string{'\\', sign} : std::string(1, sign);
                 }) +
         '"';
}

/// Mermaid takes HTML's entities, without the ampersand, and understands Markdown otherwise.
std::string mermaid_text(const std::string& text) {
  return '"' +
         escaped(text, "<br/>",
                 [](char sign) -> std::string {
                   constexpr std::string_view special = "\"#<>&`*_";
                   if (special.find(sign) == std::string_view::npos) return std::string(1, sign);
                   return "#" + std::to_string(static_cast<int>(sign)) + ";";
                 }) +
         '"';
}

/// The nodes of each box between what begins and what ends it.
std::string boxes(const Graph& graph,
                  const std::function<std::string(std::size_t, const std::string&)>& begin,
                  const std::string& end, const std::function<std::string(const Graph::Node&)>& node) {
  std::string out;
  std::size_t number = 0;
  for (const std::string& cluster : clusters_of(graph)) {
    if (!cluster.empty()) out += begin(number++, cluster);
    for (const Graph::Node& one : graph.nodes)
      if (one.cluster == cluster) out += (cluster.empty() ? "  " : "    ") + node(one);
    if (!cluster.empty()) out += end;
  }
  return out;
}

}  // namespace

std::string dot(const Graph& graph) {
  std::string out = "digraph egress {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  out += boxes(
      graph,
      [](std::size_t number, const std::string& title) {
        return "  subgraph cluster_" + std::to_string(number) + " {\n    label=" + dot_text(title) + ";\n";
      },
      "  }\n", [](const Graph::Node& one) { return one.id + " [label=" + dot_text(one.text) + "];\n"; });
  for (const Graph::Edge& one : graph.edges)
    out += "  " + one.from + " -> " + one.to + " [label=" + dot_text(one.text) +
           (one.open ? ", style=dashed" : "") + "];\n";
  return out + "}\n";
}

std::string mermaid(const Graph& graph) {
  std::string out = "flowchart LR\n";
  out += boxes(
      graph,
      [](std::size_t number, const std::string& title) {
        return "  subgraph cluster_" + std::to_string(number) + "[" + mermaid_text(title) + "]\n";
      },
      "  end\n", [](const Graph::Node& one) { return one.id + "[" + mermaid_text(one.text) + "]\n"; });
  for (const Graph::Edge& one : graph.edges)
    out += "  " + one.from + (one.open ? " -.->" : " -->") +
           (one.text.empty() ? "" : "|" + mermaid_text(one.text) + "|") + " " + one.to + "\n";
  return out;
}

}  // namespace egress::render
