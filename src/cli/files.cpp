#include "egress/cli/files.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>
#include <map>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/fleet/hints.hpp"

namespace egress::cli {
namespace {

namespace fs = std::filesystem;

bool is_manifest(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

/// The files of a folder, by name.
std::vector<std::string> files_in(const std::string& folder, bool recursive) {
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->is_directory() && !recursive) at.disable_recursion_pending();
    if (at->is_regular_file() && is_manifest(at->path())) found.push_back(at->path().string());
  }
  if (failed) throw Error("read " + folder + ": " + failed.message());
  if (found.empty())
    throw Error("no file ending in .yaml, .yml or .json is in " + folder,
                recursive ? "" : "Files in the folders below it are read with -R.");
  std::ranges::sort(found);
  return found;
}

void read_file_into(const std::string& file, std::vector<Document>& documents) {
  const std::string source = printable(file == "-" ? "stdin" : file, 300);
  try {
    const auto text = std::make_shared<const std::string>(read_file(file == "-" ? "/dev/stdin" : file));
    std::vector<Json> forms = parse_yaml_documents(*text, Repeated::refused);
    for (std::size_t i = 0; i < forms.size(); ++i)
      if (!forms[i].is_null()) documents.push_back({source, text, i, forms.size(), std::move(forms[i])});
  } catch (const Error& error) {
    throw Error(source + ": " + error.what(), error.hint());
  }
}

/// What is said of the document's own kind names that.
constexpr std::string_view of_kind = "this is not an ";
constexpr std::string_view unknown_field = "unknown field \"";

/// The keys and indices of the first field that a fault names ("spec.hosts[1]"), as they lead to its value.
std::vector<std::string> field_in(const std::string& fault) {
  for (const char* top : {"spec.", "metadata."}) {
    const std::size_t begin = fault.find(top);
    if (begin == std::string::npos) continue;
    std::vector<std::string> path{""};
    for (const char sign : fault.substr(begin)) {
      if (std::isalnum(static_cast<unsigned char>(sign)) || sign == '-' || sign == '_')
        path.back() += sign;
      else if (sign == '.' || sign == '[')
        path.emplace_back();
      else if (sign != ']')
        break;
    }
    std::erase(path, "");
    return path;
  }
  if (fault.starts_with(of_kind)) return {"kind"};
  if (fault.starts_with(unknown_field))
    return {fault.substr(unknown_field.size(), fault.find('"', unknown_field.size()) - unknown_field.size())};
  return {};
}

/// Between several faults of one document.
const std::string lead = "error: ";
/// More than this nobody reads at one time.
constexpr std::size_t most_faults = 20;

[[noreturn]] void refuse(std::vector<std::string> faults) {
  const std::size_t more = faults.size() - std::min(faults.size(), most_faults);
  faults.resize(faults.size() - more);
  if (more > 0) faults.push_back("and " + std::to_string(more) + " more like these");
  throw Error(join(faults, "\nerror: "));
}

/// The document's form, in the session's namespace where it names none.
Json form_in_namespace(Session& session, const Document& document) {
  Json form = document.form;
  Json& metadata = form.edit("metadata");
  const std::string& ns = metadata["namespace"].as_string();
  const std::string& flag = session.overrides().ns;
  if (!ns.empty() && !flag.empty() && ns != flag)
    throw Error("its namespace \"" + printable(ns, 100) + "\" is not the \"" + printable(flag, 100) +
                "\" of --namespace");
  if (ns.empty()) metadata.set("namespace", session.ns());
  return form;
}

/// Reads every document; the faults of all of them are one.
void for_each(const std::vector<Document>& documents, const std::function<void(const Document&)>& read) {
  std::vector<std::string> faults;
  for (const Document& document : documents) {
    try {
      read(document);
    } catch (const Error& error) {
      for (const std::string& fault : split(error.what(), '\n')) {
        const std::string said = fault.starts_with(lead) ? fault.substr(lead.size()) : fault;
        faults.push_back((faults.size() < most_faults ? document.place(said) : document.place()) + ": " +
                         said);
      }
    }
  }
  if (!faults.empty()) refuse(std::move(faults));
}

}  // namespace

std::string Document::place(const std::string& fault) const {
  std::string place = file;
  if (siblings > 1) place += ", document " + std::to_string(number + 1);
  const auto field = field_in(fault);
  const std::size_t line = field.empty() ? 0 : yaml_line(*text, field, number);
  return line == 0 ? place : place + ", line " + std::to_string(line);
}

std::vector<Document> read_documents(const std::vector<std::string>& files, bool recursive) {
  std::vector<Document> documents;
  for (const std::string& file : files) {
    const bool folder = file != "-" && fs::is_directory(file);
    const std::vector<std::string> inside = folder ? files_in(file, recursive) : std::vector{file};
    for (const std::string& one : inside) read_file_into(one, documents);
  }
  if (documents.empty()) throw Error("the files hold no gateway");
  return documents;
}

std::vector<mesh::Egress> read_gateways(Session& session, const std::vector<Document>& documents) {
  std::vector<mesh::Egress> gateways;
  std::map<std::pair<std::string, std::string>, std::string> seen;
  for_each(documents, [&](const Document& document) {
    mesh::Egress egress = mesh::read_egress(form_in_namespace(session, document));
    const auto [before, is_new] = seen.emplace(std::pair(egress.ns, egress.name), document.place());
    if (!is_new) throw Error(fleet::described(egress) + " stands in " + before->second + ", too");
    gateways.push_back(std::move(egress));
  });
  return gateways;
}

std::set<mesh::GatewayName> read_gateway_names(Session& session, const std::vector<Document>& documents) {
  std::set<mesh::GatewayName> names;
  for_each(documents, [&](const Document& document) {
    names.insert(mesh::read_gateway_name(form_in_namespace(session, document)));
  });
  return names;
}

}  // namespace egress::cli
