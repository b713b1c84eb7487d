#include "egress/cli/ca_file.hpp"

#include <ostream>
#include <utility>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::cli {

CaFile::CaFile(Session& session, std::string path) : session_(session), path_(std::move(path)) {
  if (is_requested()) check_writable(path_);
}

void CaFile::add(std::size_t i, const mesh::Design& design) {
  if (!design.self_signed) return;
  const std::string& ca = design.self_signed->ca_certificate;
  caller_urls_ = "https://" + join(design.egress.ingress->hosts, ", ") + "/";
  if (is_requested())
    certificates_[i] = ca;
  else
    session_.err() << "Callers of " << caller_urls_ << " must trust this CA:\n" << ca;
}

void CaFile::save() {
  if (!is_requested()) return;
  if (certificates_.empty())
    return session_.warn("--save-ca has no effect because no gateway has a self-signed certificate");
  std::string bundle;
  for (const auto& [i, ca] : certificates_) bundle += ca;
  write_file(path_, bundle);
  const std::string path = printable(path_, 300);
  if (certificates_.size() == 1)
    session_.err() << "The CA that callers of " << caller_urls_ << " must trust was saved to " << path
                   << '\n';
  else
    session_.err() << "The CA certificates of " << certificates_.size()
                   << " gateways, which their callers must trust, were saved to " << path << '\n';
}

}  // namespace egress::cli
