#include "egress/cli/typed_line.hpp"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// A command line of one command, `get` with the alias `show`.
struct Given {
  CLI::App root;
  CLI::App* get = root.add_subcommand("get")->alias("show");
  std::string ns;
  std::string output;
  std::string mode;
  std::vector<std::string> hosts;
  bool all = false;

  Given() {
    root.option_defaults()->take_last();
    root.add_option("-n,--name-space", ns);
    root.add_flag("-A,--all", all);
    get->add_option("-o,--output", output);
    get->add_option("--host", hosts)->allow_extra_args(false)->take_all();
    get->add_flag("--dry-run{client}", mode)->default_str("none");
  }

  TypedLine read(const std::vector<std::string>& words) { return read_line(root, words); }

  std::string awaited(const std::vector<std::string>& words) {
    const CLI::Option* option = read(words).awaited;
    return option != nullptr ? option->get_name() : "";
  }
};

}  // namespace

TEST_CASE("the command is the first word that is no flag and no flag's value") {
  Given given;
  CHECK(given.read({""}).command == nullptr);
  CHECK(given.read({"ge"}).command == nullptr);
  CHECK(given.read({"get", ""}).command == given.get);
  CHECK(given.read({"show", ""}).command == given.get);
  CHECK(given.read({"-n", "get", ""}).command == nullptr);
  CHECK(given.read({"-n", "x", "-A", "get", ""}).command == given.get);
  CHECK(given.read({"help", "ge"}).names.empty());
  CHECK(given.read({"got", "get", ""}).names == std::vector<std::string>{"got", "get"});
}

TEST_CASE("names are the words behind the command, and all words behind two hyphens") {
  Given given;
  const TypedLine line = given.read({"get", "a", "-A", "b", "--", "-n", "--x"});
  CHECK(line.names == std::vector<std::string>{"a", "b", "-n"});
  CHECK(line.begun == "--x");
  CHECK_FALSE(line.in_flag);
}

TEST_CASE("the value of a flag is typed behind it, or behind a sign of equality") {
  Given given;
  CHECK(given.awaited({"get", "-o", ""}) == "--output");
  CHECK(given.awaited({"get", "--output", "js"}) == "--output");
  CHECK(given.awaited({"get", "--output=js"}) == "--output");
  CHECK(given.read({"get", "--output=js"}).begun == "js");
  CHECK(given.awaited({"get", "-o="}) == "--output");
  CHECK(given.awaited({"get", "-An="}) == "--name-space");
  CHECK(given.awaited({"get", "-An", ""}) == "--name-space");
  CHECK(given.awaited({"get", "--name_space="}) == "--name-space");
  CHECK(given.awaited({"--output", ""}).empty());
  CHECK(given.awaited({"get", "-A=true", "-n", ""}) == "--name-space");
  CHECK(given.awaited({"-o", "json", "get", "-n", ""}) == "--name-space");
}

TEST_CASE("a flag that needs no value waits for none") {
  Given given;
  CHECK(given.awaited({"get", "-A", ""}).empty());
  CHECK(given.awaited({"get", "--dry-run", ""}).empty());
  CHECK(given.awaited({"get", "--dry-run="}) == "--dry-run");
  CHECK(given.awaited({"get", "-ojson", ""}).empty());
  CHECK(given.awaited({"get", "-o=", ""}).empty());
}

TEST_CASE("the name of a flag is typed behind a hyphen") {
  Given given;
  CHECK(given.read({"get", "-"}).in_flag);
  CHECK(given.read({"get", "--out"}).in_flag);
  CHECK_FALSE(given.read({"get", "--output", "--out"}).in_flag);
  CHECK(given.read({"get", "--unknown="}).in_flag);
}

TEST_CASE("what flags say is known, the last of several") {
  Given given;
  const TypedLine line = given.read({"get", "--host", "a", "--host=b", "-oyaml", "-o=json", ""});
  CHECK(line.value_of("--host") == "b");
  CHECK(line.value_of("--output") == "json");
  CHECK(line.value_of("--dry-run") == "none");
  CHECK(line.value_of("--nothing").empty());
  CHECK(line.has(given.get->get_option("--host")));
  CHECK_FALSE(line.has(given.get->get_option("--dry-run")));
}

TEST_CASE("a line that is whole is what CLI11 reads alike: flags with their values, and names behind them") {
  Given given;
  const auto read = [&](const std::vector<std::string>& words) {
    const TypedLine line = read_whole_line(given.root, words);
    CHECK(line.faults.empty());
    return as_cli11_reads(line);
  };
  using Words = std::vector<std::string>;
  CHECK(read({"-A", "show", "x", "-oyaml"}) == Words{"get", "--all=true", "--output", "yaml", "--", "x"});
  CHECK(read({"get", "--dry-run", "-A=f", "-n=-A"}) ==
        Words{"get", "--dry-run=client", "--all=false", "--name-space", "-A"});
  CHECK(read({"get", "-n=", "-"}) == Words{"get", "--name-space", "=", "--", "-"});
  CHECK(read({"get", "--", "-A", "--"}) == Words{"get", "--", "-A", "--"});
  CHECK(read({"-A", "-h"}) == Words{"--all=true", "--help"});
  CHECK(read({"get", "--help=false"}) == Words{"get"});
}

TEST_CASE("flags of every command take effect, whatever is wrong with others") {
  Given given;
  int number = 0;
  given.root.add_option("-v", number);
  const TypedLine line = given.read({"-n", "a", "get", "-v=x", "-A", "-n=b", "--zzz", ""});
  apply_global_flags(given.root, line);
  CHECK(given.ns == "b");
  CHECK(given.all);
}

}  // namespace egress::cli

TEST_SUITE_END();
