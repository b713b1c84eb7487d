#include "egress/cli/files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/mesh/egress_form.hpp"

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
  const std::string source = file == "-" ? "stdin" : file;
  try {
    std::vector<Json> forms = parse_yaml_documents(read_file(file == "-" ? "/dev/stdin" : file));
    std::erase_if(forms, [](const Json& form) { return form.is_null(); });
    for (std::size_t i = 0; i < forms.size(); ++i)
      documents.push_back(
          {forms.size() == 1 ? source : source + ", document " + std::to_string(i + 1), std::move(forms[i])});
  } catch (const Error& error) {
    throw Error(printable(source, 300) + ": " + error.what(), error.hint());
  }
}

}  // namespace

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
  std::vector<std::string> faults;
  std::map<std::pair<std::string, std::string>, std::string> seen;
  for (const Document& document : documents) {
    try {
      Json form = document.form;
      Json& metadata = form.edit("metadata");
      const std::string& ns = metadata["namespace"].as_string();
      const std::string& flag = session.overrides().ns;
      if (!ns.empty() && !flag.empty() && ns != flag)
        throw Error("its namespace \"" + printable(ns, 100) + "\" is not the \"" + printable(flag, 100) +
                    "\" of --namespace");
      if (ns.empty()) metadata.set("namespace", session.ns());
      mesh::Egress egress = mesh::read_egress(form);
      const auto [before, is_new] = seen.emplace(std::pair(egress.ns, egress.name), document.source);
      if (!is_new) throw Error(fleet::described(egress) + " stands in " + before->second + ", too");
      gateways.push_back(std::move(egress));
    } catch (const Error& error) {
      faults.push_back(printable(document.source, 300) + ": " + error.what());
    }
  }
  if (!faults.empty()) throw Error(join(faults, "\nerror: "));
  return gateways;
}

}  // namespace egress::cli
