#include "egress/http/proxy.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

const ProxyEnvironment both{.https_proxy = "http://secure:1", .http_proxy = "http://plain:2", .no_proxy = ""};

std::string chosen_proxy(const std::string& server, const ProxyEnvironment& environment = both) {
  return choose_proxy(*Url::parse(server), environment);
}

/// True if the server is reached without a proxy, given NO_PROXY.
bool is_direct(const std::string& server, const std::string& no_proxy) {
  ProxyEnvironment environment = both;
  environment.no_proxy = no_proxy;
  return chosen_proxy(server, environment).empty();
}

std::string error_message(const std::string& value) {
  try {
    chosen_proxy("https://api", {.https_proxy = value, .http_proxy = {}, .no_proxy = {}});
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("https and http servers have separate proxies") {
  CHECK(chosen_proxy("https://api:6443") == "http://secure:1");
  CHECK(chosen_proxy("http://api:8080") == "http://plain:2");
  CHECK(chosen_proxy("https://api:6443", {.https_proxy = {}, .http_proxy = "http://plain:2", .no_proxy = {}})
            .empty());
}

TEST_CASE("a proxy without a scheme is an HTTP proxy") {
  CHECK(chosen_proxy("https://api", {.https_proxy = "proxy:3128", .http_proxy = {}, .no_proxy = {}}) ==
        "http://proxy:3128");
  CHECK(chosen_proxy("https://api", {.https_proxy = "socks5://proxy", .http_proxy = {}, .no_proxy = {}}) ==
        "socks5://proxy");
}

TEST_CASE("the local machine is never reached through a proxy of the environment") {
  for (const std::string server : {"https://localhost:6443", "https://127.0.0.1", "https://127.9.9.9:1",
                                   "https://[::1]:6443", "http://[::ffff:127.0.0.1]"}) {
    CAPTURE(server);
    CHECK(chosen_proxy(server).empty());
  }
  CHECK_FALSE(chosen_proxy("https://localhost.example").empty());
}

TEST_CASE("a name in NO_PROXY matches itself and its subdomains") {
  CHECK(is_direct("https://a.b:6443", "a.b"));
  CHECK(is_direct("https://x.a.b", "other, A.B ,"));
  CHECK(is_direct("https://X.A.B", "a.b"));
  CHECK_FALSE(is_direct("https://xa.b", "a.b"));
  CHECK_FALSE(is_direct("https://b", "a.b"));
}

TEST_CASE("a name with a leading dot or star matches its subdomains only") {
  for (const std::string entry : {".a.b", "*.a.b"}) {
    CAPTURE(entry);
    CHECK(is_direct("https://x.a.b", entry));
    CHECK_FALSE(is_direct("https://a.b", entry));
  }
}

TEST_CASE("a single star matches every server") {
  CHECK(is_direct("https://api", "*"));
  CHECK(is_direct("https://10.0.0.1", "a.b,*"));
}

TEST_CASE("addresses and networks match addresses only") {
  CHECK(is_direct("https://10.1.2.3", "10.1.2.3"));
  CHECK_FALSE(is_direct("https://10.1.2.30", "10.1.2.3"));
  CHECK(is_direct("https://10.1.2.3:6443", "10.0.0.0/8"));
  CHECK_FALSE(is_direct("https://11.1.2.3", "10.0.0.0/8"));
  CHECK(is_direct("https://192.168.1.130", "192.168.1.128/25"));
  CHECK_FALSE(is_direct("https://192.168.1.127", "192.168.1.128/25"));
  CHECK(is_direct("https://[2001:db8::1]", "2001:db8::/32"));
  CHECK(is_direct("https://[2001:db8::1]:6443", "2001:db8::1"));
  CHECK_FALSE(is_direct("https://ten.example", "10.0.0.0/8"));
  CHECK_FALSE(is_direct("https://10.1.2.3", "10.0.0.0/99"));
}

TEST_CASE("a port in NO_PROXY must be the server's, which defaults to the scheme's port") {
  CHECK(is_direct("https://a.b:6443", "a.b:6443"));
  CHECK_FALSE(is_direct("https://a.b:6444", "a.b:6443"));
  CHECK(is_direct("https://a.b", "a.b:443"));
  CHECK(is_direct("http://a.b", "a.b:80"));
  CHECK(is_direct("https://10.1.2.3:6443", "10.1.2.3:6443"));
  CHECK(is_direct("https://[2001:db8::1]:6443", "[2001:db8::1]:6443"));
  CHECK_FALSE(is_direct("https://[2001:db8::1]:6444", "[2001:db8::1]:6443"));
}

TEST_CASE("an invalid proxy is rejected without showing its password") {
  CHECK(testing::mentions(error_message("ftp://jane:secret@proxy"),
                          {"HTTPS_PROXY", "scheme \"ftp\"", "http", "https", "socks5"}));
  CHECK(error_message("ftp://jane:secret@proxy").find("secret") == std::string::npos);
  for (const std::string value : {"http://jane:secret@a b", "https:/jane:secret@proxy",
                                  "https//jane:secret@proxy", "proxy/jane:secret@h", "jane:secret"}) {
    CAPTURE(value);
    CHECK(testing::mentions(error_message(value), {"HTTPS_PROXY", "URL"}));
    CHECK(error_message(value).find("secret") == std::string::npos);
  }
}

TEST_CASE("upper-case variables take precedence, and ALL_PROXY is ignored") {
  ::setenv("https_proxy", "small", 1);
  ::setenv("ALL_PROXY", "all", 1);
  ::unsetenv("HTTPS_PROXY");
  CHECK(ProxyEnvironment::read().https_proxy == "small");
  ::setenv("HTTPS_PROXY", "capital", 1);
  CHECK(ProxyEnvironment::read().https_proxy == "capital");
  ::unsetenv("HTTPS_PROXY");
  ::unsetenv("https_proxy");
  CHECK(ProxyEnvironment::read().https_proxy.empty());
  ::unsetenv("ALL_PROXY");
}

}  // namespace egress::http

TEST_SUITE_END();
