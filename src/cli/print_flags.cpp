#include "egress/cli/print_flags.hpp"

#include "egress/base/text.hpp"

namespace egress::cli {

void PrintFlags::add(FlagSet& flags, const std::string& description, const std::string& more_words) {
  flags.add("-o,--output", output, description).type(join(render::output_words(true), "|") + more_words);
  flags.add("--template", template_.text, "The template of -o jsonpath, or the file of -o jsonpath-file");
  flags
      .add_switch("--allow-missing-template-keys{true}", template_.allows_missing_keys,
                  "With =false, a key of a JSONPath that is missing is an error")
      .default_text("true");
  add_show_managed_fields_flag(flags);
}

render::Output PrintFlags::read() const {
  return render::read_output(output, true, template_);
}

void add_show_managed_fields_flag(FlagSet& flags) {
  flags.add_ignored_switch("--show-managed-fields",
                           "Accepted and not used: what is printed has no managedFields");
}

}  // namespace egress::cli
