#include "egress/mesh/audit/commands.hpp"

namespace egress::mesh {
namespace {

std::string inspect_command(const Egress& egress) {
  return "kubectl egress inspect " + egress.name + " -n " + egress.ns + " -o yaml";
}

/// Quotes the text for a shell.
std::string shell_quote(const std::string& text) {
  std::string quoted_text = "'";
  for (const char c : text) quoted_text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted_text + "'";
}

std::string patch_command(const Reference& reference, const char* type, const Json& patch) {
  return "kubectl patch " + reference.display_name() + in_namespace(reference.ns) + " --type=" + type +
         " -p " + shell_quote(patch.dump());
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
  return inspect_command(egress) + " | kubectl egress apply -f -";
}

std::string change_command(const Egress& egress) {
  const std::string file = egress.name + ".yaml";
  return inspect_command(egress) + " > " + file + " && ${EDITOR:-vi} " + file +
         " && kubectl egress apply -f " + file;
}

std::string delete_command(const std::string& name, const std::string& ns) {
  return "kubectl egress delete " + name + " -n " + ns;
}

}  // namespace egress::mesh
