#pragma once

#include <string>
#include <vector>

#include "egress/mesh/status.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {

/// The colour of a phase.
render::Colour colour_of(mesh::Phase phase);

/// The labels in the format of kubectl's LABELS column: "stage=test,team=shop".
std::string labels_text(const Json& labels);

/// The table of `list`: one line per gateway, and a header before the first.
class GatewayTable {
 public:
  /// The optional columns.
  struct Columns {
    bool header = true;
    bool event = false;
    bool ns = false;
    bool wide = false;
    bool labels = false;
    render::Palette palette{};
  };

  explicit GatewayTable(Columns columns) : columns_(columns) {}

  /// The lines of the next gateways. `event` is the type of their watch event ("ADDED").
  std::string lines(const std::vector<mesh::Summary>& gateways, const std::string& event = {});

 private:
  render::Row header() const;
  render::Row row(const mesh::Summary& summary, const std::string& event) const;

  Columns columns_;
  render::Table table_;
  bool header_printed_ = false;
};

}  // namespace egress::cli
