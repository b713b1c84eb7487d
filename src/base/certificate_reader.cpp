#include <new>
#include <utility>

#include "egress/base/certificate.hpp"
#include "egress/base/error.hpp"
#include "egress/base/x509.hpp"

namespace egress {
namespace {

using x509::UniquePtr;

constexpr std::size_t max_certificates = 1000;

std::string subject(const X509& certificate) {
  const UniquePtr<BIO> line(BIO_new(BIO_s_mem()));
  if (!line) throw std::bad_alloc();
  // RFC 2253 allows UTF-8 as it is; OpenSSL would write \C3\A9 for é.
  constexpr unsigned long form = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  X509_NAME_print_ex(line.get(), X509_get_subject_name(&certificate), 0, form);
  return x509::bio_content(*line);
}

std::vector<std::string> dns_names(const X509& certificate) {
  const UniquePtr<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> texts;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), i);
    if (name.type != GEN_DNS) continue;
    const ASN1_IA5STRING& text = *name.d.dNSName;
    texts.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(&text)),
                       static_cast<std::size_t>(ASN1_STRING_length(&text)));
  }
  return texts;
}

Certificate describe(X509& certificate) {
  return {.subject = subject(certificate),
          .dns_names = dns_names(certificate),
          .not_before = x509::to_time(*X509_get0_notBefore(&certificate)),
          .not_after = x509::to_time(*X509_get0_notAfter(&certificate)),
          .is_ca = (X509_get_extension_flags(&certificate) & EXFLAG_CA) != 0};
}

UniquePtr<X509> first_certificate(std::string_view pem) {
  return std::move(x509::read_certificates(pem, 1).front());
}

}  // namespace

std::vector<Certificate> read_certificates(std::string_view pem) {
  const auto parsed = x509::read_certificates(pem, max_certificates + 1);
  if (parsed.size() > max_certificates)
    throw Error("the certificates cannot be read: there are more than " + std::to_string(max_certificates));
  const x509::ErrorQueue errors;
  std::vector<Certificate> certificates;
  for (const auto& certificate : parsed) certificates.push_back(describe(*certificate));
  return certificates;
}

bool covers_host(std::string_view certificate_pem, std::string_view host) {
  const auto certificate = first_certificate(certificate_pem);
  // OpenSSL takes ".example.com" for every name below it, and leaves out a NUL at the end.
  if (host.empty() || host.front() == '.' || host.find('\0') != std::string_view::npos) return false;
  const x509::ErrorQueue errors;
  constexpr unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  return X509_check_host(certificate.get(), host.data(), host.size(), flags, nullptr) == 1;
}

bool key_matches(std::string_view certificate_pem, std::string_view key_pem) {
  const auto certificate = first_certificate(certificate_pem);
  const auto key = x509::read_key(key_pem);
  const x509::ErrorQueue errors;
  return key && X509_check_private_key(certificate.get(), key.get()) == 1;
}

}  // namespace egress
