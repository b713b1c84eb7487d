#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// An entry of a kubeconfig's clusters, users or contexts, with its file: relative paths in the entry are
/// relative to that file.
struct KubeconfigEntry {
  std::string name;
  Json value;
  std::string file;
  /// The file's whole text, to find line numbers: a pipe cannot be read twice. Null if there is no text.
  std::shared_ptr<const std::string> source{};
  std::size_t index = 0;  ///< in the list in its file

  /// A string field; empty if it is missing. Throws Error, without the value, if it has another type.
  std::string text(std::string_view key) const;
  /// A boolean field; false if it is missing. Throws Error if it has another type.
  bool boolean(std::string_view key) const;
  /// True if the content is specified, inline or as a file.
  bool has_content(std::string_view key) const;
  /// The content that is specified inline as base64 (`KEY-data`) or as a file (`KEY`); empty if it is not
  /// specified.
  std::string content(std::string_view key) const;
  /// Resolves a path relative to the folder of the file.
  std::string absolute_path(const std::string& path) const;
};

/// The merged content of kubeconfig files. As in client-go (tools/clientcmd/loader.go), the first file with a
/// cluster, user or context of a name defines all of it.
struct Kubeconfig {
  std::string current_context;
  std::vector<KubeconfigEntry> clusters;
  std::vector<KubeconfigEntry> users;
  std::vector<KubeconfigEntry> contexts;
  std::vector<std::string> files;      ///< the files that were read
  std::vector<std::string> missing{};  ///< the files in $KUBECONFIG if all are missing

  const KubeconfigEntry* cluster(std::string_view name) const;
  const KubeconfigEntry* user(std::string_view name) const;
  const KubeconfigEntry* context(std::string_view name) const;
};

/// Reads the file that the flag names, or the existing files of $KUBECONFIG, or ~/.kube/config. Throws Error
/// with the name of an invalid file, and without secret data.
Kubeconfig load_kubeconfig(const std::string& flag);

/// Adds the content of one kubeconfig, as read from `file`.
void merge_kubeconfig(Kubeconfig& into, std::string_view text, const std::string& file);

}  // namespace egress::kube
