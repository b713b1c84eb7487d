#pragma once

#include <string>
#include <vector>

#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/kube/access.hpp"

namespace egress::testing {

/// A certificate that is signed by itself, and its key; the same for all tests.
inline const SelfSigned& key_pair() {
  static const SelfSigned made = make_self_signed(
      {{"api.example"}, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())});
  return made;
}

/// A kubeconfig that works, to be changed: one context "dev", with cluster "c" and user "u".
struct Given {
  kube::Kubeconfig config{
      .current_context = "dev",
      .clusters = {{"c",
                    object({{"server", "https://api:6443"},
                            {"certificate-authority-data", base64(key_pair().ca_certificate)}}),
                    "f"}},
      .users = {{"u", object({{"token", "t"}}), "f"}},
      .contexts = {{"dev", object({{"cluster", "c"}, {"user", "u"}, {"namespace", "team"}}), "f"}},
      .files = {"f"},
  };
  kube::Overrides overrides;
  std::optional<kube::InCluster> pod;

  Json& cluster() { return config.clusters.front().value; }
  Json& user() { return config.users.front().value; }
  Json& context() { return config.contexts.front().value; }

  kube::Access access() const { return kube::resolve(config, overrides, pod); }
  http::Endpoint endpoint() const { return access().endpoint; }
  /// Whole header lines, those of the logins first.
  std::vector<std::string> headers() const {
    const kube::Access made = access();
    kube::Proof proof;
    for (const auto& login : made.logins) login->prove(proof);
    std::vector<std::string> lines = proof.headers;
    lines.insert(lines.end(), made.identity.headers.begin(), made.identity.headers.end());
    return lines;
  }
  /// What is said where it is refused.
  std::string fault() const {
    try {
      headers();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }
};

}  // namespace egress::testing
