#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ui.h>

#include "egress/base/certificate.hpp"
#include "egress/base/error.hpp"
#include "egress/base/x509.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using x509::CertificateAndKey;
using x509::UniquePtr;

constexpr sys_seconds begin = sys_days(2026y / 3 / 1) + 12h;
constexpr sys_seconds end = sys_days(2027y / 3 / 1) + 11h + 59min + 59s;

/// Signed by itself; without a subjectAltName where `san` is empty.
CertificateAndKey pair_of(const std::string& common_name, const std::string& san,
                          sys_seconds not_after = end) {
  CertificateAndKey made = x509::create_certificate(begin, not_after);
  x509::add_subject_name(*made.certificate, NID_organizationName, "Example, Inc.");
  x509::add_subject_name(*made.certificate, NID_commonName, common_name);
  if (!san.empty()) x509::add_extension(*made.certificate, *made.certificate, NID_subject_alt_name, san);
  x509::sign(*made.certificate, made);
  return made;
}

std::string certificate_of(const std::string& common_name, const std::string& san) {
  return x509::to_pem(*pair_of(common_name, san).certificate);
}

/// For the same names, but with that key.
std::string certificate_for(EVP_PKEY& key) {
  CertificateAndKey made = pair_of("a.example.com", "DNS:a.example.com");
  REQUIRE(X509_set_pubkey(made.certificate.get(), &key) == 1);
  return x509::to_pem(*made.certificate);
}

enum class Form { Pkcs8, Traditional };

/// The key in PEM, encrypted where there is a passphrase.
std::string key_text(const EVP_PKEY& key, Form form, const std::string& passphrase = {}) {
  const UniquePtr<BIO> out(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  const auto size = static_cast<int>(passphrase.size());
  if (form == Form::Pkcs8)
    REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), &key, cipher, passphrase.data(), size, nullptr,
                                          nullptr) == 1);
  else
    REQUIRE(PEM_write_bio_PrivateKey_traditional(out.get(), &key, cipher,
                                                 reinterpret_cast<const unsigned char*>(passphrase.data()),
                                                 size, nullptr, nullptr) == 1);
  return x509::bio_content(*out);
}

/// Counts how often OpenSSL would have asked somebody for a passphrase.
class Prompts {
 public:
  Prompts() : method_(UI_create_method("count")) {
    asked = 0;
    UI_method_set_opener(method_, [](UI*) { return asked++, 0; });
    UI_set_default_method(method_);
  }
  ~Prompts() {
    UI_set_default_method(UI_OpenSSL());
    UI_destroy_method(method_);
  }
  Prompts(const Prompts&) = delete;
  Prompts& operator=(const Prompts&) = delete;

  static int count() { return asked; }

 private:
  UI_METHOD* method_;
  static inline int asked = 0;
};

}  // namespace

TEST_CASE("a certificate says whose it is, for which names and from when to when") {
  const auto read = read_certificates(
      certificate_of("a.example.com", "DNS:a.example.com,IP:192.0.2.1,email:a@b.example,DNS:*.b.example"));
  REQUIRE(read.size() == 1);
  CHECK(read[0].subject == "CN=a.example.com,O=Example\\, Inc.");
  CHECK(read[0].dns_names == std::vector<std::string>{"a.example.com", "*.b.example"});
  CHECK(read[0].not_before == begin);
  CHECK(read[0].not_after == end);
  CHECK_FALSE(read[0].is_ca);
}

TEST_CASE("a time beyond 2049 is read, be it the last that a certificate can hold") {
  constexpr sys_seconds last = sys_days(9999y / 12 / 31) + 23h + 59min + 59s;
  const auto read = read_certificates(x509::to_pem(*pair_of("a", "", last).certificate));
  CHECK(read.at(0).not_after == last);
}

TEST_CASE("only basicConstraints makes a CA") {
  CertificateAndKey ca = x509::create_certificate(begin, end);
  x509::add_subject_name(*ca.certificate, NID_commonName, "ca");
  SUBCASE("that says so") {
    x509::add_extension(*ca.certificate, *ca.certificate, NID_basic_constraints, "critical,CA:TRUE");
    x509::sign(*ca.certificate, ca);
    CHECK(read_certificates(x509::to_pem(*ca.certificate)).at(0).is_ca);
  }
  SUBCASE("that denies it") {
    x509::add_extension(*ca.certificate, *ca.certificate, NID_basic_constraints, "CA:FALSE");
    x509::sign(*ca.certificate, ca);
    CHECK_FALSE(read_certificates(x509::to_pem(*ca.certificate)).at(0).is_ca);
  }
}

TEST_CASE("control characters of a subject are escaped, its UTF-8 is kept") {
  CertificateAndKey made = x509::create_certificate(begin, end);
  const std::string name = "\xc3\xa9\x1b[2J";
  REQUIRE(X509_NAME_add_entry_by_NID(X509_get_subject_name(made.certificate.get()), NID_commonName,
                                     MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()), -1,
                                     -1, 0) == 1);
  x509::sign(*made.certificate, made);
  CHECK(read_certificates(x509::to_pem(*made.certificate)).at(0).subject == "CN=\xc3\xa9\\1B[2J");
}

TEST_CASE("certificates are read in their order, and what else stands in the text is skipped") {
  const CertificateAndKey leaf = pair_of("leaf", "DNS:leaf.example.com");
  const CertificateAndKey issuer = pair_of("issuer", "");
  const auto read =
      read_certificates("subject: leaf\n" + x509::to_pem(*leaf.key) + x509::to_pem(*leaf.certificate) +
                        "\n# and its issuer\n" + x509::to_pem(*issuer.certificate) + "the end");
  REQUIRE(read.size() == 2);
  CHECK(read[0].subject.starts_with("CN=leaf,"));
  CHECK(read[1].subject.starts_with("CN=issuer,"));
}

TEST_CASE("line ends of Windows are read") {
  std::string text;
  for (const char c : certificate_of("a", "DNS:a.example.com"))
    text += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(read_certificates(text).size() == 1);
}

TEST_CASE("a text without a certificate is refused") {
  const std::string why = "the text holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)";
  const CertificateAndKey made = pair_of("a", "");
  for (const std::string& text : {std::string(), std::string("junk"), std::string(3, '\0'),
                                  x509::to_pem(*made.key), std::string("-----BEGIN CERTIFICATE----\n")}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(read_certificates(text), why.c_str(), Error);
    CHECK_THROWS_AS(covers_host(text, "a.example.com"), Error);
    CHECK_THROWS_AS(key_matches(text, x509::to_pem(*made.key)), Error);
  }
}

TEST_CASE("a broken certificate is refused by its number") {
  const std::string good = certificate_of("a", "DNS:a.example.com");
  std::string spoilt = good;
  spoilt.replace(good.find('\n') + 10, 1, "!");
  CHECK(testing::mentions(testing::error_of([&] { read_certificates(good + spoilt); }),
                          {"certificate 2", "base64"}));
  CHECK(
      testing::mentions(testing::error_of([&] { read_certificates(good + good.substr(0, good.size() / 2)); }),
                        {"certificate 2", "end line"}));
  CHECK_THROWS_AS(read_certificates("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"), Error);
  CHECK(covers_host(good + spoilt, "a.example.com"));
}

TEST_CASE("a certificate with an extension that is none is refused") {
  CertificateAndKey made = x509::create_certificate(begin, end);
  x509::add_extension(*made.certificate, *made.certificate, NID_subject_alt_name, "DER:31:00");
  x509::sign(*made.certificate, made);
  CHECK(testing::mentions(testing::error_of([&] { read_certificates(x509::to_pem(*made.certificate)); }),
                          {"certificate 1", "extension"}));
}

TEST_CASE("1000 certificates are read, more or larger texts are not") {
  CertificateAndKey made = x509::create_certificate(begin, end);
  x509::sign(*made.certificate, made);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += x509::to_pem(*made.certificate);
  REQUIRE(many.size() < 1U << 20U);
  CHECK(read_certificates(many).size() == 1000);
  CHECK(
      testing::mentions(testing::error_of([&] { read_certificates(many + x509::to_pem(*made.certificate)); }),
                        {"certificates", "1000"}));
  many.resize((1U << 20U) + 1, '\n');
  CHECK(testing::mentions(testing::error_of([&] { read_certificates(many); }), {"certificates", "1 MiB"}));
}

TEST_CASE("a certificate is good for the names of its subjectAltName") {
  const std::string text = certificate_of("cn.example.com", "DNS:a.example.com,DNS:B.example.com");
  CHECK(covers_host(text, "a.example.com"));
  CHECK(covers_host(text, "A.Example.com"));
  CHECK(covers_host(text, "b.example.com"));
  for (const std::string_view host : {"c.example.com", "x.a.example.com", "example.com", "", ".example.com",
                                      "a.example.com.evil.example", "*.example.com"}) {
    CAPTURE(host);
    CHECK_FALSE(covers_host(text, host));
  }
  CHECK_FALSE(covers_host(text, std::string("a.example.com\0", 14)));
  CHECK_FALSE(covers_host(text, std::string("a.example.com\0.evil.example", 27)));
}

TEST_CASE("a common name covers nothing") {
  CHECK_FALSE(covers_host(certificate_of("a.example.com", ""), "a.example.com"));
  CHECK_FALSE(covers_host(certificate_of("a.example.com", "DNS:b.example.com"), "a.example.com"));
  CHECK_FALSE(covers_host(certificate_of("a.example.com", "email:a@b.example"), "a.example.com"));
}

TEST_CASE("a wildcard stands for one whole label") {
  const std::string text = certificate_of("x", "DNS:*.example.com");
  CHECK(covers_host(text, "a.example.com"));
  CHECK(covers_host(text, "*.example.com"));
  for (const std::string_view host : {"example.com", "a.b.example.com", ".example.com", "a.example.org"}) {
    CAPTURE(host);
    CHECK_FALSE(covers_host(text, host));
  }
  for (const std::string san : {"DNS:a*.example.com", "DNS:*a.example.com", "DNS:b.*.example.com",
                                "DNS:*.*.example.com", "DNS:*.com", "DNS:*"}) {
    CAPTURE(san);
    CHECK_FALSE(covers_host(certificate_of("x", san), "aa.example.com"));
    CHECK_FALSE(covers_host(certificate_of("x", san), "example.com"));
  }
}

TEST_CASE("only the first certificate of a chain is asked") {
  const std::string chain =
      certificate_of("leaf", "DNS:leaf.example.com") + certificate_of("issuer", "DNS:issuer.example.com");
  CHECK(covers_host(chain, "leaf.example.com"));
  CHECK_FALSE(covers_host(chain, "issuer.example.com"));
}

TEST_CASE("a key belongs to its certificate in each of its PEM forms") {
  const UniquePtr<EVP_PKEY> rsa(EVP_RSA_gen(2048));
  const UniquePtr<EVP_PKEY> curve(EVP_EC_gen("P-384"));
  REQUIRE((rsa && curve));
  for (EVP_PKEY* key : {rsa.get(), curve.get()}) {
    const std::string text = certificate_for(*key);
    for (const Form form : {Form::Pkcs8, Form::Traditional}) {
      CAPTURE(key_text(*key, form).substr(0, 40));
      CHECK(key_matches(text, key_text(*key, form)));
    }
  }
  CHECK(key_text(*rsa, Form::Traditional).starts_with("-----BEGIN RSA PRIVATE KEY-----"));
  CHECK(key_text(*curve, Form::Traditional).starts_with("-----BEGIN EC PRIVATE KEY-----"));

  const std::string parameters = "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n";
  CHECK(key_matches(certificate_for(*curve), parameters + key_text(*curve, Form::Traditional)));
  CHECK_FALSE(key_matches(certificate_for(*curve), key_text(*rsa, Form::Pkcs8)));
}

TEST_CASE("another's key does not match, nor does what is no key") {
  const CertificateAndKey one = pair_of("a", "");
  const CertificateAndKey other = pair_of("a", "");
  const std::string text = x509::to_pem(*one.certificate);
  const std::string key = x509::to_pem(*one.key);
  CHECK(key_matches(text, key));
  CHECK(key_matches(text + x509::to_pem(*other.certificate), key));
  CHECK_FALSE(key_matches(text + x509::to_pem(*other.certificate), x509::to_pem(*other.key)));
  for (const std::string& no_key : {std::string(), std::string("junk"), text, key.substr(0, key.size() / 2),
                                    key + std::string(1U << 20U, '\n')})
    CHECK_FALSE(key_matches(text, no_key));
}

TEST_CASE("an encrypted key does not match, and nobody is asked for its passphrase") {
  const Prompts prompts;
  const CertificateAndKey made = pair_of("a", "");
  const std::string text = x509::to_pem(*made.certificate);
  for (const Form form : {Form::Pkcs8, Form::Traditional}) {
    const std::string encrypted = key_text(*made.key, form, "secret");
    REQUIRE(encrypted.find("ENCRYPTED") != std::string::npos);
    CHECK_FALSE(key_matches(text, encrypted));
    CHECK_THROWS_AS(read_certificates(encrypted), Error);
  }
  std::string encrypted_certificate = text;
  encrypted_certificate.insert(
      text.find('\n') + 1,
      "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n");
  CHECK_THROWS_AS(read_certificates(encrypted_certificate), Error);
  CHECK(prompts.count() == 0);

  const std::string encrypted = key_text(*made.key, Form::Pkcs8, "secret");
  const UniquePtr<BIO> stream(BIO_new_mem_buf(encrypted.data(), static_cast<int>(encrypted.size())));
  const UniquePtr<EVP_PKEY> asked(PEM_read_bio_PrivateKey(stream.get(), nullptr, nullptr, nullptr));
  CHECK(prompts.count() > 0);  // or the count above would prove nothing
  ERR_clear_error();
}

TEST_CASE("OpenSSL's errors do not outlive the call") {
  const std::string text = certificate_of("a", "");
  const x509::ErrorQueue errors;
  CHECK_FALSE(key_matches(text, "junk"));
  CHECK(ERR_peek_error() == 0);
  CHECK_THROWS_AS(read_certificates("junk"), Error);
  CHECK(ERR_peek_error() == 0);
  CHECK_FALSE(covers_host(text, std::string("a\0b", 3)));
  CHECK(ERR_peek_error() == 0);
}

}  // namespace egress

TEST_SUITE_END();
