#include "egress/cli/print_flags.hpp"

#include "egress/base/text.hpp"

namespace egress::cli {

void PrintFlags::add(CLI::App& app, const std::string& description, const std::string& more_words) {
  app.add_option("-o,--output", output, description)
      ->type_name(join(render::output_words(true), "|") + more_words);
  app.add_option("--template", template_.text, "The template of -o jsonpath, or the file of -o jsonpath-file")
      ->type_name("");
  app.add_flag("--allow-missing-template-keys{true}", template_.allows_missing_keys,
               "With =false, a key of a JSONPath that is missing is an error")
      ->default_str("true");
  add_show_managed_fields_flag(app);
}

render::Output PrintFlags::read() const {
  return render::read_output(output, true, template_);
}

void add_show_managed_fields_flag(CLI::App& app) {
  app.add_flag("--show-managed-fields")
      ->description("Accepted and not used: what is printed has no managedFields");
}

}  // namespace egress::cli
