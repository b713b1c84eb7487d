#include "egress/base/digest.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

/// The decoded text, or "refused".
std::string decoded(std::string_view text) {
  return decode_base64(text).value_or("refused");
}

}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256("abc").size() == 32);
}

TEST_CASE("hex writes two lower-case digits a byte") {
  CHECK(hex(std::string("\0\x0f\xa5\xff", 4)) == "000fa5ff");
  CHECK(hex("").empty());
}

TEST_CASE("base64 gives the texts of RFC 4648") {
  CHECK(encode_base64("").empty());
  CHECK(encode_base64("f") == "Zg==");
  CHECK(encode_base64("fo") == "Zm8=");
  CHECK(encode_base64("foo") == "Zm9v");
  CHECK(encode_base64("foobar") == "Zm9vYmFy");
  CHECK(encode_base64("\xfb\xff") == "+/8=");
  CHECK(encode_base64(std::string(300, 'a')).find('\n') == std::string::npos);
}

TEST_CASE("the URL alphabet has neither plus, slash nor padding") {
  CHECK(encode_base64_url("\xfb\xff") == "-_8");
  CHECK(encode_base64_url("f") == "Zg");
  CHECK(encode_base64_url("").empty());
}

TEST_CASE("what was encoded is decoded") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    CHECK(decoded(encode_base64(bytes)) == bytes);
    bytes += static_cast<char>(i);
  }
}

TEST_CASE("line ends inside base64 are skipped") {
  CHECK(decoded("Zm9v\nYmFy\n") == "foobar");
  CHECK(decoded("Zm9v\r\nYmFy\r\n") == "foobar");
  CHECK(decoded("Zm\n9v") == "foo");
  CHECK(decoded("").empty());
}

TEST_CASE("base64 without its padding is refused") {
  CHECK(decoded("Zg") == "refused");
  CHECK(decoded("Zg=") == "refused");
  CHECK(decoded("Zm8") == "refused");
  CHECK(decoded("Zm9vZ") == "refused");
}

TEST_CASE("base64 with blanks, another alphabet or other text is refused") {
  for (const std::string text :
       {" Zm9v", "Zm9v ", "Zm 9v", "Zm9v\t", "-_8=", "Zm9!", "Zm9v....", "\xc3\xa9yz"}) {
    CAPTURE(text);
    CHECK(decoded(text) == "refused");
  }
}

TEST_CASE("padding anywhere but at the end is refused") {
  for (const std::string text : {"====", "Z===", "=m9v", "Z=9v", "Zg==Zm9v", "Zm8=Zm8=", "Zg==="}) {
    CAPTURE(text);
    CHECK(decoded(text) == "refused");
  }
}

TEST_CASE("hyphens behind base64 are refused") {
  CHECK(decoded("Zm9v----") == "refused");
}

}  // namespace egress

TEST_SUITE_END();
