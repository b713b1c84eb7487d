// The kubeconfig loader: files of any content are merged or refused, and their fields are read. No path in
// them is followed.
#include "egress/kube/kubeconfig.hpp"

#include <array>

#include "egress/base/error.hpp"
#include "input.hpp"

using namespace egress;

namespace {

template <typename Action>
void ignore_errors(Action action) {
  try {
    action();
  } catch (const Error&) {
  }
}

void read_fields(const kube::KubeconfigEntry& entry) {
  constexpr std::array text_fields{"server", "token",   "tokenFile", "username",
                                   "as",     "cluster", "user",      "namespace"};
  for (const char* field : text_fields) ignore_errors([&] { entry.text(field); });
  ignore_errors([&] { entry.boolean("insecure-skip-tls-verify"); });
  for (const char* field : {"certificate-authority", "client-certificate", "client-key"})
    ignore_errors([&] {
      if (entry.text(field).empty()) entry.content(field);
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kube::Kubeconfig config;
  ignore_errors([&] { kube::merge_kubeconfig(config, fuzz::input_text(data, size), "first"); });
  const std::size_t contexts = config.contexts.size();
  ignore_errors([&] { kube::merge_kubeconfig(config, fuzz::input_text(data, size), "second"); });
  fuzz::expect(config.contexts.size() == contexts, "a second file with the same names says nothing new");
  for (const auto* entries : {&config.clusters, &config.users, &config.contexts})
    for (const kube::KubeconfigEntry& entry : *entries) read_fields(entry);
  return 0;
}
