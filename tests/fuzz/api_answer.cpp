// What an API server answers: JSON and Status objects of any shape, with the HTTP status in front of them;
// and what is shown of it, as -v does.
#include "egress/base/error.hpp"
#include "egress/kube/api_error.hpp"
#include "egress/kube/mask.hpp"
#include "input.hpp"

using namespace egress;

namespace {

void read_json(std::string_view text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Error&) {
    return;
  }
  const std::string written = json.dump();
  fuzz::expect(Json::parse(written).dump() == written, "what is written as JSON is read as the same");
  // As Go writes it, 2.0 is 2 and -0.0 is -0, which is read as 0.
  const std::string indented = Json::parse(json.dump_pretty()).dump_pretty();
  fuzz::expect(Json::parse(indented).dump_pretty() == indented, "indented, it is read as the same");
}

/// Whatever stands beside it, a Secret's value is not shown, nor that of a field whose name says what it is.
void check_masking(std::string_view body) {
  constexpr const char* target = "/api/v1/namespaces/n/secrets/web";
  kube::masked_body(target, body);
  kube::masked_body("/api/v1/configmaps", body);
  const std::string secret = "s3cr3t-value";
  if (body.find(secret) != std::string_view::npos) return;
  Json extra;
  try {
    extra = Json::parse(body);
  } catch (const Error&) {
    extra = std::string(body);
  }
  const Json secret_object =
      object({{"kind", "Secret"}, {"beside", extra}, {"data", object({{"k", secret}})}});
  const Json object_with_token = object({{"beside", extra}, {"token", secret}});
  for (const Json& document : {secret_object, object_with_token})
    fuzz::expect(kube::masked_body(target, document.dump()).find(secret) == std::string::npos,
                 "no secret is shown");
}

bool is_printable(std::string_view text) {
  for (const char character : text)
    if (static_cast<unsigned char>(character) < ' ' && character != '\n' && character != '\t') return false;
  return true;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body = fuzz::input_text(data + 1, size - 1);
  read_json(body);
  check_masking(body);
  http::Response response;
  response.status = 300 + data[0];
  response.body = body;
  const kube::ApiError error = kube::api_error(response, "get configmaps");
  fuzz::expect(error.status() == response.status, "the error has the response's status");
  fuzz::expect(!error.headline().empty(), "the error says something");
  fuzz::expect(is_printable(error.headline()), "the error can be shown on a terminal");
  return 0;
}
