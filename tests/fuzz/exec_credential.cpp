// What a credential plugin prints: it is taken or refused.
#include "egress/kube/exec_credential.hpp"

#include "egress/base/error.hpp"
#include "input.hpp"

using namespace egress;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::input_text(data, size);
  for (const char* version : {"client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"}) {
    try {
      const auto credential = kube::read_exec_credential(text, version);
      const bool has_key_pair = !credential.client_certificate.empty() && !credential.client_key.empty();
      fuzz::expect(has_key_pair || !credential.token.empty(), "a credential has something to log in with");
    } catch (const Error& error) {
      // A rejected credential is reported with its kind and version at most.
      fuzz::expect(std::string_view(error.what()).size() < 500, "a refusal is short");
    }
  }
  return 0;
}
