#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/json.hpp"
#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::mentions;
using testing::TestNamespace;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// As many gateways as that, a document each; `sed` changes them.
std::string print_manifests(int count, const std::string& sed = "") {
  return "for i in $(seq " + std::to_string(count) +
         "); do printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: "
         "gw-%s}\\n"
         "spec: {hosts: [%s.'$ns'.example.org]}\\n---\\n' $i $i; done | sed '" +
         sed + "' | kubectl egress ";
}

CommandResult run_with_manifests(const TestNamespace& ns, const std::string& arguments, int count,
                                 const std::string& sed = "") {
  return testing::sh("ns=" + ns.name() + "; " + print_manifests(count, sed) + arguments + " -n $ns");
}

/// How often a line ends like that.
long count(const std::string& text, const std::string& end) {
  return std::ranges::count_if(split(text, '\n'),
                               [&](const std::string& line) { return line.ends_with(end); });
}

std::string traffic(const CommandResult& result) {
  const auto lines = split(result.err, '\n');
  const auto found =
      std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with("waves: "); });
  return found == lines.end() ? "" : *found;
}

int number_after(const std::string& text, const std::string& word) {
  const std::size_t position = text.find(word);
  return position == std::string::npos ? -1 : std::stoi(text.substr(position + word.size()));
}

}  // namespace

TEST_CASE("several gateways are created, left unchanged and changed at once, with one line each") {
  const TestNamespace ns;
  const CommandResult created = run_with_manifests(ns, "apply -f -", 12);
  REQUIRE_MESSAGE(created.status == 0, created.err);
  CHECK(count(created.out, " created") == 12);
  CHECK(count(ns.egress("list").out, "s") == 12);
  CHECK_FALSE(contains(ns.egress("list").out, "Incomplete"));

  const CommandResult again = run_with_manifests(ns, "apply -f - -v 6", 12);
  CHECK(again.status == 0);
  CHECK(count(again.out, " unchanged") == 12);
  CHECK_FALSE(contains(again.err, "PATCH "));
  CHECK(number_after(traffic(again), "connections: ") == 1);

  const CommandResult changed =
      run_with_manifests(ns, "apply -f -", 12, "s/hosts: \\[7/port: 8443, hosts: [7/");
  REQUIRE_MESSAGE(changed.status == 0, changed.err);
  CHECK(count(changed.out, " unchanged") == 11);
  CHECK(contains(changed.out, "egressgateway/gw-7 configured\n"));
  CHECK(run_with_manifests(ns, "diff -f -", 12).status == 1);
}

// The records of very few are asked for by their names, and not listed.
TEST_CASE("an apply without changes sends as many requests for six gateways as for twelve") {
  const TestNamespace ns;
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 12).status == 0);
  const int few = number_after(traffic(run_with_manifests(ns, "apply -f - -v 6", 6)), "requests: ");
  const int more = number_after(traffic(run_with_manifests(ns, "apply -f - -v 6", 12)), "requests: ");
  CHECK(few > 0);
  CHECK(few == more);
}

TEST_CASE("diff sends as many list requests for nine gateways as for six, and prints them in order") {
  const TestNamespace ns;
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 9).status == 0);
  const CommandResult few = run_with_manifests(ns, "diff -f - -v 6", 6);
  const CommandResult more = run_with_manifests(ns, "diff -f - -v 6", 9);
  CHECK(few.status == 0);
  CHECK(more.status == 0);
  CHECK(number_after(traffic(few), "requests: ") == number_after(traffic(more), "requests: "));

  const std::string changed = "s/hosts:/port: 8443, hosts:/";
  const CommandResult all = run_with_manifests(ns, "diff -f - -v 6", 9, changed);
  CHECK(all.status == 1);
  const auto lists = [](const CommandResult& result) {
    const auto lines = split(result.err, '\n');
    return std::ranges::count_if(
        lines, [](const std::string& line) { return line.starts_with("GET ") && contains(line, "limit="); });
  };
  CHECK(lists(all) == lists(run_with_manifests(ns, "diff -f - -v 6", 6, changed)));
  CHECK(lists(all) > 0);
  std::size_t position = 0;
  for (int i = 1; i <= 9; ++i) {
    const std::size_t header = all.out.find("live/serviceentry.networking.istio.io/gw-" + std::to_string(i));
    REQUIRE(header != std::string::npos);
    CHECK(header >= position);
    position = header;
  }
}

TEST_CASE("each gateway adopts its own named objects, and a name of no gateway is refused") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount gw-2-egress").status == 0);
  const CommandResult refused =
      run_with_manifests(ns, "apply -f - --adopt sa/gw-2-egress --adopt sa/gw-22-egress", 3);
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"--adopt sa/gw-22-egress"}));
  CHECK(ns.egress("list -o name").out.empty());
  const CommandResult created = run_with_manifests(ns, "apply -f - --adopt sa/gw-2-egress", 3);
  REQUIRE_MESSAGE(created.status == 0, created.err);
  CHECK(count(created.out, " created") == 3);
  CHECK(mentions(created.err, {"serviceaccount/gw-2-egress", ns.name(), "taking over"}));
}

TEST_CASE("a gateway that fails does not stop the others, unless --fail-fast is set") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount gw-2-egress").status == 0);
  const CommandResult stopped = run_with_manifests(ns, "apply -f - --fail-fast", 3);
  CHECK(stopped.status == 1);
  CHECK(mentions(stopped.err, {"serviceaccount/gw-2-egress", "--adopt"}));
  CHECK(ns.egress("list -o name").out.empty());

  const CommandResult created = run_with_manifests(ns, "apply -f -", 3);
  CHECK(created.status == 1);
  CHECK(count(created.out, " created") == 2);
  CHECK(mentions(created.err, {"document 2", "egressgateway", "gw-2", ns.name()}));
  CHECK(mentions(created.err, {"1 of 3 gateways failed"}));
  CHECK(ns.egress("list -o name").out == "egressgateway/gw-1\negressgateway/gw-3\n");
}

TEST_CASE("--fail-fast checks all gateways once before it writes any") {
  const auto dry_runs = [](const std::string& flag) {
    const TestNamespace ns;
    const CommandResult created = run_with_manifests(ns, "apply -f - --wait=false -v 6 " + flag, 3);
    REQUIRE_MESSAGE(created.status == 0, created.err);
    const auto lines = split(created.err, '\n');
    return std::ranges::count_if(lines, [](const std::string& line) { return contains(line, "dryRun=All"); });
  };
  CHECK(dry_runs("--fail-fast") == dry_runs(""));
}

TEST_CASE("--fail-fast also stops when a gateway's pods do not become ready") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  REQUIRE(testing::sh("kubectl label namespace " + ns.name() + " sandbox.kubectl-egress/kubelet=stopped")
              .status == 0);
  // More than are under way at one time.
  const CommandResult stopped = run_with_manifests(ns, "apply -f - --fail-fast --timeout 2s", 20);
  CHECK(stopped.status == 1);
  CHECK(mentions(stopped.err, {"0 of 1", "of 20 gateways failed", "not attempted"}));
}

TEST_CASE("apply -R reads files in subdirectories") {
  const TestNamespace ns;
  const auto write_manifest = [](const std::string& name, const std::string& path) {
    return "printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: " + name +
           "}\\nspec: {hosts: [" + name + ".'$ns'.example.org]}\\n' > $folder/" + path + "; ";
  };
  const std::string apply = "kubectl egress apply --wait=false -n $ns -f $folder";
  const CommandResult result = testing::sh(
      "ns=" + ns.name() + "; folder=$(mktemp -d); mkdir $folder/below; " + write_manifest("top", "top.yaml") +
      write_manifest("deep", "below/deep.yml") + apply + " | tail -n 1; " + apply + " -R; rm -r $folder");
  CAPTURE(result.err);
  CHECK(result.out.starts_with("egressgateway/top created\n"));
  CHECK(contains(result.out, "egressgateway/deep created\n"));
  CHECK(contains(result.out, "egressgateway/top unchanged\n"));
}

TEST_CASE("two gateways with the same host are refused before anything is written") {
  const TestNamespace ns;
  const CommandResult refused =
      run_with_manifests(ns, "apply -f -", 2, "s/hosts: .*example/hosts: [same.example/");
  CHECK(refused.status == 1);
  CHECK(contains(refused.err, "IST0109"));
  CHECK(ns.egress("list -o name").out.empty());
  const CommandResult client_dry_run =
      run_with_manifests(ns, "apply -f - --dry-run=client", 2, "s/hosts: .*example/hosts: [same.example/");
  CHECK(client_dry_run.status == 1);
  CHECK(contains(client_dry_run.err, "IST0109"));
}

TEST_CASE("apply --prune deletes gateways that the files do not name, and a dry run lists them") {
  const TestNamespace ns;
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 3).status == 0);
  const CommandResult dry_run = run_with_manifests(ns, "apply -f - --prune --dry-run=server", 1);
  CHECK(dry_run.status == 0);
  CHECK(mentions(dry_run.err, {"egressgateway", "gw-2", ns.name(), "pruned"}));
  CHECK_FALSE(mentions(dry_run.err, {"gw-1"}));
  CHECK(count(ns.egress("list -o name").out, "") == 4);
  const CommandResult as_json = run_with_manifests(ns, "apply -f - --prune --dry-run=server -o json", 1);
  CHECK_MESSAGE(Json::parse(as_json.out)["kind"].as_string() == "List",
                "what is pruned is not data of -o json");

  const CommandResult pruned = run_with_manifests(ns, "apply -f - --prune", 1);
  REQUIRE_MESSAGE(pruned.status == 0, pruned.err);
  CHECK(contains(pruned.out, "egressgateway/gw-2 pruned\n"));
  CHECK(contains(pruned.out, "egressgateway/gw-3 pruned\n"));
  CHECK(ns.egress("list -o name").out == "egressgateway/gw-1\n");
}

TEST_CASE("a selector limits what apply writes and prunes") {
  const TestNamespace ns;
  // gw-1 and gw-3 are the shop's.
  const std::string labelled = "s/name: gw-\\([13]\\)/labels: {team: shop}, name: gw-\\1/";
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 3, labelled).status == 0);
  CHECK(ns.egress("list -o name -l team=shop").out == "egressgateway/gw-1\negressgateway/gw-3\n");

  const CommandResult dry_run =
      run_with_manifests(ns, "apply -f - -l team=shop --prune --dry-run=server", 2, labelled);
  CHECK(dry_run.status == 0);
  CHECK(mentions(dry_run.err, {"gw-3", "pruned"}));
  CHECK_FALSE(mentions(dry_run.err, {"gw-2"}));
  const CommandResult pruned =
      run_with_manifests(ns, "apply -f - -l team=shop --prune", 2, labelled + "; s/gw-2/gw-9/");
  REQUIRE_MESSAGE(pruned.status == 0, pruned.err);
  CHECK(contains(pruned.out, "egressgateway/gw-3 pruned\n"));
  CHECK_MESSAGE(ns.egress("list -o name").out == "egressgateway/gw-1\negressgateway/gw-2\n",
                "gw-9 is not the shop's, and gw-2, which no file names, neither");

  // A label on a gateway does not exclude it from the files.
  REQUIRE(ns.kubectl("label configmap gw-2-egress team=shop").status == 0);
  const CommandResult again = run_with_manifests(ns, "apply -f - -l team=shop --prune", 2, labelled);
  REQUIRE_MESSAGE(again.status == 0, again.err);
  CHECK_FALSE(contains(again.err, "pruned"));
  CHECK_FALSE(contains(again.out, "pruned"));

  const CommandResult none = run_with_manifests(ns, "apply -f - -l team=pay --prune", 2, labelled);
  CHECK(none.status == 1);
  CHECK(mentions(none.err, {"no gateway", "files", "--selector"}));
  CHECK(count(ns.egress("list -o name").out, "") == 3);
}

TEST_CASE("a gateway's labels follow its file, and labels of other managers stay") {
  const TestNamespace ns;
  const std::string labelled = "s/name: gw/labels: {team: shop, stage: test}, name: gw/";
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 1, labelled).status == 0);
  REQUIRE(ns.kubectl("label configmap gw-1-egress cost-center=7 stage=live --overwrite").status == 0);
  const std::string labels = "list -o jsonpath='{.items[0].metadata.labels}'";
  CHECK(contains(ns.egress(labels).out, R"("stage":"live")"));

  const CommandResult difference = run_with_manifests(ns, "diff -f -", 1, labelled);
  CHECK(difference.status == 1);
  CHECK(contains(difference.out, "-    stage: live\n+    stage: test\n"));
  const std::string renamed = "s/name: gw/labels: {team: pay}, name: gw/";
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 1, renamed).status == 0);
  const std::string changed_labels = ns.egress(labels).out;
  CHECK(contains(changed_labels, R"("team":"pay")"));
  CHECK(contains(changed_labels, R"("cost-center":"7")"));
  CHECK_FALSE(contains(changed_labels, "stage"));
  CHECK(contains(run_with_manifests(ns, "apply -f -", 1, renamed).out, "egressgateway/gw-1 unchanged"));
}

TEST_CASE("gateways are deleted by file, by label and with --all") {
  const TestNamespace ns;
  REQUIRE(
      run_with_manifests(ns, "apply -f - --wait=false", 5, "s/name: gw-5/labels: {team: shop}, name: gw-5/")
          .status == 0);
  const CommandResult by_file = run_with_manifests(ns, "delete -f - --drain 0 -o name", 2, "s/gw-2/gw-9/");
  CHECK(by_file.status == 1);
  CHECK(by_file.out == "egressgateway/gw-1\n");
  CHECK(mentions(by_file.err, {"egressgateway", "gw-9", "not found"}));
  CHECK(run_with_manifests(ns, "delete -f - --drain 0 --ignore-not-found", 1, "s/hosts/no-longer-a-field/")
            .status == 0);
  CHECK_MESSAGE(run_with_manifests(ns, "delete -f - --drain 0 -l team=shop", 4).out.empty(),
                "the shop's is gw-5 alone");

  const CommandResult by_label = ns.egress("delete -l team=shop --drain 0 -o name");
  CHECK_MESSAGE(by_label.status == 0, by_label.err);
  CHECK(by_label.out == "egressgateway/gw-5\n");
  const CommandResult no_match = ns.egress("delete -l team=shop");
  CHECK(no_match.status == 0);
  CHECK(contains(no_match.err, "No egress gateways found in " + ns.name() + " namespace."));

  REQUIRE(
      ns.kubectl("patch configmap gw-2-egress --type merge -p '{\"data\":{\"egressgateway.yaml\":\"{}\"}}'")
          .status == 0);
  const CommandResult all = ns.egress("delete --all --drain 0");
  CHECK_MESSAGE(all.status == 1, "what nobody can read is not deleted, and that is said");
  CHECK(mentions(all.err, {"configmap/gw-2-egress", ns.name()}));
  CHECK(count(all.out, " deleted") == 2);
  CHECK(mentions(run_with_manifests(ns, "delete -f -", 2).err, {"configmap/gw-2-egress", ns.name()}));
  CHECK(ns.egress("list -o name").out.empty());
}

TEST_CASE("gateways are shown by name, and the output of -o name is accepted as input") {
  const TestNamespace ns;
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 3).status == 0);
  CHECK(ns.egress("get gw-2 -o name").out == "egressgateway/gw-2\n");
  CHECK(ns.egress("get gw-2 -o jsonpath='{.metadata.name}'").out == "gw-2");
  const CommandResult listed = ns.egress("list gw-3 gw-4 egressgateway/gw-1 --no-headers");
  CHECK(listed.status == 1);
  CHECK(split(listed.out, '\n').size() == 3);
  CHECK(mentions(listed.err, {"error", "egressgateway", "gw-4", "not found", ns.name()}));
  CHECK_FALSE(contains(listed.err, "gw-3"));
  CHECK(ns.egress("inspect egressgateways/gw-1 -o name").out == "egressgateway/gw-1\n");

  const CommandResult deleted = testing::sh("kubectl egress list -o name -n " + ns.name() +
                                            " | xargs kubectl egress delete --drain 0 -n " + ns.name());
  CHECK_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(count(deleted.out, " deleted") == 3);
}

TEST_CASE("delete accepts only one way to select gateways") {
  const TestNamespace ns;
  struct Refusal {
    const char* arguments;
    std::vector<std::string> facts;
  };
  const std::vector<Refusal> refusals{
      {"delete", {"-f", "-l", "--all"}},
      {"delete a --all", {"only one way"}},
      {"delete --all -l a=b", {"only one way"}},
      {"delete a -A", {"--all-namespaces", "--all", "-l"}},
      {"delete -l 'a=b=c'", {"a=b=c"}},
      {"delete -A -l \"$not_set\"", {"--selector", "empty"}},
      {"apply -f none.yaml --prune -l \"$not_set\"", {"--selector", "empty"}},
  };
  for (const Refusal& refusal : refusals) {
    CAPTURE(refusal.arguments);
    const CommandResult refused = ns.egress(refusal.arguments);
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(mentions(refused.err, refusal.facts));
  }
}

TEST_CASE("several gateways are deleted and drained at the same time") {
  const TestNamespace ns;
  REQUIRE(run_with_manifests(ns, "apply -f - --wait=false", 4).status == 0);
  const CommandResult deleted = ns.egress("delete gw-1 gw-2 gw-3 gw-4 gw-5");
  CHECK(deleted.status == 1);
  CHECK(count(deleted.out, " deleted") == 4);
  CHECK(mentions(deleted.err, {"egressgateway", "gw-5", "not found"}));
  CHECK(ns.egress("list -o name").out.empty());
}

}  // namespace egress
