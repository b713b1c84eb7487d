#include "egress/cli/files.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/tally.hpp"
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
    if (at->is_directory(failed) && !recursive) at.disable_recursion_pending();
    if (at->is_regular_file(failed) && is_manifest(at->path())) found.push_back(at->path().string());
  }
  if (failed) throw Error("read " + printable(folder, 300) + ": " + failed.message());
  if (found.empty())
    throw Error("no file ending in .yaml, .yml or .json is in " + printable(folder, 300),
                recursive ? "" : "Files in the folders below it are read with -R.");
  std::ranges::sort(found);
  return found;
}

/// The file, or those of the folder.
std::vector<std::string> files_at(const std::string& path, bool recursive) {
  std::error_code failed;
  return path != "-" && fs::is_directory(path, failed) ? files_in(path, recursive) : std::vector{path};
}

std::vector<Document> documents_in(const std::string& file) {
  const std::string source = printable(file == "-" ? "stdin" : file, 300);
  try {
    const auto text = std::make_shared<const std::string>(read_file(file == "-" ? "/dev/stdin" : file));
    std::vector<Json> forms = parse_yaml_documents(*text, Repeated::refused);
    std::vector<Document> documents;
    for (std::size_t i = 0; i < forms.size(); ++i)
      if (!forms[i].is_null()) documents.push_back({source, text, i, forms.size(), std::move(forms[i])});
    return documents;
  } catch (const Error& error) {
    throw Error(source + ": " + error.what(), error.hint());
  }
}

/// What speaks against files, of which only the first faults are told.
class Objections {
 public:
  void add(const Error& fault) {
    ++count_;
    if (count_ > most_told) return;
    told_.emplace_back(fault.what());
    if (hint_.empty()) hint_ = fault.hint();
  }

  void add(const Document& document, const mesh::Fault& fault) {
    // To find a line takes as long as to read the file.
    add(Error(count_ < most_told ? document.told(fault) : ""));
  }

  /// Throws one Error of all of them, unless there is none.
  void refuse() {
    if (count_ == 0) return;
    if (count_ > told_.size()) told_.emplace_back(more_untold(count_ - told_.size()).what());
    throw Error(join(told_, "\nerror: "), hint_);
  }

 private:
  std::vector<std::string> told_;
  std::string hint_;
  std::size_t count_ = 0;
};

/// The document's form, in the session's namespace where it names none.
Json form_in_namespace(Session& session, const Document& document) {
  Json form = document.form;
  Json& metadata = form.edit("metadata");
  const std::string& ns = metadata["namespace"].as_string();
  const std::string& flag = session.overrides().ns;
  if (!ns.empty() && !flag.empty() && ns != flag)
    throw mesh::FaultyForm(
        {{"metadata.namespace", "the namespace \"" + printable(ns, 100) + "\" is not the \"" +
                                    printable(flag, 100) + "\" of --namespace"}});
  if (ns.empty()) metadata.set("namespace", session.ns());
  return form;
}

/// Reads every document; what speaks against any of them is one Error.
void for_each(const Documents& documents, const std::function<void(const Document&)>& read) {
  Objections objections;
  for (const Error& one : documents.unreadable) objections.add(one);
  for (const Document& document : documents.found) {
    try {
      read(document);
    } catch (const mesh::FaultyForm& faulty) {
      for (const mesh::Fault& fault : faulty.faults()) objections.add(document, fault);
    } catch (const Error& error) {
      objections.add(document, {"", error.what()});
    }
  }
  objections.refuse();
}

}  // namespace

std::string Document::place() const {
  return siblings > 1 ? file + ", document " + std::to_string(number + 1) : file;
}

std::string Document::told(const mesh::Fault& fault) const {
  std::vector<std::string> keys = mesh::keys_of(fault.field);
  std::size_t line = yaml_line(*text, keys, number);
  for (; line == 0 && !keys.empty(); line = yaml_line(*text, keys, number)) keys.pop_back();
  return place() + ", line " + std::to_string(std::max<std::size_t>(line, 1)) + ": " + fault.of_field();
}

Documents read_documents(const std::vector<std::string>& files, bool recursive) {
  Documents documents;
  // The files first: a folder that cannot be read keeps nobody from what is beside it.
  std::vector<std::string> inside;
  const auto unless_unreadable = [&](const auto& read) {
    try {
      read();
    } catch (const Error& error) {
      documents.unreadable.push_back(error);
    }
  };
  for (const std::string& path : files)
    unless_unreadable([&] { std::ranges::move(files_at(path, recursive), std::back_inserter(inside)); });
  for (const std::string& file : inside)
    unless_unreadable([&] { std::ranges::move(documents_in(file), std::back_inserter(documents.found)); });
  if (documents.found.empty() && documents.unreadable.empty()) throw Error("the files hold no gateway");
  return documents;
}

std::vector<mesh::Egress> read_gateways(Session& session, const Documents& documents) {
  std::vector<mesh::Egress> gateways;
  std::map<std::pair<std::string, std::string>, std::string> seen;
  for_each(documents, [&](const Document& document) {
    mesh::Egress egress = mesh::read_egress(form_in_namespace(session, document));
    const auto [before, is_new] = seen.emplace(std::pair(egress.ns, egress.name), document.place());
    if (!is_new)
      throw mesh::FaultyForm(
          {{"metadata.name", fleet::described(egress) + " stands in " + before->second + ", too"}});
    egress.origin = before->second;
    gateways.push_back(std::move(egress));
  });
  return gateways;
}

std::set<mesh::GatewayName> read_gateway_names(Session& session, const Documents& documents) {
  std::set<mesh::GatewayName> names;
  for_each(documents, [&](const Document& document) {
    names.insert(mesh::read_gateway_name(form_in_namespace(session, document)));
  });
  return names;
}

Document read_document(const std::string& file) {
  Documents documents = read_documents({file}, false);
  if (!documents.unreadable.empty()) throw documents.unreadable.front();
  if (documents.found.size() != 1)
    throw Error(printable(file, 300) + " holds " + std::to_string(documents.found.size()) +
                    " gateways; create makes one",
                "Make them all: kubectl egress apply -f " + printable(file, 300));
  return std::move(documents.found.front());
}

}  // namespace egress::cli
