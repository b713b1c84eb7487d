#include "egress/mesh/audit/commands.hpp"

namespace egress::mesh {
namespace {

std::string form_command(const Egress& egress) {
  return "kubectl egress inspect " + egress.name + " -n " + egress.ns + " -o yaml";
}

/// Quotes the text for a shell.
std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string patch_command(const Reference& reference, const char* type, const Json& patch) {
  return "kubectl patch " + reference.display_name() + in_namespace(reference.ns) + " --type=" + type +
         " -p " + shell_word(patch.dump());
}

}  // namespace

std::string in_namespace(const std::string& ns) {
  return ns.empty() ? "" : " -n " + ns;
}

std::string edit_command(const Reference& reference) {
  return "kubectl edit " + reference.display_name() + in_namespace(reference.ns);
}

std::string merge_command(const Reference& reference, const Json& patch) {
  return patch_command(reference, "merge", patch);
}

std::string json_patch_command(const Reference& reference, const Json& operations) {
  return patch_command(reference, "json", operations);
}

std::string label_command(const std::string& ns, const std::string& changes) {
  return "kubectl label namespace " + ns + " --overwrite " + changes;
}

std::string apply_command(const Egress& egress) {
  return form_command(egress) + " | kubectl egress apply -f -";
}

std::string change_command(const Egress& egress) {
  const std::string file = egress.name + ".yaml";
  return form_command(egress) + " > " + file + " && ${EDITOR:-vi} " + file + " && kubectl egress apply -f " +
         file;
}

std::string delete_command(const std::string& name, const std::string& ns) {
  return "kubectl egress delete " + name + " -n " + ns;
}

}  // namespace egress::mesh
