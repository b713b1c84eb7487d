#pragma once

#include <string>
#include <vector>

namespace egress::render {

/// A directed graph, to be drawn by others. Texts may hold anything; a newline breaks a line.
struct Graph {
  struct Node {
    std::string id;  ///< letters, digits and underscores, beginning with a letter
    std::string text;
    std::string cluster{};  ///< the title of the box that it is in; empty: in none
  };
  struct Edge {
    std::string from;
    std::string to;
    std::string text{};
    bool open = false;  ///< nothing encrypts it: drawn dashed
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// For Graphviz: a digraph (graphviz.org, "The DOT Language").
std::string dot(const Graph& graph);

/// For Markdown: a Mermaid flowchart.
std::string mermaid(const Graph& graph);

}  // namespace egress::render
