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
std::string first_value(const Json& secret, std::initializer_list<std::string_view> keys) {
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
  KeyPair pair{first_value(secret, {"tls.crt"}), first_value(secret, {"tls.key"})};
  if (pair.certificate.empty() || pair.key.empty())
    pair = {first_value(secret, {"cert"}), first_value(secret, {"key"})};
  return pair;
}

std::string ca_certificates(const Json& secret) {
  return first_value(secret, {"ca.crt", "cacert"});
}

std::string date(std::chrono::sys_seconds time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  auto two_digits = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(day.year())) + "-" + two_digits(static_cast<unsigned>(day.month())) +
         "-" + two_digits(static_cast<unsigned>(day.day()));
}

void check_validity(const std::string& noun, const Certificate& certificate, std::chrono::sys_seconds now,
                    std::vector<CredentialProblem>& problems) {
  if (certificate.not_after < now)
    problems.push_back(
        {false, "CertificateExpired", "has a " + noun + " that expired on " + date(certificate.not_after)});
  else if (certificate.not_before > now)
    problems.push_back({false, "CertificateNotYetValid",
                        "has a " + noun + " that is valid only from " + date(certificate.not_before)});
  else if (certificate.not_after < now + soon)
    problems.push_back(
        {true, "CertificateExpiring", "has a " + noun + " that expires on " + date(certificate.not_after)});
}

void check_key_pair(const Credential& credential, const KeyPair& pair, std::chrono::sys_seconds now,
                    std::vector<CredentialProblem>& problems) {
  check_validity("certificate", read_certificates(pair.certificate).front(), now, problems);
  if (!key_matches(pair.certificate, pair.key))
    problems.push_back({false, "IST0161", "has a key that does not match its certificate or cannot be read"});
  std::vector<std::string> missing;
  std::ranges::copy_if(credential.hosts, std::back_inserter(missing),
                       [&](const std::string& host) { return !covers_host(pair.certificate, host); });
  if (!missing.empty())
    problems.push_back(
        {false, "CertificateHost", "has a certificate that does not cover " + quoted_list(missing)});
}

/// A Secret may hold several CAs; only the one that expires last matters.
void check_ca(const std::string& pem, std::chrono::sys_seconds now,
              std::vector<CredentialProblem>& problems) {
  const auto certificates = read_certificates(pem);
  check_validity("CA", *std::ranges::max_element(certificates, {}, &Certificate::not_after), now, problems);
}

}  // namespace

Reference Credential::ca_secret() const {
  return {secret.resource, secret.ns, ca_secret_name(secret.name)};
}

std::vector<Credential> credentials(const Egress& egress) {
  std::vector<Credential> result;
  const UpstreamTls& tls = egress.tls;
  if (!tls.ca_credential.empty())
    result.push_back({{secret_resource, egress.ns, tls.ca_credential},
                      "CA of the external service",
                      false,
                      true,
                      {},
                      false});
  if (!tls.credential.empty())
    result.push_back({{secret_resource, egress.ns, tls.credential},
                      "gateway's own certificate and the external service's CA",
                      true,
                      true,
                      {},
                      false});
  if (egress.ingress)
    result.push_back({{secret_resource, egress.ingress->ns, egress.ingress->credential},
                      "certificate for the exposed hosts",
                      true,
                      false,
                      egress.ingress->hosts,
                      egress.ingress->self_signed});
  return result;
}

std::vector<CredentialProblem> credential_problems(const Credential& credential, const Json& secret,
                                                   const Json* ca_secret, std::chrono::sys_seconds now) {
  std::vector<CredentialProblem> problems;
  auto run_check = [&](const std::string& noun, const auto& check) {
    try {
      check();
    } catch (const Error&) {
      problems.push_back({false, "IST0161", "has a " + noun + " that cannot be read"});
    }
  };
  const KeyPair pair = key_pair(secret);
  if (credential.needs_key_pair && (pair.certificate.empty() || pair.key.empty()))
    problems.push_back({false, "IST0161", "has neither tls.crt and tls.key nor cert and key"});
  else if (credential.needs_key_pair)
    run_check("certificate", [&] { check_key_pair(credential, pair, now, problems); });

  std::string ca = ca_certificates(secret);
  if (ca.empty() && ca_secret != nullptr) ca = ca_certificates(*ca_secret);
  if (credential.needs_ca && ca.empty())
    problems.push_back({false, "IST0161", "has neither ca.crt nor cacert"});
  else if (credential.needs_ca)
    run_check("CA", [&] { check_ca(ca, now, problems); });
  return problems;
}

}  // namespace egress::mesh
