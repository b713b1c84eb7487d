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

struct Flag {
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

constexpr std::array flags{
    Flag{service, "--host", "hosts", Shape::texts,
         "The external service, such as httpbin.org; may be repeated"},
    Flag{service, "--port", "port", Shape::number, "Its port (80 with --tls none)", "443"},
    Flag{service, "--protocol", "protocol", Shape::text,
         "What callers speak: http, https (passed through), grpc or tcp (needs --address)", "http",
         "http|https|grpc|tcp"},
    Flag{service, "--alias", "aliases", Shape::texts,
         "A further name by which callers reach the first host, once it is in DNS; may be repeated"},
    Flag{service, "--address", "addresses", Shape::texts,
         "The IP address that callers of a TCP service dial; may be repeated"},
    Flag{service, "--upstream-server", "server", Shape::text,
         "The one host that serves all of a wildcard such as --host '*.example.com'"},
    Flag{upstream, "--tls", "tls.mode", Shape::text,
         "simple: the gateway makes and verifies it; mutual: with a certificate of its own; "
         "passthrough: callers make it; none",
         "simple", "simple|mutual|passthrough|none"},
    Flag{upstream, "--sni", "tls.sni", Shape::text, "The name to ask for (default: the host)"},
    Flag{upstream, "--upstream-san", "tls.subjectAltNames", Shape::texts,
         "A name that the service's certificate may bear (default: the host); may be repeated"},
    Flag{upstream, "--upstream-ca", "tls.caCredentialName", Shape::text,
         "Secret whose ca.crt the service's certificate must lead to (default: the public roots)", "",
         value_type::secret},
    Flag{upstream, "--client-credential", "tls.credentialName", Shape::text,
         "Secret with tls.crt, tls.key and ca.crt, for --tls mutual", "", value_type::secret},
    Flag{upstream, "--insecure-skip-upstream-verify", "tls.verify", Shape::no,
         "Do not verify the service's certificate"},
    Flag{access, "--mesh-tls", "mesh.tls", Shape::text, "How callers reach the gateway: mutual or plaintext",
         "mutual", "mutual|plaintext"},
    Flag{access, "--allow", "mesh.allow", Shape::texts,
         "NAMESPACE[/SERVICEACCOUNT] that may use it (default: everyone in the mesh); may be repeated", "",
         value_type::callers},
    Flag{access, "--export-to", "mesh.exportTo", Shape::texts,
         "A namespace whose callers are sent to it, or * for all; may be repeated", "[*]", value_type::ns},
    Flag{access, "--network-policy", "networkPolicy", Shape::yes,
         "Let only allowed callers' namespaces reach the pods at all; with --allow it needs Kubernetes 1.21"},
    Flag{access, "--opa-image", "authorization.opa.image", Shape::text, "OPA's image (one with -envoy)"},
    Flag{access, "--opa-fail-open", "authorization.opa.failOpen", Shape::yes,
         "Let requests pass while OPA does not answer"},
    Flag{outside, "--expose", "ingress.hosts", Shape::texts,
         "A name by which it is reached through the ingress gateway; may be repeated"},
    Flag{outside, "--tls-secret", "ingress.credentialName", Shape::text,
         "Secret beside the ingress gateway, with the certificate for that name", "",
         value_type::ingress_secret},
    Flag{outside, "--self-signed", "ingress.selfSigned", Shape::yes,
         "Make that certificate, and a CA for it"},
    Flag{outside, "--ingress-namespace", "ingress.namespace", Shape::text, "Where the ingress gateway runs",
         "istio-system", value_type::ns},
    Flag{outside, "--ingress-selector", "ingress.selector", Shape::pairs, "The ingress gateway's labels",
         "[istio=ingressgateway]"},
    Flag{pods, "--min-replicas", "gateway.replicas.min", Shape::number, "At least so many", "1"},
    Flag{pods, "--max-replicas", "gateway.replicas.max", Shape::number,
         "At most so many, where the cluster measures pods", "5"},
    Flag{pods, "--hub", "gateway.image.hub", Shape::text, "Registry of the proxy's image"},
    Flag{pods, "--tag", "gateway.image.tag", Shape::text, "Tag of the proxy's image"},
    Flag{pods, "--arch", "gateway.arch", Shape::texts,
         "An architecture of nodes to run on, such as arm64; may be repeated"},
    Flag{pods, "--label", "gateway.labels", Shape::pairs, "KEY=VALUE on the pods; may be repeated"},
    Flag{pods, "--log-level", "gateway.logLevel", Shape::text, "Of the proxy", "warning",
         "trace|debug|info|warning|error|critical|off"},
    Flag{
        pods, "--probe-path", "probe.path", Shape::text,
        "Restart a gateway by which this path of the service cannot be reached for five minutes; the proxy's "
        "image needs curl"},
    Flag{istio, "--istio-version", "istio.version", Shape::text,
         "The Istio to write for (default: the cluster's)"},
    Flag{istio, "--istio-revision", "istio.revision", Shape::text,
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

void add_flag(CLI::App& app, const Flag& flag, const std::shared_ptr<Json>& form) {
  auto put = [form, flag](Json value) { place(*form, flag.field) = std::move(value); };
  CLI::Option* option = nullptr;
  switch (flag.shape) {
    case Shape::text:
      option = app.add_option_function<std::string>(
          flag.name,
          [put, flag](const std::string& value) {
            if (const auto words = flag.words(); !words.empty()) check_word(flag.name, value, words);
            put(value);
          },
          flag.description);
      break;
    case Shape::number:
      option = app.add_option_function<int>(
          flag.name, [put](int value) { put(value); }, flag.description);
      break;
    case Shape::texts:
    case Shape::pairs:
      option = app.add_option_function<std::vector<std::string>>(
          flag.name,
          [put, flag](const std::vector<std::string>& given) {
            put(flag.shape == Shape::pairs ? pairs(flag.name, given) : array(given));
          },
          flag.description);
      option->allow_extra_args(false)->take_all();
      break;
    case Shape::yes:
    case Shape::no:
      // Less than never where it says "false".
      option = app.add_flag_function(
          flag.name, [put, flag](std::int64_t times) { put((times > 0) == (flag.shape == Shape::yes)); },
          flag.description);
      option->take_last();
      break;
  }
  option->group(flag.group)->default_str(flag.standard);
  if (flag.shape != Shape::yes && flag.shape != Shape::no) option->type_name(flag.type);
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

void EgressFlags::add(CLI::App& app) {
  for (const Flag& flag : flags) add_flag(app, flag, given_);
  app.add_option("--opa-policy", *policy_,
                 "A file in Rego, or a ConfigMap with one: Open Policy Agent decides on every request")
      ->type_name(value_type::config_map_or_file)
      ->group(access);
}

Json EgressFlags::put_over(Json form) const {
  lay_over(form, *given_);
  if (!policy_->empty()) put_policy(form, *policy_);
  return form;
}

}  // namespace egress::cli
