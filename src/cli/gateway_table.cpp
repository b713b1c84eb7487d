#include "egress/cli/gateway_table.hpp"

#include <chrono>
#include <utility>

#include "egress/base/text.hpp"
#include "egress/render/age.hpp"

namespace egress::cli {

std::string labels_text(const Json& labels) {
  const Json sorted = labels.sorted();
  std::vector<std::string> texts;
  for (const auto& [key, value] : sorted.members()) texts.push_back(key + "=" + value.as_string());
  return join(texts, ",");
}

render::Colour colour_of(mesh::Phase phase) {
  switch (phase) {
    case mesh::Phase::ready:
      return render::Colour::green;
    case mesh::Phase::degraded:
      return render::Colour::red;
    case mesh::Phase::progressing:
    case mesh::Phase::incomplete:
    case mesh::Phase::deleting:
    case mesh::Phase::deleted:
      return render::Colour::yellow;
  }
  return render::Colour::none;
}

render::Row GatewayTable::header() const {
  render::Row row;
  if (columns_.event) row.emplace_back("EVENT");
  if (columns_.ns) row.emplace_back("NAMESPACE");
  row.insert(row.end(), {"NAME", "HOSTS", "TLS", "READY", "STATUS", "AGE"});
  if (columns_.wide) row.insert(row.end(), {"PORT", "MTLS", "EXPOSED", "ISTIO", "IMAGE"});
  if (columns_.labels) row.emplace_back("LABELS");
  return row;
}

render::Row GatewayTable::row(const mesh::Summary& summary, const std::string& event) const {
  const mesh::Record& record = summary.record;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  render::Row row;
  if (columns_.event) row.push_back(event);
  if (columns_.ns) row.push_back(record.egress.ns);
  row.insert(row.end(), {record.egress.name,
                         join(record.egress.hosts, ","),
                         text(record.egress.tls.mode),
                         std::to_string(summary.ready_replicas) + "/" + std::to_string(summary.replicas),
                         {text(summary.phase), columns_.palette(colour_of(summary.phase))},
                         render::age(record.creation_timestamp, now)});
  if (columns_.wide)
    row.insert(
        row.end(),
        {std::to_string(record.egress.port), record.egress.mesh.mutual ? "Mutual" : "Plaintext",
         record.egress.ingress ? join(record.egress.ingress->hosts, ",") : "", record.istio, summary.image});
  if (columns_.labels) row.push_back(labels_text(record.labels));
  return row;
}

std::string GatewayTable::lines(const std::vector<mesh::Summary>& gateways, const std::string& event) {
  std::vector<render::Row> rows;
  if (!std::exchange(header_printed_, true) && columns_.header) rows.push_back(header());
  for (const mesh::Summary& summary : gateways) rows.push_back(row(summary, event));
  return table_.format(rows);
}

}  // namespace egress::cli
