#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/egress_flags.hpp"
#include "egress/cli/explain.hpp"
#include "egress/mesh/finding_docs.hpp"
#include "egress/mesh/manifest_schema.hpp"

namespace egress::cli {
namespace {

using mesh::FieldSchema;
using mesh::FieldType;

constexpr std::size_t line_width = 80;
constexpr std::string_view header =
    "GROUP:      kubectl-egress\nKIND:       EgressGateway\nVERSION:    v1alpha1\n\n";
constexpr std::string_view description =
    "A dedicated Istio egress gateway for one external service. 'create -f', 'apply -f' and 'diff -f' read "
    "this manifest; 'inspect -o yaml' prints it.";

/// The type as `kubectl explain` writes it.
std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::string:
      return "string";
    case FieldType::integer:
      return "integer";
    case FieldType::boolean:
      return "boolean";
    case FieldType::string_list:
      return "[]string";
    case FieldType::string_map:
      return "map[string]string";
    case FieldType::open_list:
      return "[]Object";
    case FieldType::object:
    case FieldType::open_object:
      break;
  }
  return "Object";
}

/// The text in lines of at most 80 columns, each with that indentation.
std::string wrapped(std::string_view text, std::size_t indentation) {
  std::string lines;
  std::string line;
  for (const std::string& word : split(text, ' ')) {
    if (!line.empty() && indentation + line.size() + 1 + word.size() > line_width) {
      lines += std::string(indentation, ' ') + line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + std::string(indentation, ' ') + line + '\n';
}

std::string flag_text(const FieldSchema& field) {
  const std::string flag = flag_of_field(field.path);
  return flag.empty() ? "" : "Flag of create: " + flag;
}

std::string details(const FieldSchema& field, std::size_t indentation) {
  std::string text = wrapped(field.description, indentation);
  if (!field.default_value.empty())
    text += wrapped("Default: " + std::string(field.default_value), indentation);
  if (const std::string flag = flag_text(field); !flag.empty()) text += wrapped(flag, indentation);
  return text;
}

std::string title(const FieldSchema& field) {
  return std::string(field.name()) + "\t<" + std::string(type_name(field.type)) + ">" +
         (field.is_required ? " -required-" : "") + "\n";
}

std::string value_list(const FieldSchema& field) {
  std::vector<std::string> values(field.values.begin(), field.values.end());
  return join(values, ", ");
}

std::string field_list(std::string_view path, bool recursive, std::size_t indentation) {
  const std::string margin(indentation, ' ');
  std::string text;
  for (const FieldSchema* field : mesh::fields_of(path)) {
    text += margin + title(*field);
    if (!field->values.empty()) text += margin + "enum: " + value_list(*field) + "\n";
    text +=
        recursive ? field_list(field->path, true, indentation + 2) : details(*field, indentation + 2) + "\n";
  }
  return text;
}

const FieldSchema& require_field(std::string path) {
  for (const std::string_view kind : {"egressgateways.", "egressgateway."})
    if (path.starts_with(kind)) path.erase(0, kind.size());
  for (const std::string& candidate : {path, "spec." + path})
    if (const FieldSchema* field = mesh::find_field(candidate)) return *field;
  std::vector<std::string> paths;
  for (const FieldSchema& field : mesh::manifest_schema()) paths.emplace_back(field.path);
  std::string suggestion = closest_match(path, paths);
  if (suggestion.empty()) suggestion = closest_match("spec." + path, paths);
  throw UsageError("field \"" + printable(path, 100) + "\" does not exist",
                   suggestion.empty() ? "list all fields: kubectl egress explain --recursive"
                                      : "did you mean \"" + suggestion + "\"?");
}

bool is_whole_manifest(const std::string& path) {
  return path.empty() || path == "egressgateway" || path == "egressgateways";
}

}  // namespace

std::string explain_field(const std::string& path, bool recursive) {
  const FieldSchema* field = is_whole_manifest(path) ? nullptr : &require_field(path);
  std::string text(header);
  if (field != nullptr) {
    text += "FIELD: " + std::string(field->name()) + " <" + std::string(type_name(field->type)) + ">" +
            (field->is_required ? " -required-" : "") + "\n";
    if (!field->values.empty()) {
      text += "ENUM:\n";
      for (const std::string_view value : field->values) text += "    " + std::string(value) + "\n";
    }
    text += "\n";
  }
  text += "DESCRIPTION:\n" + (field == nullptr ? wrapped(description, 4) : details(*field, 4));
  const std::string fields = field_list(field == nullptr ? "" : field->path, recursive, 2);
  return fields.empty() ? text : text + "\nFIELDS:\n" + fields;
}

std::string explain_finding(const std::string& code) {
  const mesh::FindingDoc* doc = mesh::find_finding_doc(code);
  if (doc == nullptr) {
    std::vector<std::string> codes;
    for (const mesh::FindingDoc& known : mesh::finding_docs()) codes.emplace_back(known.code);
    const std::string suggestion = closest_match(code, codes);
    throw UsageError("check has no code \"" + printable(code, 100) + "\"",
                     suggestion.empty() ? "list all codes: kubectl egress explain check"
                                        : "did you mean \"check/" + suggestion + "\"?");
  }
  return "CODE:       " + std::string(doc->code) + "\nSUMMARY:    " + std::string(doc->summary) +
         "\n\nDESCRIPTION:\n" + wrapped(doc->description, 4) + "\nFIX:\n" + wrapped(doc->fix, 4);
}

std::string list_findings() {
  std::size_t width = 0;
  for (const mesh::FindingDoc& doc : mesh::finding_docs()) width = std::max(width, doc.code.size());
  std::string text;
  for (const mesh::FindingDoc& doc : mesh::finding_docs())
    text += "check/" + std::string(doc.code) + std::string(width + 3 - doc.code.size(), ' ') +
            std::string(doc.summary) + "\n";
  return text;
}

std::vector<std::string> explain_topics() {
  std::vector<std::string> topics;
  for (const FieldSchema& field : mesh::manifest_schema()) topics.emplace_back(field.path);
  for (const mesh::FindingDoc& doc : mesh::finding_docs()) topics.push_back("check/" + std::string(doc.code));
  return topics;
}

}  // namespace egress::cli
