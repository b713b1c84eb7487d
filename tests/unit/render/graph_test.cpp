#include "egress/render/graph.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

Graph small_graph() {
  return {.nodes = {{"a", "one\ntwo", "box"}, {"b", "three"}},
          .edges = {{"a", "b", "secret"}, {"b", "a", "bare", true}}};
}

}  // namespace

TEST_CASE("a graph becomes a Graphviz digraph") {
  CHECK(to_dot(small_graph()) == R"(digraph egress {
  rankdir=LR;
  node [shape=box, style=rounded];
  subgraph cluster_0 {
    label="box";
    a [label="one\ntwo"];
  }
  b [label="three"];
  a -> b [label="secret"];
  b -> a [label="bare", style=dashed];
}
)");
}

TEST_CASE("a graph becomes a Mermaid flowchart") {
  CHECK(to_mermaid(small_graph()) == R"(flowchart LR
  subgraph cluster_0["box"]
    a["one<br/>two"]
  end
  b["three"]
  a -->|"secret"| b
  b -.->|"bare"| a
)");
}

TEST_CASE("labels cannot break out of their quotes") {
  const Graph hostile_graph{.nodes = {{"a", "\"]; evil \\ <b>*\x1b[31m"}}, .edges = {}};
  CHECK(to_dot(hostile_graph).find("a [label=\"\\\"]; evil \\\\ <b>*^[[31m\"];") != std::string::npos);
  CHECK(to_mermaid(hostile_graph).find("a[\"#34;]; evil \\ #60;b#62;#42;^[[31m\"]") != std::string::npos);
}

}  // namespace egress::render

TEST_SUITE_END();
