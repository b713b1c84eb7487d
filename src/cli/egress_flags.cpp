#include "egress/cli/egress_flags.hpp"

#include <array>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/value_type.hpp"

namespace egress::cli {
namespace {

/// What stands behind a flag, and what becomes of it in the form.
enum class Shape { text, number, texts, yes, no, pairs };

struct EgressFlag {
  const char* group;
  const char* name;
  const char* field;  ///< of the form's spec
  Shape shape;
  const char* description;
  const char* standard = "";            ///< what counts where it is not given
  const char* type = value_type::text;  ///< what its value is; "simple|mutual": the only ones that there are

  /// The only values that there are.
  std::vector<std::string> words() const {
    const std::string_view text = type;
    return text.find('|') == std::string_view::npos ? std::vector<std::string>{} : split(text, '|');
  }
};

constexpr const char* service = "The external service";
constexpr const char* upstream = "TLS to the external service";
constexpr const char* access = "Callers in the mesh";
constexpr const char* outside = "Callers from outside";
constexpr const char* pods = "The gateway's pods";
constexpr const char* istio = "Istio";

constexpr std::array egress_flags{
    EgressFlag{service, "--host", "hosts", Shape::texts,
               "The external service, such as httpbin.org; may be repeated"},
    EgressFlag{service, "--port", "port", Shape::number, "Its port (80 with --tls none)", "443"},
    EgressFlag{service, "--protocol", "protocol", Shape::text,
               "What callers speak: http, https (passed through), grpc or tcp (needs --address)", "http",
               "http|https|grpc|tcp"},
    EgressFlag{service, "--alias", "aliases", Shape::texts,
               "A further name by which callers reach the first host, once it is in DNS; may be repeated"},
    EgressFlag{service, "--address", "addresses", Shape::texts,
               "The IP address that callers of a TCP service dial; may be repeated"},
    EgressFlag{service, "--upstream-server", "server", Shape::text,
               "The one host that serves all of a wildcard such as --host '*.example.com'"},
    EgressFlag{upstream, "--tls", "tls.mode", Shape::text,
               "simple: the gateway makes and verifies it; mutual: with a certificate of its own; "
               "passthrough: callers make it; none",
               "simple", "simple|mutual|passthrough|none"},
    EgressFlag{upstream, "--sni", "tls.sni", Shape::text, "The name to ask for (default: the host)"},
    EgressFlag{upstream, "--upstream-san", "tls.subjectAltNames", Shape::texts,
               "A name that the service's certificate may bear (default: the host); may be repeated"},
    EgressFlag{upstream, "--upstream-ca", "tls.caCredentialName", Shape::text,
               "Secret whose ca.crt the service's certificate must lead to (default: the public roots)", "",
               value_type::secret},
    EgressFlag{upstream, "--client-credential", "tls.credentialName", Shape::text,
               "Secret with tls.crt, tls.key and ca.crt, for --tls mutual", "", value_type::secret},
    EgressFlag{upstream, "--insecure-skip-upstream-verify", "tls.verify", Shape::no,
               "Do not verify the service's certificate"},
    EgressFlag{access, "--mesh-tls", "mesh.tls", Shape::text,
               "How callers reach the gateway: mutual or plaintext", "mutual", "mutual|plaintext"},
    EgressFlag{access, "--allow", "mesh.allow", Shape::texts,
               "NAMESPACE[/SERVICEACCOUNT] that may use it (default: everyone in the mesh); may be repeated",
               "", value_type::callers},
    EgressFlag{access, "--export-to", "mesh.exportTo", Shape::texts,
               "A namespace whose callers are sent to it, or * for all; may be repeated", "[*]",
               value_type::ns},
    EgressFlag{
        access, "--network-policy", "networkPolicy", Shape::yes,
        "Let only allowed callers' namespaces reach the pods at all; with --allow it needs Kubernetes 1.21"},
    EgressFlag{access, "--opa-image", "authorization.opa.image", Shape::text,
               "OPA's image (one with -envoy)"},
    EgressFlag{access, "--opa-fail-open", "authorization.opa.failOpen", Shape::yes,
               "Let requests pass while OPA does not answer"},
    EgressFlag{outside, "--expose", "ingress.hosts", Shape::texts,
               "A name by which it is reached through the ingress gateway; may be repeated"},
    EgressFlag{outside, "--tls-secret", "ingress.credentialName", Shape::text,
               "Secret beside the ingress gateway, with the certificate for that name", "",
               value_type::ingress_secret},
    EgressFlag{outside, "--self-signed", "ingress.selfSigned", Shape::yes,
               "Make that certificate, and a CA for it"},
    EgressFlag{outside, "--ingress-namespace", "ingress.namespace", Shape::text,
               "Where the ingress gateway runs", "istio-system", value_type::ns},
    EgressFlag{outside, "--ingress-selector", "ingress.selector", Shape::pairs,
               "The ingress gateway's labels", "[istio=ingressgateway]"},
    EgressFlag{pods, "--min-replicas", "gateway.replicas.min", Shape::number, "At least so many", "1"},
    EgressFlag{pods, "--max-replicas", "gateway.replicas.max", Shape::number,
               "At most so many, where the cluster measures pods", "5"},
    EgressFlag{pods, "--hub", "gateway.image.hub", Shape::text, "Registry of the proxy's image"},
    EgressFlag{pods, "--tag", "gateway.image.tag", Shape::text, "Tag of the proxy's image"},
    EgressFlag{pods, "--arch", "gateway.arch", Shape::texts,
               "An architecture of nodes to run on, such as arm64; may be repeated"},
    EgressFlag{pods, "--label", "gateway.labels", Shape::pairs, "KEY=VALUE on the pods; may be repeated"},
    EgressFlag{pods, "--log-level", "gateway.logLevel", Shape::text, "Of the proxy", "warning",
               "trace|debug|info|warning|error|critical|off"},
    EgressFlag{
        pods, "--probe-path", "probe.path", Shape::text,
        "Restart a gateway by which this path of the service cannot be reached for five minutes; the proxy's "
        "image needs curl"},
    EgressFlag{istio, "--istio-version", "istio.version", Shape::text,
               "The Istio to write for (default: the cluster's)"},
    EgressFlag{istio, "--istio-revision", "istio.revision", Shape::text,
               "The control plane's revision or tag (default: the default one)", "", value_type::revision},
};

/// The field's place in the form, made where it is missing.
Json& place(Json& form, const std::string& field) {
  Json* at = &form.edit("spec");
  for (const std::string& key : split(field, '.')) at = &at->edit(key);
  return *at;
}

Json pairs(const std::string& flag, const std::vector<std::string>& given) {
  Json mapping;
  for (const std::string& one : given) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError(flag + ": \"" + printable(one, 100) + "\" is not KEY=VALUE");
    mapping.set(one.substr(0, equals), one.substr(equals + 1));
  }
  return mapping;
}

FlagSet::Declared declare(FlagSet& flags, const EgressFlag& flag, const std::shared_ptr<Json>& form) {
  auto put = [form, flag](Json value) { place(*form, flag.field) = std::move(value); };
  switch (flag.shape) {
    case Shape::text:
      return flags.add(
          flag.name,
          [put, flag](const std::string& value) {
            if (const auto words = flag.words(); !words.empty()) check_word(flag.name, value, words);
            put(value);
          },
          flag.description);
    case Shape::number:
      return flags.add(
          flag.name, [put](int value) { put(value); }, flag.description);
    case Shape::texts:
    case Shape::pairs:
      return flags.add(
          flag.name,
          [put, flag](const std::vector<std::string>& given) {
            put(flag.shape == Shape::pairs ? pairs(flag.name, given) : array(given));
          },
          flag.description);
    case Shape::yes:
    case Shape::no:
      break;
  }
  return flags.add_switch(
      flag.name, [put, flag](bool given) { put(given == (flag.shape == Shape::yes)); }, flag.description);
}

void add_flag(FlagSet& flags, const EgressFlag& flag, const std::shared_ptr<Json>& form) {
  FlagSet::Declared declared = declare(flags, flag, form);
  declared.group(flag.group).default_text(flag.standard);
  if (flag.shape != Shape::yes && flag.shape != Shape::no) declared.type(flag.type);
}

/// What a flag says counts more than what stands in a file.
void lay_over(Json& form, const Json& given) {
  for (const auto& [key, value] : given.members()) {
    if (value.is_object() && form[key].is_object())
      lay_over(form.edit(key), value);
    else
      form.edit(key) = value;
  }
}

/// A file's text, or the name of a ConfigMap.
void put_policy(Json& form, const std::string& policy) {
  Json& opa = place(form, "authorization.opa");
  const bool is_file =
      file_exists(policy) || policy.ends_with(".rego") || policy.find('/') != std::string::npos;
  opa.erase(is_file ? "policyFrom" : "policy");
  if (is_file)
    opa.set("policy", read_file(policy));
  else
    opa.edit("policyFrom").set("configMap", policy);
}

}  // namespace

void EgressFlags::add(FlagSet& flags) {
  for (const EgressFlag& flag : egress_flags) add_flag(flags, flag, given_);
  flags
      .add("--opa-policy", *policy_,
           "A file in Rego, or a ConfigMap with one: Open Policy Agent decides on every request")
      .type(value_type::config_map_or_file)
      .group(access);
}

Json EgressFlags::put_over(Json form) const {
  lay_over(form, *given_);
  if (!policy_->empty()) put_policy(form, *policy_);
  return form;
}

}  // namespace egress::cli
