#include "egress/kube/auth_provider.hpp"

#include <doctest/doctest.h>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

const std::chrono::system_clock::time_point now{std::chrono::seconds(1000)};

KubeconfigEntry user(const std::string& name, const std::string& id_token = {}) {
  return {"u",
          object({{"auth-provider", object({{"name", name}, {"config", object({{"id-token", id_token}})}})}}),
          "f"};
}

std::string jwt(const std::string& claims) {
  return "e30." + encode_base64_url(claims) + ".sig";
}

std::string error_message(const KubeconfigEntry& entry) {
  try {
    auth_provider_token(entry, now);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a removed auth provider is reported with its replacement") {
  CHECK(error_message(user("gcp"))
            .starts_with("The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\""));
  CHECK(error_message(user("azure")).find("kubelogin") != std::string::npos);
  CHECK(error_message(user("other")) == "no Auth Provider found for name \"other\"");
}

TEST_CASE("an id-token is used as long as it is valid") {
  const std::string valid = jwt(R"({"exp":1001})");
  CHECK(auth_provider_token(user("oidc", valid), now) == valid);
  CHECK(auth_provider_token(user("oidc", jwt(R"({"exp":1e12,"a":"bcd"})")), now).starts_with("e30."));
}

TEST_CASE("an expired or missing id-token is refused without showing it") {
  for (const std::string token : {"", "s3cret", "a.b.c", "a.!.c"}) {
    CAPTURE(token);
    CHECK(testing::mentions(error_message(user("oidc", token)), {"id-token", "u", "oidc"}));
    CHECK((token.empty() || error_message(user("oidc", token)).find(token) == std::string::npos));
  }
  CHECK(testing::mentions(error_message(user("oidc", jwt(R"({"exp":1000})"))), {"id-token", "u", "oidc"}));
  CHECK(testing::mentions(error_message(user("oidc", jwt("[]"))), {"id-token", "u", "oidc"}));
}

}  // namespace egress::kube

TEST_SUITE_END();
