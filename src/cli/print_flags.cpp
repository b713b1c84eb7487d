#include "egress/cli/print_flags.hpp"

#include "egress/base/text.hpp"

namespace egress::cli {

void PrintFlags::add(FlagSet& flags, const std::string& description, const std::string& more_formats) {
  flags.add("-o,--output", output, description).type(join(render::output_formats(true), "|") + more_formats);
  flags.add("--template", template_.text, "Template for -o jsonpath, or template file for -o jsonpath-file");
  flags
      .add_switch("--allow-missing-template-keys{true}", template_.allows_missing_keys,
                  "Ignore keys that are missing in a JSONPath template")
      .default_text("true");
  add_show_managed_fields_flag(flags);
}

render::Output PrintFlags::parse_output() const {
  return render::parse_output(output, true, template_);
}

void add_show_managed_fields_flag(FlagSet& flags) {
  flags.add_ignored_switch("--show-managed-fields");
}

}  // namespace egress::cli
