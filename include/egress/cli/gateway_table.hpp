#pragma once

#include <string>
#include <vector>

#include "egress/mesh/status.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {

/// In which colour a phase is shown.
render::Colour colour_of(mesh::Phase phase);

/// "stage=test,team=shop", as kubectl's LABELS column has them.
std::string labels_text(const Json& labels);

/// Gateways as `list` shows them: a line each, the names of the columns above the first.
class GatewayTable {
 public:
  /// Besides the columns that are always there.
  struct Columns {
    bool header = true;
    bool event = false;
    bool ns = false;
    bool wide = false;
    bool labels = false;
    render::Palette palette{};
  };

  explicit GatewayTable(Columns columns) : columns_(columns) {}

  /// The lines of some more of them; `event` is what happened to them ("ADDED").
  std::string lines(const std::vector<mesh::Summary>& gateways, const std::string& event = {});

 private:
  render::Row header() const;
  render::Row row(const mesh::Summary& summary, const std::string& event) const;

  Columns columns_;
  render::Table table_;
  bool begun_ = false;
};

}  // namespace egress::cli
