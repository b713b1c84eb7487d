#include "egress/cli/ca_file.hpp"

#include <ostream>
#include <utility>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::cli {

CaFile::CaFile(Session& session, std::string path) : session_(session), path_(std::move(path)) {
  if (is_asked_for()) check_writable(path_);
}

void CaFile::put(std::size_t i, const mesh::Design& design) {
  if (!design.self_signed) return;
  const std::string& ca = design.self_signed->ca_certificate;
  callers_ = "https://" + join(design.egress.ingress->hosts, ", ") + "/";
  if (is_asked_for())
    cas_[i] = ca;
  else
    session_.err() << "Callers of " << callers_ << " must trust this CA:\n" << ca;
}

void CaFile::save() {
  if (!is_asked_for()) return;
  if (cas_.empty()) return session_.warn("no gateway has a CA that --save-ca could save");
  std::string all;
  for (const auto& [i, ca] : cas_) all += ca;
  write_file(path_, all);
  const std::string path = printable(path_, 300);
  if (cas_.size() == 1)
    session_.err() << "The CA that callers of " << callers_ << " must trust is in " << path << '\n';
  else
    session_.err() << "The CAs of " << cas_.size() << " gateways, which their callers must trust, are in "
                   << path << '\n';
}

}  // namespace egress::cli
