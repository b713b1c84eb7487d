#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// One entry of a kubeconfig's clusters, users or contexts, and the file that it stands in: relative paths in
/// it count from there.
struct KubeconfigEntry {
  std::string name;
  Json value;
  std::string file;
  /// The file's whole text, for whoever tells a line of it: a pipe is not read twice. Null where there is
  /// none.
  std::shared_ptr<const std::string> source{};
  std::size_t index = 0;  ///< in the list of the file

  /// A text field, or an empty text. Throws Error, without the value, where it is of another type.
  std::string text(std::string_view key) const;
  /// A field that is true or false; false where it is not there. Throws Error where it is of another type.
  bool boolean(std::string_view key) const;
  /// True where such a field is given, inline or as a file.
  bool has_content(std::string_view key) const;
  /// The content of a field that is given inline as base64 (`KEY-data`) or as a file (`KEY`); empty where it
  /// is not given at all.
  std::string content(std::string_view key) const;
  /// A path as it is meant: relative to the file's folder.
  std::string absolute_path(const std::string& path) const;
};

/// What kubeconfig files say, merged as client-go does (tools/clientcmd/loader.go): of clusters, users and
/// contexts of one name, the first file's counts, whole.
struct Kubeconfig {
  std::string current_context;
  std::vector<KubeconfigEntry> clusters;
  std::vector<KubeconfigEntry> users;
  std::vector<KubeconfigEntry> contexts;
  std::vector<std::string> files;      ///< those that were read
  std::vector<std::string> missing{};  ///< those that $KUBECONFIG names, where none of them is there

  const KubeconfigEntry* cluster(std::string_view name) const;
  const KubeconfigEntry* user(std::string_view name) const;
  const KubeconfigEntry* context(std::string_view name) const;
};

/// Reads the file that the flag names, or those of $KUBECONFIG that are there, or ~/.kube/config. Throws
/// Error naming the file that cannot be used; never with what is secret in it.
Kubeconfig load_kubeconfig(const std::string& flag);

/// Adds what one kubeconfig text says, as read from `file`.
void merge_kubeconfig(Kubeconfig& into, std::string_view text, const std::string& file);

}  // namespace egress::kube
