#include "egress/mesh/audit/credential.hpp"

#include <algorithm>

#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/audit/phrases.hpp"

namespace egress::mesh {
namespace {

constexpr std::chrono::days soon{30};

const kube::Resource secret_resource{kube::kinds::secret};

/// The decoded value of the first key that exists; empty if there is none or it is not base64.
std::string value_of(const Json& secret, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const Json* value = secret["data"].find(key)) return decode_base64(value->as_string()).value_or("");
  return {};
}

struct KeyPair {
  std::string certificate;
  std::string key;
};

/// Reads the keys under either of the two sets of names that Istio accepts
/// (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials, 1.30.3).
KeyPair key_pair(const Json& secret) {
  KeyPair pair{value_of(secret, {"tls.crt"}), value_of(secret, {"tls.key"})};
  if (pair.certificate.empty() || pair.key.empty())
    pair = {value_of(secret, {"cert"}), value_of(secret, {"key"})};
  return pair;
}

std::string authority(const Json& secret) {
  return value_of(secret, {"ca.crt", "cacert"});
}

std::string date(std::chrono::sys_seconds time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(day.year())) + "-" + two(static_cast<unsigned>(day.month())) + "-" +
         two(static_cast<unsigned>(day.day()));
}

void check_times(const std::string& noun, const Certificate& one, std::chrono::sys_seconds now,
                 std::vector<CredentialProblem>& faults) {
  if (one.not_after < now)
    faults.push_back(
        {false, "CertificateExpired", "has a " + noun + " that expired on " + date(one.not_after)});
  else if (one.not_before > now)
    faults.push_back({false, "CertificateNotYetValid",
                      "has a " + noun + " that is valid only from " + date(one.not_before)});
  else if (one.not_after < now + soon)
    faults.push_back(
        {true, "CertificateExpiring", "has a " + noun + " that expires on " + date(one.not_after)});
}

void check_pair(const Credential& credential, const KeyPair& pair, std::chrono::sys_seconds now,
                std::vector<CredentialProblem>& faults) {
  check_times("certificate", read_certificates(pair.certificate).front(), now, faults);
  if (!key_matches(pair.certificate, pair.key))
    faults.push_back({false, "IST0161", "has a key that does not match its certificate or cannot be read"});
  std::vector<std::string> missing;
  std::ranges::copy_if(credential.hosts, std::back_inserter(missing),
                       [&](const std::string& host) { return !covers_host(pair.certificate, host); });
  if (!missing.empty())
    faults.push_back(
        {false, "CertificateHost", "has a certificate that does not cover " + quoted_list(missing)});
}

/// A Secret may hold several CAs; only the one that expires last matters.
void check_authority(const std::string& pem, std::chrono::sys_seconds now,
                     std::vector<CredentialProblem>& faults) {
  const auto all = read_certificates(pem);
  check_times("CA", *std::ranges::max_element(all, {}, &Certificate::not_after), now, faults);
}

}  // namespace

Reference Credential::ca_secret() const {
  return {secret.resource, secret.ns, ca_secret_name(secret.name)};
}

std::vector<Credential> credentials(const Egress& egress) {
  std::vector<Credential> findings;
  const UpstreamTls& tls = egress.tls;
  if (!tls.ca_credential.empty())
    findings.push_back({{secret_resource, egress.ns, tls.ca_credential},
                        "CA of the external service",
                        false,
                        true,
                        {},
                        false});
  if (!tls.credential.empty())
    findings.push_back({{secret_resource, egress.ns, tls.credential},
                        "gateway's own certificate and the external service's CA",
                        true,
                        true,
                        {},
                        false});
  if (egress.ingress)
    findings.push_back({{secret_resource, egress.ingress->ns, egress.ingress->credential},
                        "certificate for the exposed hosts",
                        true,
                        false,
                        egress.ingress->hosts,
                        egress.ingress->self_signed});
  return findings;
}

std::vector<CredentialProblem> credential_problems(const Credential& credential, const Json& secret,
                                                   const Json* ca_secret, std::chrono::sys_seconds now) {
  std::vector<CredentialProblem> faults;
  auto try_to = [&](const std::string& noun, const auto& check) {
    try {
      check();
    } catch (const Error&) {
      faults.push_back({false, "IST0161", "has a " + noun + " that cannot be read"});
    }
  };
  const KeyPair pair = key_pair(secret);
  if (credential.pair && (pair.certificate.empty() || pair.key.empty()))
    faults.push_back({false, "IST0161", "has neither tls.crt and tls.key nor cert and key"});
  else if (credential.pair)
    try_to("certificate", [&] { check_pair(credential, pair, now, faults); });

  std::string roots = authority(secret);
  if (roots.empty() && ca_secret != nullptr) roots = authority(*ca_secret);
  if (credential.authority && roots.empty())
    faults.push_back({false, "IST0161", "has neither ca.crt nor cacert"});
  else if (credential.authority)
    try_to("CA", [&] { check_authority(roots, now, faults); });
  return faults;
}

}  // namespace egress::mesh
