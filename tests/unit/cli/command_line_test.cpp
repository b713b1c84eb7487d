#include "egress/cli/command_line.hpp"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// A program with one command, `get` with the alias `show`.
struct TestCommandLine {
  CLI::App root;
  CLI::App* get = root.add_subcommand("get")->alias("show");
  std::string ns;
  std::string output;
  std::string mode;
  std::vector<std::string> hosts;
  bool all = false;

  TestCommandLine() {
    root.option_defaults()->take_last();
    root.add_option("-n,--name-space", ns);
    root.add_flag("-A,--all", all);
    get->add_option("-o,--output", output);
    get->add_option("--host", hosts)->allow_extra_args(false)->take_all();
    get->add_flag("--dry-run{client}", mode)->default_str("none");
  }

  CommandLine read(const std::vector<std::string>& words) { return parse_partial_command_line(root, words); }

  std::string pending_flag(const std::vector<std::string>& words) {
    const CLI::Option* option = read(words).pending_flag;
    return option != nullptr ? option->get_name() : "";
  }
};

}  // namespace

TEST_CASE("the command is the first word that is neither a flag nor a flag's value") {
  TestCommandLine fixture;
  CHECK(fixture.read({""}).command == nullptr);
  CHECK(fixture.read({"ge"}).command == nullptr);
  CHECK(fixture.read({"get", ""}).command == fixture.get);
  CHECK(fixture.read({"show", ""}).command == fixture.get);
  CHECK(fixture.read({"-n", "get", ""}).command == nullptr);
  CHECK(fixture.read({"-n", "x", "-A", "get", ""}).command == fixture.get);
  CHECK(fixture.read({"help", "ge"}).arguments.empty());
  CHECK(fixture.read({"got", "get", ""}).arguments == std::vector<std::string>{"got", "get"});
}

TEST_CASE("arguments are the words after the command and all words after --") {
  TestCommandLine fixture;
  const CommandLine line = fixture.read({"get", "a", "-A", "b", "--", "-n", "--x"});
  CHECK(line.arguments == std::vector<std::string>{"a", "b", "-n"});
  CHECK(line.to_complete == "--x");
  CHECK_FALSE(line.completes_flag_name);
}

TEST_CASE("a flag's value follows as the next word or after =") {
  TestCommandLine fixture;
  CHECK(fixture.pending_flag({"get", "-o", ""}) == "--output");
  CHECK(fixture.pending_flag({"get", "--output", "js"}) == "--output");
  CHECK(fixture.pending_flag({"get", "--output=js"}) == "--output");
  CHECK(fixture.read({"get", "--output=js"}).to_complete == "js");
  CHECK(fixture.pending_flag({"get", "-o="}) == "--output");
  CHECK(fixture.pending_flag({"get", "-An="}) == "--name-space");
  CHECK(fixture.pending_flag({"get", "-An", ""}) == "--name-space");
  CHECK(fixture.pending_flag({"get", "--name_space="}) == "--name-space");
  CHECK(fixture.pending_flag({"--output", ""}).empty());
  CHECK(fixture.pending_flag({"get", "-A=true", "-n", ""}) == "--name-space");
  CHECK(fixture.pending_flag({"-o", "json", "get", "-n", ""}) == "--name-space");
}

TEST_CASE("a flag without a required value has no pending value") {
  TestCommandLine fixture;
  CHECK(fixture.pending_flag({"get", "-A", ""}).empty());
  CHECK(fixture.pending_flag({"get", "--dry-run", ""}).empty());
  CHECK(fixture.pending_flag({"get", "--dry-run="}) == "--dry-run");
  CHECK(fixture.pending_flag({"get", "-ojson", ""}).empty());
  CHECK(fixture.pending_flag({"get", "-o=", ""}).empty());
}

TEST_CASE("a word that starts with a hyphen completes a flag name") {
  TestCommandLine fixture;
  CHECK(fixture.read({"get", "-"}).completes_flag_name);
  CHECK(fixture.read({"get", "--out"}).completes_flag_name);
  CHECK_FALSE(fixture.read({"get", "--output", "--out"}).completes_flag_name);
  CHECK(fixture.read({"get", "--unknown="}).completes_flag_name);
}

TEST_CASE("the last value of a flag counts") {
  TestCommandLine fixture;
  const CommandLine line = fixture.read({"get", "--host", "a", "--host=b", "-oyaml", "-o=json", ""});
  CHECK(line.flag_value("--host") == "b");
  CHECK(line.flag_value("--output") == "json");
  CHECK(line.flag_value("--dry-run") == "none");
  CHECK(line.flag_value("--nothing").empty());
  CHECK(line.has_flag(fixture.get->get_option("--host")));
  CHECK_FALSE(line.has_flag(fixture.get->get_option("--dry-run")));
}

TEST_CASE("a command line is converted to CLI11 arguments: flags with their values, then arguments") {
  TestCommandLine fixture;
  const auto read = [&](const std::vector<std::string>& words) {
    const CommandLine line = parse_command_line(fixture.root, words);
    CHECK(line.errors.empty());
    return to_cli11_arguments(line);
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

TEST_CASE("global flags take effect despite errors in other flags") {
  TestCommandLine fixture;
  int number = 0;
  fixture.root.add_option("-v", number);
  const CommandLine line = fixture.read({"-n", "a", "get", "-v=x", "-A", "-n=b", "--zzz", ""});
  apply_global_flags(fixture.root, line);
  CHECK(fixture.ns == "b");
  CHECK(fixture.all);
}

}  // namespace egress::cli

TEST_SUITE_END();
