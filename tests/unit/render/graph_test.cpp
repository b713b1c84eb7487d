#include "egress/render/graph.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

Graph small() {
  return {.nodes = {{"a", "one\ntwo", "box"}, {"b", "three"}},
          .edges = {{"a", "b", "secret"}, {"b", "a", "bare", true}}};
}

}  // namespace

TEST_CASE("a graph for Graphviz") {
  CHECK(dot(small()) == R"(digraph egress {
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

TEST_CASE("a graph for Mermaid") {
  CHECK(mermaid(small()) == R"(flowchart LR
  subgraph cluster_0["box"]
    a["one<br/>two"]
  end
  b["three"]
  a -->|"secret"| b
  b -.->|"bare"| a
)");
}

TEST_CASE("no text gets out of its quotes") {
  const Graph nasty{.nodes = {{"a", "\"]; evil \\ <b>*\x1b[31m"}}, .edges = {}};
  CHECK(dot(nasty).find("a [label=\"\\\"]; evil \\\\ <b>*^[[31m\"];") != std::string::npos);
  CHECK(mermaid(nasty).find("a[\"#34;]; evil \\ #60;b#62;#42;^[[31m\"]") != std::string::npos);
}

}  // namespace egress::render

TEST_SUITE_END();
