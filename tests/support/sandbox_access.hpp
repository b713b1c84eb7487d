#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include "egress/base/text.hpp"
#include "support/shell.hpp"

namespace egress::testing {

/// A file of the sandbox: its certificates, its token.
inline std::string sandbox_file(const std::string& file) {
  return std::string(std::getenv("EGRESS_SANDBOX_DIR")) + "/" + file;
}

/// The URL of its API server.
inline std::string api_server_url() {
  return std::string(
      trim(sh("kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'").out));
}

/// A kubeconfig of one context, written into the sandbox's folder: relative paths in it count from there.
inline std::string write_kubeconfig(const std::string& name, const std::string& cluster,
                                    const std::string& user) {
  const std::string path = sandbox_file(name);
  std::ofstream(path) << "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                      << "contexts: [{name: c, context: {cluster: k, user: u, namespace: kube-public}}]\n"
                      << "clusters: [{name: k, cluster: {" << cluster << "}}]\n"
                      << "users: [{name: u, user: {" << user << "}}]\n";
  return path;
}

/// "kubectl egress list" with that kubeconfig, and with flags behind it.
inline CommandResult list_gateways(const std::string& path) {
  return sh("kubectl egress list --kubeconfig " + path);
}

/// What it says then.
inline const std::string no_gateways_message = "No egress gateways found in kube-public namespace.\n";

/// The first line of the error, in kubectl's words, if the server rejects the user.
inline const std::string unauthorized_message = "error: You must be logged in to the server (Unauthorized)\n";

}  // namespace egress::testing
