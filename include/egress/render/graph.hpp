#pragma once

#include <string>
#include <vector>

namespace egress::render {

/// A directed graph to be drawn by other programs. Labels may contain any text; a newline breaks the line.
struct Graph {
  struct Node {
    std::string id;  ///< letters, digits and underscores; starts with a letter
    std::string label;
    std::string cluster{};  ///< title of the cluster that contains the node; empty for none
  };
  struct Edge {
    std::string from;
    std::string to;
    std::string label{};
    bool is_unencrypted = false;  ///< drawn dashed
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// The graph as a digraph for Graphviz (graphviz.org, "The DOT Language").
std::string to_dot(const Graph& graph);

/// The graph as a Mermaid flowchart, for Markdown.
std::string to_mermaid(const Graph& graph);

}  // namespace egress::render
