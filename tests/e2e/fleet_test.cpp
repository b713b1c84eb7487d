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

using testing::mentions;
using testing::Ran;
using testing::TestNamespace;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// As many gateways as that, a document each; `sed` changes them.
std::string forms(int count, const std::string& sed = "") {
  return "for i in $(seq " + std::to_string(count) +
         "); do printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: "
         "gw-%s}\\n"
         "spec: {hosts: [%s.'$ns'.example.org]}\\n---\\n' $i $i; done | sed '" +
         sed + "' | kubectl egress ";
}

Ran run(const TestNamespace& ns, const std::string& words, int count, const std::string& sed = "") {
  return testing::sh("ns=" + ns.name() + "; " + forms(count, sed) + words + " -n $ns");
}

/// How often a line ends like that.
long count(const std::string& text, const std::string& end) {
  return std::ranges::count_if(split(text, '\n'),
                               [&](const std::string& line) { return line.ends_with(end); });
}

std::string traffic(const Ran& ran) {
  const auto lines = split(ran.err, '\n');
  const auto found =
      std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with("waves: "); });
  return found == lines.end() ? "" : *found;
}

int number_behind(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  return at == std::string::npos ? -1 : std::stoi(text.substr(at + word.size()));
}

}  // namespace

TEST_CASE("several gateways are made, left alone and changed at once, each with a line of its own") {
  const TestNamespace ns;
  const Ran made = run(ns, "apply -f -", 12);
  REQUIRE_MESSAGE(made.status == 0, made.err);
  CHECK(count(made.out, " created") == 12);
  CHECK(count(ns.egress("list").out, "s") == 12);
  CHECK_FALSE(has(ns.egress("list").out, "Incomplete"));

  const Ran again = run(ns, "apply -f - -v 6", 12);
  CHECK(again.status == 0);
  CHECK(count(again.out, " unchanged") == 12);
  CHECK_FALSE(has(again.err, "PATCH "));
  CHECK(number_behind(traffic(again), "connections: ") == 1);

  const Ran changed = run(ns, "apply -f -", 12, "s/hosts: \\[7/port: 8443, hosts: [7/");
  REQUIRE_MESSAGE(changed.status == 0, changed.err);
  CHECK(count(changed.out, " unchanged") == 11);
  CHECK(has(changed.out, "egressgateway/gw-7 configured\n"));
  CHECK(run(ns, "diff -f -", 12).status == 1);
}

// The records of very few are asked for by their names, and not listed.
TEST_CASE("the lists that tell that nothing is to be done are as many for six gateways as for twelve") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 12).status == 0);
  const int few = number_behind(traffic(run(ns, "apply -f - -v 6", 6)), "requests: ");
  const int more = number_behind(traffic(run(ns, "apply -f - -v 6", 12)), "requests: ");
  CHECK(few > 0);
  CHECK(few == more);
}

TEST_CASE("a diff asks for as many lists for nine gateways as for six, and prints them in their order") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 9).status == 0);
  const Ran few = run(ns, "diff -f - -v 6", 6);
  const Ran more = run(ns, "diff -f - -v 6", 9);
  CHECK(few.status == 0);
  CHECK(more.status == 0);
  CHECK(number_behind(traffic(few), "requests: ") == number_behind(traffic(more), "requests: "));

  const std::string changed = "s/hosts:/port: 8443, hosts:/";
  const Ran all = run(ns, "diff -f - -v 6", 9, changed);
  CHECK(all.status == 1);
  const auto lists = [](const Ran& ran) {
    const auto lines = split(ran.err, '\n');
    return std::ranges::count_if(
        lines, [](const std::string& line) { return line.starts_with("GET ") && has(line, "limit="); });
  };
  CHECK(lists(all) == lists(run(ns, "diff -f - -v 6", 6, changed)));
  CHECK(lists(all) > 0);
  std::size_t at = 0;
  for (int i = 1; i <= 9; ++i) {
    const std::size_t own = all.out.find("standing/serviceentry.networking.istio.io/gw-" + std::to_string(i));
    REQUIRE(own != std::string::npos);
    CHECK(own >= at);
    at = own;
  }
}

TEST_CASE("of several gateways each takes over what is named of it, and a name of none of them is refused") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount gw-2-egress").status == 0);
  const Ran refused = run(ns, "apply -f - --adopt sa/gw-2-egress --adopt sa/gw-22-egress", 3);
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"--adopt sa/gw-22-egress"}));
  CHECK(ns.egress("list -o name").out.empty());
  const Ran made = run(ns, "apply -f - --adopt sa/gw-2-egress", 3);
  REQUIRE_MESSAGE(made.status == 0, made.err);
  CHECK(count(made.out, " created") == 3);
  CHECK(mentions(made.err, {"serviceaccount/gw-2-egress", ns.name(), "taken over"}));
}

TEST_CASE("a gateway that cannot be made does not keep the others, unless --fail-fast says so") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount gw-2-egress").status == 0);
  const Ran stopped = run(ns, "apply -f - --fail-fast", 3);
  CHECK(stopped.status == 1);
  CHECK(mentions(stopped.err, {"serviceaccount/gw-2-egress", "--adopt"}));
  CHECK(ns.egress("list -o name").out.empty());

  const Ran made = run(ns, "apply -f -", 3);
  CHECK(made.status == 1);
  CHECK(count(made.out, " created") == 2);
  CHECK(mentions(made.err, {"document 2", "egressgateway", "gw-2", ns.name()}));
  CHECK(mentions(made.err, {"1 of 3 gateways failed"}));
  CHECK(ns.egress("list -o name").out == "egressgateway/gw-1\negressgateway/gw-3\n");
}

TEST_CASE("--fail-fast checks all before it writes any, and each once") {
  const auto dry_runs = [](const std::string& flag) {
    const TestNamespace ns;
    const Ran made = run(ns, "apply -f - --wait=false -v 6 " + flag, 3);
    REQUIRE_MESSAGE(made.status == 0, made.err);
    const auto lines = split(made.err, '\n');
    return std::ranges::count_if(lines, [](const std::string& line) { return has(line, "dryRun=All"); });
  };
  CHECK(dry_runs("--fail-fast") == dry_runs(""));
}

TEST_CASE("--fail-fast stops where a gateway's pods do not become ready, too") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  REQUIRE(testing::sh("kubectl label namespace " + ns.name() + " sandbox.kubectl-egress/kubelet=stopped")
              .status == 0);
  // More than are under way at one time.
  const Ran stopped = run(ns, "apply -f - --fail-fast --timeout 2s", 20);
  CHECK(stopped.status == 1);
  CHECK(mentions(stopped.err, {"0 of 1", "of 20 gateways failed", "not attempted"}));
}

TEST_CASE("files below a folder are taken where that is asked for") {
  const TestNamespace ns;
  const auto put = [](const std::string& name, const std::string& path) {
    return "printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: " + name +
           "}\\nspec: {hosts: [" + name + ".'$ns'.example.org]}\\n' > $folder/" + path + "; ";
  };
  const std::string apply = "kubectl egress apply --wait=false -n $ns -f $folder";
  const Ran ran = testing::sh("ns=" + ns.name() + "; folder=$(mktemp -d); mkdir $folder/below; " +
                              put("top", "top.yaml") + put("deep", "below/deep.yml") + apply +
                              " | tail -n 1; " + apply + " -R; rm -r $folder");
  CAPTURE(ran.err);
  CHECK(ran.out.starts_with("egressgateway/top created\n"));
  CHECK(has(ran.out, "egressgateway/deep created\n"));
  CHECK(has(ran.out, "egressgateway/top unchanged\n"));
}

TEST_CASE("two gateways of the files for one host are refused before anything is written") {
  const TestNamespace ns;
  const Ran refused = run(ns, "apply -f -", 2, "s/hosts: .*example/hosts: [same.example/");
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "IST0109"));
  CHECK(ns.egress("list -o name").out.empty());
  const Ran unseen = run(ns, "apply -f - --dry-run=client", 2, "s/hosts: .*example/hosts: [same.example/");
  CHECK(unseen.status == 1);
  CHECK(has(unseen.err, "IST0109"));
}

TEST_CASE("what the files no longer name is pruned where that is asked for, and named before") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 3).status == 0);
  const Ran tried = run(ns, "apply -f - --prune --dry-run=server", 1);
  CHECK(tried.status == 0);
  CHECK(mentions(tried.err, {"egressgateway", "gw-2", ns.name(), "pruned"}));
  CHECK_FALSE(mentions(tried.err, {"gw-1"}));
  CHECK(count(ns.egress("list -o name").out, "") == 4);
  const Ran as_json = run(ns, "apply -f - --prune --dry-run=server -o json", 1);
  CHECK_MESSAGE(Json::parse(as_json.out)["kind"].as_string() == "List",
                "what is pruned is not data of -o json");

  const Ran pruned = run(ns, "apply -f - --prune", 1);
  REQUIRE_MESSAGE(pruned.status == 0, pruned.err);
  CHECK(has(pruned.out, "egressgateway/gw-2 pruned\n"));
  CHECK(has(pruned.out, "egressgateway/gw-3 pruned\n"));
  CHECK(ns.egress("list -o name").out == "egressgateway/gw-1\n");
}

TEST_CASE("a selector keeps what it does not let through from being written and pruned") {
  const TestNamespace ns;
  // gw-1 and gw-3 are the shop's.
  const std::string labelled = "s/name: gw-\\([13]\\)/labels: {team: shop}, name: gw-\\1/";
  REQUIRE(run(ns, "apply -f - --wait=false", 3, labelled).status == 0);
  CHECK(ns.egress("list -o name -l team=shop").out == "egressgateway/gw-1\negressgateway/gw-3\n");

  const Ran tried = run(ns, "apply -f - -l team=shop --prune --dry-run=server", 2, labelled);
  CHECK(tried.status == 0);
  CHECK(mentions(tried.err, {"gw-3", "pruned"}));
  CHECK_FALSE(mentions(tried.err, {"gw-2"}));
  const Ran pruned = run(ns, "apply -f - -l team=shop --prune", 2, labelled + "; s/gw-2/gw-9/");
  REQUIRE_MESSAGE(pruned.status == 0, pruned.err);
  CHECK(has(pruned.out, "egressgateway/gw-3 pruned\n"));
  CHECK_MESSAGE(ns.egress("list -o name").out == "egressgateway/gw-1\negressgateway/gw-2\n",
                "gw-9 is not the shop's, and gw-2, which no file names, neither");

  // Whoever labels a gateway that a file names does not make it unnamed.
  REQUIRE(ns.kubectl("label configmap gw-2-egress team=shop").status == 0);
  const Ran again = run(ns, "apply -f - -l team=shop --prune", 2, labelled);
  REQUIRE_MESSAGE(again.status == 0, again.err);
  CHECK_FALSE(has(again.err, "pruned"));
  CHECK_FALSE(has(again.out, "pruned"));

  const Ran none = run(ns, "apply -f - -l team=pay --prune", 2, labelled);
  CHECK(none.status == 1);
  CHECK(mentions(none.err, {"no gateway", "files", "--selector"}));
  CHECK(count(ns.egress("list -o name").out, "") == 3);
}

TEST_CASE("a gateway's labels follow its file, and those of others stay") {
  const TestNamespace ns;
  const std::string labelled = "s/name: gw/labels: {team: shop, stage: test}, name: gw/";
  REQUIRE(run(ns, "apply -f - --wait=false", 1, labelled).status == 0);
  REQUIRE(ns.kubectl("label configmap gw-1-egress cost-center=7 stage=live --overwrite").status == 0);
  const std::string labels = "list -o jsonpath='{.items[0].metadata.labels}'";
  CHECK(has(ns.egress(labels).out, R"("stage":"live")"));

  const Ran difference = run(ns, "diff -f -", 1, labelled);
  CHECK(difference.status == 1);
  CHECK(has(difference.out, "-    stage: live\n+    stage: test\n"));
  const std::string renamed = "s/name: gw/labels: {team: pay}, name: gw/";
  REQUIRE(run(ns, "apply -f - --wait=false", 1, renamed).status == 0);
  const std::string now = ns.egress(labels).out;
  CHECK(has(now, R"("team":"pay")"));
  CHECK(has(now, R"("cost-center":"7")"));
  CHECK_FALSE(has(now, "stage"));
  CHECK(has(run(ns, "apply -f -", 1, renamed).out, "egressgateway/gw-1 unchanged"));
}

TEST_CASE("gateways are deleted by file, by label and all of a namespace") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 5, "s/name: gw-5/labels: {team: shop}, name: gw-5/").status ==
          0);
  const Ran by_file = run(ns, "delete -f - --drain 0 -o name", 2, "s/gw-2/gw-9/");
  CHECK(by_file.status == 1);
  CHECK(by_file.out == "egressgateway/gw-1\n");
  CHECK(mentions(by_file.err, {"egressgateway", "gw-9", "not found"}));
  CHECK(run(ns, "delete -f - --drain 0 --ignore-not-found", 1, "s/hosts/no-longer-a-field/").status == 0);
  CHECK_MESSAGE(run(ns, "delete -f - --drain 0 -l team=shop", 4).out.empty(), "the shop's is gw-5 alone");

  const Ran by_label = ns.egress("delete -l team=shop --drain 0 -o name");
  CHECK_MESSAGE(by_label.status == 0, by_label.err);
  CHECK(by_label.out == "egressgateway/gw-5\n");
  const Ran nobody = ns.egress("delete -l team=shop");
  CHECK(nobody.status == 0);
  CHECK(has(nobody.err, "No egress gateways found in " + ns.name() + " namespace."));

  REQUIRE(
      ns.kubectl("patch configmap gw-2-egress --type merge -p '{\"data\":{\"egressgateway.yaml\":\"{}\"}}'")
          .status == 0);
  const Ran all = ns.egress("delete --all --drain 0");
  CHECK_MESSAGE(all.status == 1, "what nobody can read is not deleted, and that is said");
  CHECK(mentions(all.err, {"configmap/gw-2-egress", ns.name()}));
  CHECK(count(all.out, " deleted") == 2);
  CHECK(mentions(run(ns, "delete -f -", 2).err, {"configmap/gw-2-egress", ns.name()}));
  CHECK(ns.egress("list -o name").out.empty());
}

TEST_CASE("gateways are shown by name, and what -o name prints is taken back") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 3).status == 0);
  CHECK(ns.egress("get gw-2 -o name").out == "egressgateway/gw-2\n");
  CHECK(ns.egress("get gw-2 -o jsonpath='{.metadata.name}'").out == "gw-2");
  const Ran some = ns.egress("list gw-3 gw-4 egressgateway/gw-1 --no-headers");
  CHECK(some.status == 1);
  CHECK(split(some.out, '\n').size() == 3);
  CHECK(mentions(some.err, {"error", "egressgateway", "gw-4", "not found", ns.name()}));
  CHECK_FALSE(has(some.err, "gw-3"));
  CHECK(ns.egress("inspect egressgateways/gw-1 -o name").out == "egressgateway/gw-1\n");

  const Ran gone = testing::sh("kubectl egress list -o name -n " + ns.name() +
                               " | xargs kubectl egress delete --drain 0 -n " + ns.name());
  CHECK_MESSAGE(gone.status == 0, gone.err);
  CHECK(count(gone.out, " deleted") == 3);
}

TEST_CASE("which gateways are to be deleted is said in one way") {
  const TestNamespace ns;
  struct Refused {
    const char* words;
    std::vector<std::string> facts;
  };
  const std::vector<Refused> refusals{
      {"delete", {"-f", "-l", "--all"}},
      {"delete a --all", {"more than one way"}},
      {"delete --all -l a=b", {"more than one way"}},
      {"delete a -A", {"--all-namespaces", "--all", "selector"}},
      {"delete -l 'a=b=c'", {"a=b=c"}},
      {"delete -A -l \"$not_set\"", {"--selector", "empty"}},
      {"apply -f none.yaml --prune -l \"$not_set\"", {"--selector", "empty"}},
  };
  for (const Refused& one : refusals) {
    CAPTURE(one.words);
    const Ran refused = ns.egress(one.words);
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(mentions(refused.err, one.facts));
  }
}

TEST_CASE("several are deleted at once, and drain beside each other") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 4).status == 0);
  const Ran gone = ns.egress("delete gw-1 gw-2 gw-3 gw-4 gw-5");
  CHECK(gone.status == 1);
  CHECK(count(gone.out, " deleted") == 4);
  CHECK(mentions(gone.err, {"egressgateway", "gw-5", "not found"}));
  CHECK(ns.egress("list -o name").out.empty());
}

}  // namespace egress
