// The kubeconfig loader: files of any content are merged or refused, and their fields are read. No path in
// them is followed.
#include "egress/kube/kubeconfig.hpp"

#include <array>

#include "egress/base/error.hpp"
#include "input.hpp"

using namespace egress;

namespace {

template <typename Read>
void read_or_refuse(Read read) {
  try {
    read();
  } catch (const Error&) {
  }
}

void read_fields(const kube::KubeconfigEntry& entry) {
  constexpr std::array texts{"server", "token",   "tokenFile", "username",
                             "as",     "cluster", "user",      "namespace"};
  for (const char* field : texts) read_or_refuse([&] { entry.text(field); });
  read_or_refuse([&] { entry.flag("insecure-skip-tls-verify"); });
  for (const char* field : {"certificate-authority", "client-certificate", "client-key"})
    read_or_refuse([&] {
      if (entry.text(field).empty()) entry.content(field);
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kube::Kubeconfig config;
  read_or_refuse([&] { kube::merge_kubeconfig(config, fuzz::text_of(data, size), "first"); });
  const std::size_t contexts = config.contexts.size();
  read_or_refuse([&] { kube::merge_kubeconfig(config, fuzz::text_of(data, size), "second"); });
  fuzz::must(config.contexts.size() == contexts, "a second file with the same names says nothing new");
  for (const auto* entries : {&config.clusters, &config.users, &config.contexts})
    for (const kube::KubeconfigEntry& entry : *entries) read_fields(entry);
  return 0;
}
