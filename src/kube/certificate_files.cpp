#include "egress/kube/certificate_files.hpp"

#include "egress/base/certificate.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"

namespace egress::kube {
namespace {

constexpr std::size_t max_file_size = 1U << 20U;

}  // namespace

void check_key_pair(const std::string& certificate, const std::string& key) {
  const std::string hint = "check client-certificate and client-key of the user in the kubeconfig";
  if (certificate.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    throw Error("tls: failed to find any PEM data in certificate input", hint);
  if (key.find("PRIVATE KEY-----") == std::string::npos)
    throw Error("tls: failed to find any PEM data in key input", hint);
  try {
    if (key_matches(certificate, key)) return;
  } catch (const Error& error) {
    throw Error(std::string("tls: failed to parse the client certificate: ") + error.what(), hint);
  }
  if (key.find("ENCRYPTED") != std::string::npos)
    throw Error("tls: failed to parse private key: it is encrypted",
                "remove the passphrase: openssl pkey -in KEY -out NEWKEY");
  throw Error("tls: private key does not match public key", hint);
}

CertificateFiles::CertificateFiles(std::string certificate_path, std::string key_path,
                                   std::string certificate, std::string key, Clock now)
    : certificate_path_(std::move(certificate_path)),
      key_path_(std::move(key_path)),
      certificate_(std::move(certificate)),
      key_(std::move(key)),
      now_(std::move(now)),
      read_at_(now_()) {}

bool CertificateFiles::reload() {
  read_at_ = now_();
  try {
    std::string certificate = read_file(certificate_path_, max_file_size);
    std::string key = read_file(key_path_, max_file_size);
    if (certificate == certificate_ && key == key_) return false;
    check_key_pair(certificate, key);
    certificate_ = std::move(certificate);
    key_ = std::move(key);
    return true;
  } catch (const Error&) {
    return false;
  }
}

void CertificateFiles::authenticate(Credentials& credentials) {
  if (now_() - read_at_ >= std::chrono::seconds(1)) reload();
  credentials.client_certificate = certificate_;
  credentials.client_key = key_;
}

bool CertificateFiles::renew() {
  return reload();
}

}  // namespace egress::kube
