#include "egress/cli/manifest_files.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/batch_run.hpp"
#include "egress/mesh/full_name.hpp"

namespace egress::cli {
namespace {

namespace fs = std::filesystem;

bool has_manifest_extension(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

/// The manifest files of a folder, sorted by name.
std::vector<std::string> manifests_in_folder(const std::string& folder, bool recursive) {
  std::vector<std::string> found;
  std::error_code error_code;
  for (fs::recursive_directory_iterator at(folder, error_code), end; !error_code && at != end;
       at.increment(error_code)) {
    if (at->is_directory(error_code) && !recursive) at.disable_recursion_pending();
    if (at->is_regular_file(error_code) && has_manifest_extension(at->path()))
      found.push_back(at->path().string());
  }
  if (error_code) throw Error("read " + printable(folder, 300) + ": " + error_code.message());
  if (found.empty())
    throw Error("no .yaml, .yml or .json file found in " + printable(folder, 300),
                recursive ? "" : "use -R to include its subfolders");
  std::ranges::sort(found);
  return found;
}

/// The file itself, or the manifest files of a folder.
std::vector<std::string> expand_path(const std::string& path, bool recursive) {
  std::error_code error_code;
  return path != "-" && fs::is_directory(path, error_code) ? manifests_in_folder(path, recursive)
                                                           : std::vector{path};
}

std::vector<Document> parse_documents(const std::string& file) {
  const std::string source = printable(file == "-" ? "stdin" : file, 300);
  try {
    const auto text = std::make_shared<const std::string>(read_file(file == "-" ? "/dev/stdin" : file));
    std::vector<Json> manifests = parse_yaml_documents(*text, DuplicateKeys::reject);
    std::vector<Document> documents;
    for (std::size_t i = 0; i < manifests.size(); ++i)
      if (!manifests[i].is_null())
        documents.push_back({source, text, i, manifests.size(), std::move(manifests[i])});
    return documents;
  } catch (const Error& error) {
    throw Error(source + ": " + error.what(), error.hint());
  }
}

/// Collects the errors of several files; only the first ones are reported.
class ErrorCollector {
 public:
  void add(const Error& error) {
    ++count_;
    if (count_ > max_reported) return;
    messages_.emplace_back(error.what());
    if (hint_.empty()) hint_ = error.hint();
  }

  void add(const Document& document, const mesh::FieldError& error) {
    // Finding the line parses the whole file, so skip it for errors that are not reported.
    add(Error(count_ < max_reported ? document.error_message(error) : ""));
  }

  /// Throws one Error with all errors, if there are any.
  void throw_if_any() {
    if (count_ == 0) return;
    if (count_ > messages_.size()) messages_.emplace_back(omitted_errors(count_ - messages_.size()).what());
    throw Error(join(messages_, "\nerror: "), hint_);
  }

 private:
  std::vector<std::string> messages_;
  std::string hint_;
  std::size_t count_ = 0;
};

/// The document's manifest, in the session's namespace if it sets none.
Json manifest_in_namespace(Session& session, const Document& document) {
  Json manifest = document.manifest;
  Json& metadata = manifest.edit("metadata");
  const std::string& ns = metadata["namespace"].as_string();
  const std::string& flag = session.overrides().ns;
  if (!ns.empty() && !flag.empty() && ns != flag)
    throw mesh::InvalidManifest({{"metadata.namespace", "the namespace \"" + printable(ns, 100) +
                                                            "\" in the file does not match --namespace \"" +
                                                            printable(flag, 100) + "\""}});
  if (ns.empty()) metadata.set("namespace", session.ns());
  return manifest;
}

/// Reads every document, then throws one Error with all errors.
void for_each_document(const Documents& documents, const std::function<void(const Document&)>& read) {
  ErrorCollector collector;
  for (const Error& item : documents.unreadable) collector.add(item);
  for (const Document& document : documents.found) {
    try {
      read(document);
    } catch (const mesh::InvalidManifest& invalid) {
      for (const mesh::FieldError& error : invalid.errors()) collector.add(document, error);
    } catch (const Error& error) {
      collector.add(document, {"", error.what()});
    }
  }
  collector.throw_if_any();
}

}  // namespace

std::string Document::location() const {
  return document_count > 1 ? file + ", document " + std::to_string(index + 1) : file;
}

std::string Document::error_message(const mesh::FieldError& error) const {
  std::vector<std::string> keys = mesh::path_keys(error.field);
  std::size_t line = find_yaml_line(*text, keys, index);
  for (; line == 0 && !keys.empty(); line = find_yaml_line(*text, keys, index)) keys.pop_back();
  return location() + ", line " + std::to_string(std::max<std::size_t>(line, 1)) + ": " + error.with_field();
}

Documents read_documents(const std::vector<std::string>& files, bool recursive) {
  Documents documents;
  // An unreadable folder must not prevent reading the other files.
  std::vector<std::string> expanded;
  const auto collect_error = [&](const auto& read) {
    try {
      read();
    } catch (const Error& error) {
      documents.unreadable.push_back(error);
    }
  };
  for (const std::string& path : files)
    collect_error([&] { std::ranges::move(expand_path(path, recursive), std::back_inserter(expanded)); });
  for (const std::string& file : expanded)
    collect_error([&] { std::ranges::move(parse_documents(file), std::back_inserter(documents.found)); });
  if (documents.found.empty() && documents.unreadable.empty()) throw Error("no gateway found in the files");
  return documents;
}

std::vector<mesh::Egress> read_gateways(Session& session, const Documents& documents) {
  std::vector<mesh::Egress> gateways;
  std::map<std::pair<std::string, std::string>, std::string> locations;
  for_each_document(documents, [&](const Document& document) {
    mesh::Egress egress = mesh::read_egress(manifest_in_namespace(session, document));
    const auto [first, is_new] = locations.emplace(std::pair(egress.ns, egress.name), document.location());
    if (!is_new)
      throw mesh::InvalidManifest(
          {{"metadata.name", mesh::full_name(egress) + " is already defined in " + first->second}});
    egress.origin = first->second;
    gateways.push_back(std::move(egress));
  });
  return gateways;
}

std::set<mesh::GatewayName> read_gateway_names(Session& session, const Documents& documents) {
  std::set<mesh::GatewayName> names;
  for_each_document(documents, [&](const Document& document) {
    names.insert(mesh::read_gateway_name(manifest_in_namespace(session, document)));
  });
  return names;
}

Document read_document(const std::string& file) {
  Documents documents = read_documents({file}, false);
  if (!documents.unreadable.empty()) throw documents.unreadable.front();
  if (documents.found.size() != 1)
    throw Error(printable(file, 300) + " contains " + std::to_string(documents.found.size()) +
                    " gateways, but create accepts only one",
                "create all gateways: kubectl egress apply -f " + printable(file, 300));
  return std::move(documents.found.front());
}

}  // namespace egress::cli
