#include "egress/base/private_keys.hpp"

#include <doctest/doctest.h>

#include "egress/base/digest.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using testing::pem_key;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

/// Base64 in lines of 64, as `base64` prints it.
std::string wrapped(const std::string& text, const std::string& end) {
  std::string lines;
  const std::string all = encode_base64(text);
  for (std::size_t at = 0; at < all.size(); at += 64) lines += all.substr(at, 64) + end;
  return lines;
}

}  // namespace

TEST_CASE("a private key is masked, and the text around it stays") {
  for (const std::string label :
       {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    CHECK(mask_private_keys("a " + pem_key(label) + " b") == "a <masked> b");
  CHECK(mask_private_keys(pem_key("RSA PRIVATE KEY") + pem_key("PRIVATE KEY")) == "<masked><masked>");
  CHECK(mask_private_keys("-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----.") ==
        "<masked>.");
}

TEST_CASE("a private key goes however its lines end") {
  for (const std::string end : {"\\n", "\\\\n", "\r\n", "\r", " ", ""})
    CHECK(mask_private_keys("a " + replaced(pem_key(), "\n", end) + " b") == "a <masked> b");
}

TEST_CASE("of a private key that is cut off nothing stays") {
  const std::string key = pem_key();
  for (std::size_t size = key.find("KEY") + 3; size < key.size(); ++size) {
    CAPTURE(size);
    CHECK(mask_private_keys("a " + key.substr(0, size)) == "a <masked>");
  }
}

TEST_CASE("certificates, public keys and words about keys stay") {
  for (const std::string text : {"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                                 "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
                                 "no PRIVATE KEY was found", "PRIVATE KEY", "-----BEGIN ", "",
                                 "a line that is long and of no interest to anybody who looks for keys"})
    CHECK(mask_private_keys(text) == text);
  const std::string certificate =
      encode_base64("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  CHECK(mask_private_keys(certificate) == certificate);
}

TEST_CASE("base64 of a private key goes, wherever in it the key begins") {
  for (const std::string before : {"", "\n", "ab", "abc", "-----BEGIN CERTIFICATE-----\n"}) {
    const std::string bytes = before + pem_key();
    CAPTURE(before);
    CHECK(mask_private_keys("key: " + encode_base64(bytes) + ";") != "key: " + encode_base64(bytes) + ";");
    for (const std::string& text :
         {encode_base64(bytes), encode_base64_url(bytes), wrapped(bytes, "\n"), wrapped(bytes, "\\n"),
          wrapped(bytes, "\r\n"), encode_base64(encode_base64(bytes)),
          encode_base64("a: " + encode_base64(bytes))}) {
      const std::string left = mask_private_keys("\"" + text + "\"");
      CHECK(left.starts_with("\"<masked>"));
      CHECK(left.find(text.substr(8, 8)) == std::string::npos);
    }
  }
}

TEST_CASE("base64 of a private key goes though letters are glued to it") {
  for (const std::string glued : {"x", "xy", "xyz", "wxyz"}) {
    const std::string left = mask_private_keys(glued + encode_base64(pem_key()));
    CHECK(left.starts_with("<masked>"));
  }
}

TEST_CASE("long texts take no longer than they are long") {
  std::string begins;
  std::string marks;
  for (int i = 0; i < 20'000; ++i) {
    begins += "-----BEGIN ";
    marks += "PRIVATE KEY ";
  }
  CHECK(mask_private_keys(begins) == begins);
  CHECK(mask_private_keys(marks) == marks);
  CHECK(mask_private_keys(std::string(500'000, 'A')) == std::string(500'000, 'A'));
}

}  // namespace egress

TEST_SUITE_END();
