#include "egress/mesh/egress_form.hpp"

#include <algorithm>
#include <array>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/form_fields.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/opa.hpp"

namespace egress::mesh {
namespace {

constexpr const char* form_kind = "EgressGateway";

template <typename Word>
using Words = std::pair<std::string_view, Word>;

constexpr std::array<Words<TlsMode>, 4> tls_words{{
    {"Simple", TlsMode::simple},
    {"Mutual", TlsMode::mutual},
    {"Passthrough", TlsMode::passthrough},
    {"None", TlsMode::none},
}};
constexpr std::array<Words<Protocol>, 4> protocol_words{{
    {"HTTP", Protocol::http},
    {"HTTPS", Protocol::https},
    {"GRPC", Protocol::grpc},
    {"TCP", Protocol::tcp},
}};
constexpr std::array<Words<bool>, 2> mesh_tls_words{{{"Mutual", true}, {"Plaintext", false}}};

/// A value that says more than its absence would; null otherwise, and then it is not written.
template <typename T>
Json unless(const T& value, const T& otherwise) {
  return value == otherwise ? Json() : Json(value);
}
Json unless_empty(const std::vector<std::string>& texts) {
  return texts.empty() ? Json() : array(texts);
}
Json unless_empty(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}
/// A mapping without members says nothing either.
Json unless_empty(const Json& mapping) {
  return mapping.members().empty() ? Json() : mapping;
}

Json tls_form(const UpstreamTls& tls) {
  return object({
      {"mode", text(tls.mode)},
      {"sni", unless_empty(tls.sni)},
      {"verify", unless(tls.verify, true)},
      {"subjectAltNames", unless_empty(tls.subject_alt_names)},
      {"caCredentialName", unless_empty(tls.ca_credential)},
      {"credentialName", unless_empty(tls.credential)},
  });
}

Json mesh_form(const MeshAccess& access) {
  std::vector<std::string> allow;
  for (const Caller& caller : access.allow) allow.push_back(caller.text());
  return object({
      {"tls", access.mutual ? "Mutual" : "Plaintext"},
      {"allow", unless_empty(allow)},
      {"exportTo", access.export_to == MeshAccess{}.export_to ? Json() : array(access.export_to)},
  });
}

Json ingress_form(const std::optional<Ingress>& ingress) {
  if (!ingress) return {};
  return object({
      {"hosts", array(ingress->hosts)},
      {"credentialName", unless_empty(ingress->credential)},
      {"selfSigned", unless(ingress->self_signed, false)},
      {"namespace", unless(ingress->ns, Ingress{}.ns)},
      {"selector", unless(ingress->selector, Ingress{}.selector)},
  });
}

Json gateway_form(const Workload& workload) {
  const Workload usual;
  return object({
      {"replicas", object({{"min", workload.min_replicas}, {"max", workload.max_replicas}})},
      {"resources", unless(workload.resources, usual.resources)},
      {"image",
       unless_empty(object({{"hub", unless_empty(workload.hub)}, {"tag", unless_empty(workload.tag)}}))},
      {"arch", unless_empty(workload.arch)},
      {"nodeSelector", workload.node_selector},
      {"tolerations", workload.tolerations},
      {"topologySpreadConstraints", workload.topology_spread},
      {"labels", workload.labels},
      {"annotations", workload.annotations},
      {"logLevel", unless_empty(workload.log_level)},
      {"serviceType", unless(workload.service_type, usual.service_type)},
  });
}

Json probe_form(const std::optional<Probe>& probe) {
  if (!probe) return {};
  return object({{"path", probe->path}, {"periodSeconds", probe->period_seconds}});
}

Json authorization_form(const std::optional<Opa>& opa) {
  if (!opa) return {};
  const Json from = object({{"configMap", unless_empty(opa->config_map)}});
  return object({{"opa", object({
                             {"image", opa->image},
                             {"policyFrom", unless_empty(from)},
                             {"policy", unless_empty(opa->policy)},
                             {"failOpen", unless(opa->fail_open, false)},
                         })}});
}

Json istio_form(const IstioWish& wish) {
  return unless_empty(
      object({{"revision", unless_empty(wish.revision)}, {"version", unless_empty(wish.version)}}));
}

void read_tls(FormFields fields, UpstreamTls& tls) {
  fields.read<TlsMode>("mode", tls.mode, tls_words);
  fields.read("sni", tls.sni);
  fields.read("verify", tls.verify);
  fields.read("subjectAltNames", tls.subject_alt_names);
  fields.read("caCredentialName", tls.ca_credential);
  fields.read("credentialName", tls.credential);
  fields.finish();
}

/// "shop", "shop/*" or "pay/api". Nothing behind the slash is no word for everyone: it may be an empty
/// variable.
Caller read_caller(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash + 1 == text.size()) return {text, ""};
  const std::string account = text.substr(slash + 1);
  return {text.substr(0, slash), account == "*" ? "" : account};
}

void read_mesh_access(FormFields fields, MeshAccess& access) {
  fields.read<bool>("tls", access.mutual, mesh_tls_words);
  std::vector<std::string> allow;
  fields.read("allow", allow);
  for (const std::string& one : allow) access.allow.push_back(read_caller(one));
  fields.read("exportTo", access.export_to);
  fields.finish();
}

void read_ingress(FormFields fields, Ingress& ingress) {
  fields.read("hosts", ingress.hosts);
  fields.read("credentialName", ingress.credential);
  fields.read("selfSigned", ingress.self_signed);
  fields.read("namespace", ingress.ns);
  fields.read_texts("selector", ingress.selector);
  fields.finish();
}

void read_workload(FormFields fields, Workload& workload) {
  FormFields replicas = fields.in("replicas");
  replicas.read("min", workload.min_replicas);
  // A floor above the usual ceiling lifts it.
  workload.max_replicas = std::max(workload.max_replicas, workload.min_replicas);
  replicas.read("max", workload.max_replicas);
  replicas.finish();
  FormFields image = fields.in("image");
  image.read("hub", workload.hub);
  image.read("tag", workload.tag);
  image.finish();
  fields.read_mapping("resources", workload.resources);
  fields.read("arch", workload.arch);
  fields.read_texts("nodeSelector", workload.node_selector);
  fields.read_list("tolerations", workload.tolerations);
  fields.read_list("topologySpreadConstraints", workload.topology_spread);
  fields.read_texts("labels", workload.labels);
  fields.read_texts("annotations", workload.annotations);
  fields.read("logLevel", workload.log_level);
  fields.read("serviceType", workload.service_type);
  fields.finish();
}

void read_probe(FormFields fields, Probe& probe) {
  fields.read("path", probe.path);
  fields.read("periodSeconds", probe.period_seconds);
  fields.finish();
}

void read_authorization(FormFields fields, std::optional<Opa>& opa) {
  const bool given = fields.has("opa");
  FormFields inside = fields.in("opa");
  Opa read;
  inside.read("image", read.image);
  FormFields from = inside.in("policyFrom");
  from.read("configMap", read.config_map);
  from.finish();
  inside.read("policy", read.policy);
  inside.read("failOpen", read.fail_open);
  inside.finish();
  fields.finish();
  if (given) opa = std::move(read);
}

/// What callers speak decides who makes the TLS, where nothing else is said, and the other way round.
void settle_modes(Egress& egress, const Json& spec) {
  const bool tls_given = !spec["tls"]["mode"].is_null();
  const bool protocol_given = !spec["protocol"].is_null();
  const bool port_given = !spec["port"].is_null();
  if (!protocol_given && egress.tls.mode == TlsMode::passthrough) egress.protocol = Protocol::https;
  if (!tls_given && egress.protocol == Protocol::https) egress.tls.mode = TlsMode::passthrough;
  if (!tls_given && egress.protocol == Protocol::tcp) egress.tls.mode = TlsMode::none;
  if (!port_given && egress.http() && egress.tls.mode == TlsMode::none) egress.port = 80;
  if (!port_given && egress.protocol == Protocol::tcp) egress.port = 0;
}

void read_spec(FormFields fields, Egress& egress) {
  fields.read("hosts", egress.hosts);
  fields.read("port", egress.port);
  fields.read("aliases", egress.aliases);
  fields.read("server", egress.server);
  fields.read("addresses", egress.addresses);
  read_tls(fields.in("tls"), egress.tls);
  fields.read<Protocol>("protocol", egress.protocol, protocol_words);
  read_mesh_access(fields.in("mesh"), egress.mesh);
  if (fields.has("ingress")) egress.ingress.emplace();
  Ingress none;
  read_ingress(fields.in("ingress"), egress.ingress ? *egress.ingress : none);
  read_workload(fields.in("gateway"), egress.workload);
  if (fields.has("probe")) egress.probe.emplace();
  Probe no_probe;
  read_probe(fields.in("probe"), egress.probe ? *egress.probe : no_probe);
  read_authorization(fields.in("authorization"), egress.opa);
  fields.read("networkPolicy", egress.network_policy);
  FormFields istio = fields.in("istio");
  istio.read("revision", egress.istio.revision);
  istio.read("version", egress.istio.version);
  istio.finish();
  fields.finish();
}

/// What the server and this tool put there is passed over, so that what `list -o json` prints can be read.
void read_metadata(FormFields fields, Egress& egress) {
  fields.read("name", egress.name);
  fields.read("namespace", egress.ns);
  Json labels;
  fields.read_texts("labels", labels);
  for (const auto& [key, value] : labels.sorted().members())
    if (!is_own_label(key)) egress.labels.set(key, value);
  Json passed_over;
  fields.read_mapping("annotations", passed_over);
  std::string ignored;
  for (const char* key : {"creationTimestamp", "uid"}) fields.read(key, ignored);
  fields.finish();
}

/// `; did you mean "EgressGateway"?`, where that is not what is written, and near it.
std::string did_you_mean(const std::string& written, const std::string& word) {
  const std::vector<std::string> words{lower(word)};
  return written == word || nearest(lower(written), words).empty() ? "" : "; did you mean \"" + word + "\"?";
}

void check_kind(const Json& form) {
  const std::string& kind = form["kind"].as_string();
  const std::string& version = form["apiVersion"].as_string();
  if (kind == form_kind && version == form_version) return;
  const std::string fault = std::string("this is not an ") + form_kind + " of " + form_version +
                            ", but kind \"" + printable(kind, 100) + "\" of apiVersion \"" +
                            printable(version, 100) + "\"";
  throw FaultyForm({{kind == form_kind ? "apiVersion" : "kind",
                     fault + did_you_mean(kind, form_kind) + did_you_mean(version, form_version)}});
}

template <typename Word, std::size_t count>
std::string word_of(Word word, const std::array<Words<Word>, count>& words) {
  for (const auto& [text, one] : words)
    if (one == word) return std::string(text);
  return {};
}

}  // namespace

std::string text(TlsMode mode) {
  return word_of(mode, tls_words);
}

std::string text(Protocol protocol) {
  return word_of(protocol, protocol_words);
}

Json empty_form(const std::string& name, const std::string& ns) {
  return object({
      {"apiVersion", form_version},
      {"kind", form_kind},
      {"metadata", object({{"name", name}, {"namespace", ns}})},
  });
}

Json file_form(const Egress& egress) {
  Json form = empty_form(egress.name, egress.ns);
  form.edit("metadata").set("labels", unless_empty(egress.labels));
  form.set("spec", object({
                       {"hosts", array(egress.hosts)},
                       {"port", egress.port},
                       {"aliases", unless_empty(egress.aliases)},
                       {"server", unless_empty(egress.server)},
                       {"addresses", unless_empty(egress.addresses)},
                       {"tls", tls_form(egress.tls)},
                       {"protocol", text(egress.protocol)},
                       {"mesh", mesh_form(egress.mesh)},
                       {"ingress", ingress_form(egress.ingress)},
                       {"gateway", gateway_form(egress.workload)},
                       {"probe", probe_form(egress.probe)},
                       {"authorization", authorization_form(egress.opa)},
                       {"networkPolicy", unless(egress.network_policy, false)},
                       {"istio", istio_form(egress.istio)},
                   }));
  return form;
}

GatewayName read_gateway_name(const Json& form) {
  check_kind(form);
  const Json& metadata = form["metadata"];
  GatewayName named{metadata["namespace"].as_string(), metadata["name"].as_string()};
  Faults faults;
  for (const auto& [field, one] :
       {std::pair("metadata.namespace", named.first), {"metadata.name", named.second}})
    faults.unless(is_label(one), field,
                  "\"" + printable(one, 100) + "\" is not the name of a gateway, or of a namespace");
  faults.throw_if_any();
  return named;
}

Egress read_egress(const Json& form) {
  check_kind(form);
  Faults faults;
  Egress egress;
  FormFields top(form, "", faults);
  Json passed_over;
  std::string ignored;
  top.read("apiVersion", ignored);
  top.read("kind", ignored);
  top.read_mapping("status", passed_over);
  read_metadata(top.in("metadata"), egress);
  read_spec(top.in("spec"), egress);
  top.finish();
  faults.throw_if_any();

  settle_modes(egress, form["spec"]);
  if (egress.opa && egress.opa->image.empty()) egress.opa->image = opa_image;
  if (egress.ingress && egress.ingress->self_signed && egress.ingress->credential.empty())
    egress.ingress->credential = ingress_name(egress);
  return validated(std::move(egress));
}

}  // namespace egress::mesh
