#include "egress/kube/applyset.hpp"

#include "egress/base/digest.hpp"

namespace egress::kube::applyset {

std::string id(std::string_view name, std::string_view ns, std::string_view kind, std::string_view group) {
  std::string text;
  text.append(name).append(".").append(ns).append(".").append(kind).append(".").append(group);
  return "applyset-" + encode_base64_url(sha256(text)) + "-v1";
}

}  // namespace egress::kube::applyset
