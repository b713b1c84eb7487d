#include "egress/mesh/egress_manifest.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/manifest_schema.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/opa.hpp"

namespace egress::mesh {
namespace {

constexpr const char* egress_kind = "EgressGateway";

/// Null for the default value, so that the manifest omits it.
template <typename T>
Json omit_default(const T& value, const T& default_value) {
  return value == default_value ? Json() : Json(value);
}
Json omit_empty(const std::vector<std::string>& texts) {
  return texts.empty() ? Json() : array(texts);
}
Json omit_empty(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}
Json omit_empty(const Json& mapping) {
  return mapping.members().empty() ? Json() : mapping;
}

Json tls_fields(const UpstreamTls& tls) {
  return object({
      {"mode", text(tls.mode)},
      {"sni", omit_empty(tls.sni)},
      {"verify", omit_default(tls.verify, true)},
      {"subjectAltNames", omit_empty(tls.subject_alt_names)},
      {"caCredentialName", omit_empty(tls.ca_credential)},
      {"credentialName", omit_empty(tls.credential)},
  });
}

Json mesh_fields(const MeshAccess& access) {
  std::vector<std::string> allow;
  for (const Caller& caller : access.allow) allow.push_back(caller.text());
  return object({
      {"tls", access.mutual ? "Mutual" : "Plaintext"},
      {"allow", omit_empty(allow)},
      {"exportTo", access.export_to == MeshAccess{}.export_to ? Json() : array(access.export_to)},
  });
}

Json ingress_fields(const std::optional<Ingress>& ingress) {
  if (!ingress) return {};
  return object({
      {"hosts", array(ingress->hosts)},
      {"credentialName", omit_empty(ingress->credential)},
      {"selfSigned", omit_default(ingress->self_signed, false)},
      {"namespace", omit_default(ingress->ns, Ingress{}.ns)},
      {"selector", omit_default(ingress->selector, Ingress{}.selector)},
  });
}

Json gateway_fields(const Workload& workload) {
  const Workload defaults;
  return object({
      {"replicas", object({{"min", workload.min_replicas}, {"max", workload.max_replicas}})},
      {"resources", omit_default(workload.resources, defaults.resources)},
      {"image", omit_empty(object({{"hub", omit_empty(workload.hub)}, {"tag", omit_empty(workload.tag)}}))},
      {"arch", omit_empty(workload.arch)},
      {"nodeSelector", workload.node_selector},
      {"tolerations", workload.tolerations},
      {"topologySpreadConstraints", workload.topology_spread},
      {"labels", workload.labels},
      {"annotations", workload.annotations},
      {"logLevel", omit_empty(workload.log_level)},
      {"serviceType", omit_default(workload.service_type, defaults.service_type)},
  });
}

Json probe_fields(const std::optional<Probe>& probe) {
  if (!probe) return {};
  return object({{"path", probe->path}, {"periodSeconds", probe->period_seconds}});
}

Json authorization_fields(const std::optional<Opa>& opa) {
  if (!opa) return {};
  const Json from = object({{"configMap", omit_empty(opa->config_map)}});
  return object({{"opa", object({
                             {"image", opa->image},
                             {"policyFrom", omit_empty(from)},
                             {"policy", omit_empty(opa->policy)},
                             {"failOpen", omit_default(opa->fail_open, false)},
                         })}});
}

Json istio_fields(const IstioSelection& selection) {
  return omit_empty(
      object({{"revision", omit_empty(selection.revision)}, {"version", omit_empty(selection.version)}}));
}

// Each of these leaves `target` unchanged if the field is absent. check_fields() has checked the types.
void read(const Json& value, std::string& target) {
  if (!value.is_null()) target = value.as_string();
}
void read(const Json& value, int& target) {
  if (!value.is_null()) target = static_cast<int>(value.as_integer());
}
void read(const Json& value, bool& target) {
  if (!value.is_null()) target = value.as_bool();
}
void read(const Json& value, std::vector<std::string>& target) {
  if (value.is_null()) return;
  target.clear();
  for (const Json& item : value.items()) target.push_back(item.as_string());
}
void read(const Json& value, Json& target) {
  if (!value.is_null()) target = value;
}

/// The enumerator whose value has the same index.
template <typename Enum>
void read(const Json& value, Enum& target, std::span<const std::string_view> values) {
  if (!value.is_null()) target = static_cast<Enum>(index_of_value(values, value.as_string()));
}

/// The allowed value as the schema spells it.
void read_value(const Json& value, std::string& target, std::string_view path) {
  if (value.is_null()) return;
  const auto& values = find_field(path)->values;
  target = values[index_of_value(values, value.as_string())];
}

void read_tls(const Json& fields, UpstreamTls& tls) {
  read(fields["mode"], tls.mode, tls_modes);
  read(fields["sni"], tls.sni);
  read(fields["verify"], tls.verify);
  read(fields["subjectAltNames"], tls.subject_alt_names);
  read(fields["caCredentialName"], tls.ca_credential);
  read(fields["credentialName"], tls.credential);
}

/// Reads "shop", "shop/*" or "pay/api". "shop/" is not read as the whole namespace, because the account may
/// come from an empty variable.
Caller read_caller(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash + 1 == text.size()) return {text, ""};
  const std::string account = text.substr(slash + 1);
  return {text.substr(0, slash), account == "*" ? "" : account};
}

void read_mesh_access(const Json& fields, MeshAccess& access) {
  if (!fields["tls"].is_null())
    access.mutual = index_of_value(mesh_tls_modes, fields["tls"].as_string()) == 0;
  std::vector<std::string> allow;
  read(fields["allow"], allow);
  for (const std::string& caller : allow) access.allow.push_back(read_caller(caller));
  read(fields["exportTo"], access.export_to);
}

std::optional<Ingress> read_ingress(const Json& fields) {
  if (fields.is_null()) return std::nullopt;
  Ingress ingress;
  read(fields["hosts"], ingress.hosts);
  read(fields["credentialName"], ingress.credential);
  read(fields["selfSigned"], ingress.self_signed);
  read(fields["namespace"], ingress.ns);
  read(fields["selector"], ingress.selector);
  return ingress;
}

void read_workload(const Json& fields, Workload& workload) {
  read(fields["replicas"]["min"], workload.min_replicas);
  // A minimum above the default maximum raises the maximum.
  workload.max_replicas = std::max(workload.max_replicas, workload.min_replicas);
  read(fields["replicas"]["max"], workload.max_replicas);
  read(fields["image"]["hub"], workload.hub);
  read(fields["image"]["tag"], workload.tag);
  read(fields["resources"], workload.resources);
  read(fields["arch"], workload.arch);
  read(fields["nodeSelector"], workload.node_selector);
  read(fields["tolerations"], workload.tolerations);
  read(fields["topologySpreadConstraints"], workload.topology_spread);
  read(fields["labels"], workload.labels);
  read(fields["annotations"], workload.annotations);
  read_value(fields["logLevel"], workload.log_level, "spec.gateway.logLevel");
  read_value(fields["serviceType"], workload.service_type, "spec.gateway.serviceType");
}

std::optional<Probe> read_probe(const Json& fields) {
  if (fields.is_null()) return std::nullopt;
  Probe probe;
  read(fields["path"], probe.path);
  read(fields["periodSeconds"], probe.period_seconds);
  return probe;
}

std::optional<Opa> read_opa(const Json& fields) {
  if (fields.is_null()) return std::nullopt;
  Opa opa;
  read(fields["image"], opa.image);
  read(fields["policyFrom"]["configMap"], opa.config_map);
  read(fields["policy"], opa.policy);
  read(fields["failOpen"], opa.fail_open);
  return opa;
}

/// The protocol and the TLS mode determine each other's default, and the default port.
void apply_defaults(Egress& egress, const Json& spec) {
  const bool tls_given = !spec["tls"]["mode"].is_null();
  const bool protocol_given = !spec["protocol"].is_null();
  const bool port_given = !spec["port"].is_null();
  if (!protocol_given && egress.tls.mode == TlsMode::passthrough) egress.protocol = Protocol::https;
  if (!tls_given && egress.protocol == Protocol::https) egress.tls.mode = TlsMode::passthrough;
  if (!tls_given && egress.protocol == Protocol::tcp) egress.tls.mode = TlsMode::none;
  if (!port_given && egress.is_http() && egress.tls.mode == TlsMode::none) egress.port = 80;
  if (!port_given && egress.protocol == Protocol::tcp) egress.port = 0;
}

void read_spec(const Json& spec, Egress& egress) {
  read(spec["hosts"], egress.hosts);
  read(spec["port"], egress.port);
  read(spec["aliases"], egress.aliases);
  read(spec["server"], egress.server);
  read(spec["addresses"], egress.addresses);
  read_tls(spec["tls"], egress.tls);
  read(spec["protocol"], egress.protocol, protocols);
  read_mesh_access(spec["mesh"], egress.mesh);
  egress.ingress = read_ingress(spec["ingress"]);
  read_workload(spec["gateway"], egress.workload);
  egress.probe = read_probe(spec["probe"]);
  egress.opa = read_opa(spec["authorization"]["opa"]);
  read(spec["networkPolicy"], egress.network_policy);
  read(spec["istio"]["revision"], egress.istio.revision);
  read(spec["istio"]["version"], egress.istio.version);
}

void read_metadata(const Json& metadata, Egress& egress) {
  read(metadata["name"], egress.name);
  read(metadata["namespace"], egress.ns);
  for (const auto& [key, value] : metadata["labels"].sorted().members())
    if (!is_own_label(key)) egress.labels.set(key, value);
}

/// `; did you mean "EgressGateway"?` if the text is close to it; otherwise empty.
std::string did_you_mean(const std::string& actual, const std::string& expected) {
  const std::vector<std::string> words{to_lower(expected)};
  return actual == expected || closest_match(to_lower(actual), words).empty()
             ? ""
             : "; did you mean \"" + expected + "\"?";
}

void check_kind(const Json& manifest) {
  const std::string& kind = manifest["kind"].as_string();
  const std::string& version = manifest["apiVersion"].as_string();
  if (kind == egress_kind && version == egress_api_version) return;
  const std::string problem = std::string("not an ") + egress_kind + " of " + egress_api_version +
                              ", but kind \"" + printable(kind, 100) + "\" of apiVersion \"" +
                              printable(version, 100) + "\"";
  throw InvalidManifest(
      {{kind == egress_kind ? "apiVersion" : "kind",
        problem + did_you_mean(kind, egress_kind) + did_you_mean(version, egress_api_version)}});
}

}  // namespace

std::string text(TlsMode mode) {
  return std::string(tls_modes[static_cast<std::size_t>(mode)]);
}

std::string text(Protocol protocol) {
  return std::string(protocols[static_cast<std::size_t>(protocol)]);
}

Json empty_egress_manifest(const std::string& name, const std::string& ns) {
  return object({
      {"apiVersion", egress_api_version},
      {"kind", egress_kind},
      {"metadata", object({{"name", name}, {"namespace", ns}})},
  });
}

Json egress_manifest(const Egress& egress) {
  Json manifest = empty_egress_manifest(egress.name, egress.ns);
  manifest.edit("metadata").set("labels", omit_empty(egress.labels));
  manifest.set("spec", object({
                           {"hosts", array(egress.hosts)},
                           {"port", egress.port},
                           {"aliases", omit_empty(egress.aliases)},
                           {"server", omit_empty(egress.server)},
                           {"addresses", omit_empty(egress.addresses)},
                           {"tls", tls_fields(egress.tls)},
                           {"protocol", text(egress.protocol)},
                           {"mesh", mesh_fields(egress.mesh)},
                           {"ingress", ingress_fields(egress.ingress)},
                           {"gateway", gateway_fields(egress.workload)},
                           {"probe", probe_fields(egress.probe)},
                           {"authorization", authorization_fields(egress.opa)},
                           {"networkPolicy", omit_default(egress.network_policy, false)},
                           {"istio", istio_fields(egress.istio)},
                       }));
  return manifest;
}

GatewayName read_gateway_name(const Json& manifest) {
  check_kind(manifest);
  const Json& metadata = manifest["metadata"];
  GatewayName name{metadata["namespace"].as_string(), metadata["name"].as_string()};
  FieldErrors errors;
  for (const auto& [field, text] :
       {std::pair("metadata.namespace", name.first), {"metadata.name", name.second}})
    errors.require(is_dns_label(text), field, "\"" + printable(text, 100) + "\" is not a valid name");
  errors.throw_if_any();
  return name;
}

Egress read_egress(const Json& manifest) {
  check_kind(manifest);
  FieldErrors errors;
  check_fields(manifest, errors);
  errors.throw_if_any();

  Egress egress;
  read_metadata(manifest["metadata"], egress);
  read_spec(manifest["spec"], egress);
  apply_defaults(egress, manifest["spec"]);
  if (egress.opa && egress.opa->image.empty()) egress.opa->image = opa_image;
  if (egress.ingress && egress.ingress->self_signed && egress.ingress->credential.empty())
    egress.ingress->credential = ingress_name(egress);
  return validate(std::move(egress));
}

}  // namespace egress::mesh
