#pragma once

#include <string>
#include <vector>

#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/kube/connection.hpp"

namespace egress::testing {

/// A certificate that is signed by itself, and its key; the same for all tests.
inline const SelfSignedCertificate& key_pair() {
  static const SelfSignedCertificate pair = create_self_signed_certificate(
      {{"api.example"}, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())});
  return pair;
}

/// A kubeconfig that works, to be changed: one context "dev", with cluster "c" and user "u".
struct KubeconfigFixture {
  kube::Kubeconfig config{
      .current_context = "dev",
      .clusters = {{"c",
                    object({{"server", "https://api:6443"},
                            {"certificate-authority-data", encode_base64(key_pair().ca_certificate)}}),
                    "f"}},
      .users = {{"u", object({{"token", "t"}}), "f"}},
      .contexts = {{"dev", object({{"cluster", "c"}, {"user", "u"}, {"namespace", "team"}}), "f"}},
      .files = {"f"},
  };
  kube::Overrides overrides;
  std::optional<kube::InClusterConfig> in_cluster;

  Json& cluster() { return config.clusters.front().value; }
  Json& user() { return config.users.front().value; }
  Json& context() { return config.contexts.front().value; }

  kube::Connection connection() const { return kube::resolve_connection(config, overrides, in_cluster); }
  http::Endpoint endpoint() const { return connection().endpoint; }
  /// Whole header lines, those of the logins first.
  std::vector<std::string> headers() const {
    const kube::Connection resolved = connection();
    kube::Credentials credentials;
    for (const auto& authenticator : resolved.authenticators) authenticator->authenticate(credentials);
    std::vector<std::string> lines = credentials.headers;
    lines.insert(lines.end(), resolved.identity.headers.begin(), resolved.identity.headers.end());
    return lines;
  }
  /// What is said where it is refused.
  std::string error_message() const {
    try {
      headers();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }
};

}  // namespace egress::testing
