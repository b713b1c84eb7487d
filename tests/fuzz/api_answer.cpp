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
  fuzz::must(Json::parse(written).dump() == written, "what is written as JSON is read as the same");
  // As Go writes it, 2.0 is 2 and -0.0 is -0, which is read as 0.
  const std::string indented = Json::parse(json.dump_pretty()).dump_pretty();
  fuzz::must(Json::parse(indented).dump_pretty() == indented, "indented, it is read as the same");
}

/// Whatever stands beside it, a Secret's value is not shown, nor that of a field whose name says what it is.
void show(std::string_view body) {
  constexpr const char* target = "/api/v1/namespaces/n/secrets/web";
  kube::masked_body(target, body);
  kube::masked_body("/api/v1/configmaps", body);
  const std::string secret = "s3cr3t-value";
  if (body.find(secret) != std::string_view::npos) return;
  Json beside;
  try {
    beside = Json::parse(body);
  } catch (const Error&) {
    beside = std::string(body);
  }
  const Json of_secret = object({{"kind", "Secret"}, {"beside", beside}, {"data", object({{"k", secret}})}});
  const Json of_field = object({{"beside", beside}, {"token", secret}});
  for (const Json& one : {of_secret, of_field})
    fuzz::must(kube::masked_body(target, one.dump()).find(secret) == std::string::npos, "no secret is shown");
}

bool printable_line(std::string_view text) {
  for (const char sign : text)
    if (static_cast<unsigned char>(sign) < ' ' && sign != '\n' && sign != '\t') return false;
  return true;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body = fuzz::text_of(data + 1, size - 1);
  read_json(body);
  show(body);
  http::Reply reply;
  reply.status = 300 + data[0];
  reply.body = body;
  const kube::ApiError error = kube::api_error(reply, "get configmaps");
  fuzz::must(error.status() == reply.status, "the error has the reply's status");
  fuzz::must(!error.headline().empty(), "the error says something");
  fuzz::must(printable_line(error.headline()), "the error can be shown on a terminal");
  return 0;
}
