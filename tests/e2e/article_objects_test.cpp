#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "support/object_diff.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

// What the article "On Demand Egress Gateways" makes by hand stands beside the project, not in it
// (EGRESS_SHARED_DIR): without it there is nothing to compare.

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::ExpectedDifference;
using testing::sh;
using testing::TestNamespace;

const std::string ingress_ns = "istio-system";

std::string reference(const std::string& file) {
  const char* shared_dir = std::getenv("EGRESS_SHARED_DIR");
  return std::string(shared_dir != nullptr ? shared_dir : EGRESS_SHARED_DIR) + "/reference/" + file;
}

/// The sandbox that has the article's Istio.
bool runs_article_istio() {
  const CommandResult image = sh("kubectl get deployment istiod -n " + ingress_ns +
                                 " -o jsonpath='{.spec.template.spec.containers[0].image}'");
  return testing::on_sandbox() && image.out.ends_with(":1.7.0");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// The article's own Gateway for the ingress gateway, of the text around it.
Json ingress_gateway_of(const std::string& article) {
  for (std::string block : split(replaced(article, "{{<", "\f"), '\f')) {
    if (block.find("name: my-ingressgateway\n") == std::string::npos) continue;
    block = replaced(replaced(block, "<my-hostname>", "httpbin.example.com"), "<my-secret-name>", "by-hand");
    if (block.starts_with(" text yaml >}}")) return parse_yaml(block.substr(block.find('\n')));
  }
  return {};
}

/// What the article's reader puts on the cluster: of its text, of its chart.
std::vector<Json> article_objects() {
  std::vector<Json> objects{ingress_gateway_of(read_file(reference("on-demand-egress-gateways.md")))};
  for (const char* file : {"istio-1.7.0/egress-chart.rendered.yaml", "istio-1.7.0/article-routing.yaml"})
    for (Json& item : parse_yaml_documents(read_file(reference(file))))
      if (item.is_object()) objects.push_back(std::move(item));
  return objects;
}

/// The article's objects, made in that namespace, and beside the ingress gateway; those there go with this.
class ArticleObjects {
 public:
  explicit ArticleObjects(const TestNamespace& ns) {
    std::vector<Json> objects = article_objects();
    for (Json& item : objects)
      if (item["metadata"]["namespace"].as_string() != ingress_ns)
        item.edit("metadata").set("namespace", ns.name());
    const std::string file = std::string(std::getenv("EGRESS_SANDBOX_DIR")) + "/by-hand.yaml";
    std::ofstream(file) << to_yaml(objects);
    const CommandResult created = sh("kubectl create -f " + file);
    REQUIRE_MESSAGE(created.status == 0, created.err);
  }
  ~ArticleObjects() { sh("kubectl delete gateway.networking.istio.io my-ingressgateway -n " + ingress_ns); }
  ArticleObjects(const ArticleObjects&) = delete;
  ArticleObjects& operator=(const ArticleObjects&) = delete;
};

/// An object of the article's, and the one of ours that stands for it.
struct ObjectPair {
  const char* what;
  const char* article;
  const char* ours;
};

/// The article's one VirtualService is two of ours; its DestinationRule is that of the way out.
constexpr std::array pairs{
    ObjectPair{"ServiceAccount", "serviceaccount httpbin-egress-service-account",
               "serviceaccount httpbin-egress"},
    ObjectPair{"Role", "role httpbin-egress-sds", "role httpbin-egress"},
    ObjectPair{"RoleBinding", "rolebinding httpbin-egress-sds", "rolebinding httpbin-egress"},
    ObjectPair{"Service", "service httpbin-egress", "service httpbin-egress"},
    ObjectPair{"Deployment", "deployment httpbin-egress", "deployment httpbin-egress"},
    ObjectPair{"HorizontalPodAutoscaler", "horizontalpodautoscaler httpbin-egress",
               "horizontalpodautoscaler httpbin-egress"},
    ObjectPair{"PodDisruptionBudget", "poddisruptionbudget httpbin-egress",
               "poddisruptionbudget httpbin-egress"},
    ObjectPair{"Gateway", "gateway httpbin-egress", "gateway httpbin-egress"},
    ObjectPair{"CallersRoute", "virtualservice httpbin-egress", "virtualservice httpbin-egress"},
    ObjectPair{"UpstreamRoute", "virtualservice httpbin-egress", "virtualservice httpbin-egress-upstream"},
    ObjectPair{"ServiceEntry", "serviceentry httpbin-egress", "serviceentry httpbin-egress"},
    ObjectPair{"DestinationRule", "destinationrule httpbin-egress",
               "destinationrule httpbin-egress-upstream"},
    ObjectPair{"PeerAuthentication", "peerauthentication httpbin-egress",
               "peerauthentication httpbin-egress"},
};

/// What we have and the article has not, and the section of ISTIO.md that asks for it.
const std::vector<ExpectedDifference> additions{
    {"secret httpbin-egress-cacert", "7, 18.3: this Istio verifies a service only with roots in a Secret"},
    {"destinationrule httpbin-egress", "3, 4, 18.2: the mesh's TLS on the way to the gateway"},
};

/// The differences, each with the section of ISTIO.md that asks for it, or the contract.
const std::vector<ExpectedDifference> expected_differences{
    {"+ *.metadata.labels.app.kubernetes.io/*", "the contract: labels of every object, and of pods"},
    {"+ *.metadata.labels.applyset.kubernetes.io/part-of = *", "the contract: member of the record's set"},
    {"- *.metadata.labels.*", "2: labels that another gateway may have; 18.6: they let its Gateways in"},
    {"* *.metadata.name = *", "the contract: every object is called NAME-egress, the way out -upstream"},
    {"* Deployment.spec.template.spec.serviceAccount*", "the contract: the same"},
    {"* RoleBinding.roleRef.name = *", "the contract: the same"},
    {"- RoleBinding.subjects[httpbin-egress-service-account].*", "the contract: the same"},
    {"+ RoleBinding.subjects[httpbin-egress].*", "the contract: the same"},

    {"+ *.spec.selector.*kubectl-egress/gateway = httpbin.httpbin", "2: one label that no other has"},
    {"+ Deployment.spec.template.metadata.labels.kubectl-egress/gateway = httpbin.httpbin", "2: the same"},
    {"+ Deployment.spec.template.metadata.labels.app = httpbin-egress", "the contract: for people"},
    {"- *.spec.selector.*app = istio-egressgateway", "2, 18.6: foreign Gateways would configure these pods"},
    {"- *.spec.selector.*istio = egressgateway", "2, 18.6: the same"},
    {"- *.spec.selector.*custom-egress = httpbin-egress", "2: the same"},
    {"- Gateway.spec.selector.service.istio.io/canonical-name = *",
     "18.7: with injection it selects nothing"},
    {"- PodDisruptionBudget.spec.selector.matchLabels.release = *", "18.8: no pod has it"},
    {"- PodDisruptionBudget.spec.minAvailable = 1", "18.8: it would stop every drain of a single pod"},
    {"+ PodDisruptionBudget.spec.maxUnavailable = 1", "18.8: the same"},
    {"+ PeerAuthentication.spec.selector.matchLabels.*", "18.2: not every workload of the namespace"},
    {"- HorizontalPodAutoscaler.*", "nothing measures pods on the sandbox: it could never scale"},

    {"* Deployment.*.env[JWT_POLICY].value = *", "18.1: the token that istiod takes"},
    {"- Deployment.*[istio-token].*", "14: that one needs no volume"},
    {"+ Deployment.*.env[PROXY_CONFIG].*", "14, 18.12: the mesh's settings, which its namespace has not"},
    {"+ Deployment.*.env[DNS_AGENT].name = DNS_AGENT", "14: the mesh's proxyMetadata"},
    {"- Deployment.*.env[ISTIO_META_ROUTER_MODE].*", "14: for several clusters only"},
    {"- Deployment.*.ports[15443].*", "14: the same"},
    {"- Service.spec.ports[tls].*", "14: the same"},
    {"- Deployment.*.ports[8443].*", "0: only where callers bring their own TLS"},
    {"- Service.spec.ports[https].*", "0: the same"},
    {"+ Service.metadata.annotations.networking.istio.io/exportTo = *",
     "16: callers must see it in any mesh"},

    {"* Gateway.spec.servers[0].hosts[*", "0: \"./\" binds routes of this namespace alone"},
    {"* Gateway.spec.servers[0].port.name = *", "3, 4, 18.2: callers come with the mesh's TLS"},
    {"* Gateway.spec.servers[0].port.protocol = *", "3, 4, 18.2: the same"},
    {"+ Gateway.spec.servers[0].tls.mode = ISTIO_MUTUAL", "3, 4, 18.2: the same"},
    {"* IngressGateway.spec.servers[1].port.name = *", "1: unique among the servers of one port"},
    {"* IngressGateway.spec.servers[1].port.protocol = *", "18.10: one word in two spellings"},

    {"+ *Route.spec.hosts[httpbin.org] = httpbin.org", "0: the service's own name leads there, too"},
    {"* CallersRoute.spec.gateways[istio-system/*", "the contract: what the ingress Gateway is called"},
    {"- CallersRoute.spec.gateways[httpbin/httpbin-egress] = *", "16: the way out is a route of its own"},
    {"- CallersRoute.spec.http[1].*", "16: the same"},
    {"- *Route.spec.http[0].match[0].*", "4: with two routes none is needed"},
    {"+ CallersRoute.spec.exportTo[*] = *", "16, 18.9: said, not left to the mesh's default"},
    {"+ UpstreamRoute.spec.exportTo[.] = .", "16, 18.9: nobody else's to see"},
    {"- UpstreamRoute.spec.gateways[*", "16: the callers' half"},
    {"- UpstreamRoute.spec.http[0].route[0].*", "16: the same"},
    {"- UpstreamRoute.spec.http[1].*", "16: it comes first where the callers' half is gone"},
    {"+ UpstreamRoute.spec.http[0].route[0].destination.*", "16: the same, and 6: a subset hides the TLS"},
    {"+ UpstreamRoute.spec.http[0].rewrite.authority = httpbin.org", "7, 18.4: the service's own Host"},
    {"+ UpstreamRoute.spec.http[0].headers.request.remove[x-*", "18.13: nothing of the mesh leaves it"},

    {"+ ServiceEntry.spec.exportTo[.] = .", "5, 18.5: or callers pass the gateway by"},
    {"* ServiceEntry.spec.ports[https].protocol = *", "6: the same to the gateway"},
    {"- DestinationRule.spec.subsets[http-egress-subset].*", "6: needless, and analyzers pass it over"},
    {"+ DestinationRule.spec.trafficPolicy.portLevelSettings[0].port.number = 443", "6: the same"},
    {"+ DestinationRule.spec.trafficPolicy.portLevelSettings[0].tls.mode = SIMPLE", "6: the same"},
    {"+ DestinationRule.spec.trafficPolicy.portLevelSettings[0].tls.*", "7, 18.3: the service is verified"},
    {"+ DestinationRule.spec.exportTo[.] = .", "16, 18.9: nobody else's TLS"},
};

/// Without what the server and its controllers put there.
Json without_server_fields(Json object) {
  object.erase("status");
  object.erase("secrets");
  Json& metadata = object.edit("metadata");
  for (const char* key : {"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
                          "selfLink", "namespace"})
    metadata.erase(key);
  metadata.edit("annotations").erase("deployment.kubernetes.io/revision");
  if (object["kind"].as_string() == "Service") {
    object.edit("spec").erase("clusterIP");
    object.edit("spec").erase("clusterIPs");
  }
  return object;
}

/// As if it stood in the article's namespace, whose name some fields hold.
Json normalized(const Json& object, const TestNamespace& ns) {
  return object.is_null() ? object
                          : Json::parse(replaced(without_server_fields(object).dump(), ns.name(), "httpbin"));
}

Json ingress_gateway(const std::string& gateway) {
  const CommandResult result =
      sh("kubectl get gateway.networking.istio.io " + gateway + " -o json -n " + ingress_ns);
  REQUIRE_MESSAGE(result.status == 0, result.err);
  return Json::parse(result.out);
}

/// "deployment httpbin-egress", of a reference in a gateway's status.
std::string kind_and_name(const Json& reference) {
  std::string kind = reference["kind"].as_string();
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) { return std::tolower(c); });
  return kind + " " + reference["name"].as_string();
}

/// What the article's steps store; gone again when this returns.
Json stored_article_objects() {
  const TestNamespace ns;
  const ArticleObjects created(ns);
  Json article;
  for (const ObjectPair& pair : pairs) article.set(pair.what, normalized(ns.object(pair.article), ns));
  article.set("IngressGateway", normalized(ingress_gateway("my-ingressgateway"), ns));
  REQUIRE(ns.kubectl("delete virtualservice --all").status == 0);
  return article;
}

/// The certificate for the exposed name, beside the ingress gateway.
struct Secret {
  Secret() {
    const CommandResult created = sh(
        "cd $(mktemp -d) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 "
        "-subj /CN=httpbin.example.com -addext subjectAltName=DNS:httpbin.example.com -keyout tls.key "
        "-out tls.crt 2>/dev/null && kubectl create secret tls by-hand --cert=tls.crt --key=tls.key -n " +
        std::string(ingress_ns));
    REQUIRE_MESSAGE(created.status == 0, created.err);
  }
  ~Secret() { sh("kubectl delete secret by-hand -n " + std::string(ingress_ns)); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
};

}  // namespace

// users.md: 1, 3, 4
TEST_CASE("every difference from the article's objects is expected") {
  if (!runs_article_istio()) return testing::skip("the cluster does not run the article's Istio");
  if (!file_exists(reference("istio-1.7.0/article-routing.yaml"))) {
    return testing::skip("the article's objects are not beside the checkout");
  }
  // One after the other: two of one host would be refused.
  const Json article = stored_article_objects();
  const Secret certificate;
  const TestNamespace ns;
  const CommandResult created =
      ns.egress("create httpbin --host httpbin.org --expose httpbin.example.com --tls-secret by-hand");
  REQUIRE_MESSAGE(created.status == 0, created.err);

  Json ours;
  for (const ObjectPair& pair : pairs) ours.set(pair.what, normalized(ns.object(pair.ours), ns));
  ours.set("IngressGateway", normalized(ingress_gateway(ns.name() + "-httpbin-egress"), ns));
  const auto unexpected =
      testing::unexpected_differences(testing::differences(article, ours), expected_differences);
  CHECK_MESSAGE(unexpected.empty(), join(unexpected, "\n"));

  std::vector<std::string> additional;
  const Json inspected = Json::parse(ns.egress("inspect httpbin -o json").out);
  for (const Json& item : inspected["status"]["objects"].items())
    if (const std::string name = kind_and_name(item); item["namespace"].as_string() == ns.name())
      if (std::ranges::find(pairs, name, &ObjectPair::ours) == pairs.end()) additional.push_back(name);
  const auto unexpected_additions = testing::unexpected_differences(additional, additions);
  CHECK_MESSAGE(unexpected_additions.empty(), join(unexpected_additions, "\n"));
  CHECK(ns.egress("delete httpbin").status == 0);
}

TEST_CASE("objects of a client dry run for the article's Istio are accepted by its cluster") {
  if (!runs_article_istio()) return testing::skip("the cluster does not run the article's Istio");
  const TestNamespace ns;
  const CommandResult applied =
      sh("KUBECONFIG=/nonexistent kubectl-egress create httpbin --host httpbin.org --dry-run=client "
         "--istio-version 1.7 -o yaml -n " +
         ns.name() + " | kubectl apply --server-side --dry-run=server -f -");
  CHECK_MESSAGE(applied.status == 0, applied.err);
  CHECK(applied.out.find("horizontalpodautoscaler.autoscaling/httpbin-egress serverside-applied") !=
        std::string::npos);
}

}  // namespace egress

TEST_SUITE_END();
