#pragma once

#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"

/// Names of what stands on a cluster, for completion: one request each, for metadata alone, and no more than
/// the first page. They throw what Cluster::send() throws, and Error where they may not be listed.
namespace egress::cli::cluster_names {

std::vector<std::string> namespaces(kube::Cluster& cluster);
std::vector<std::string> gateways(kube::Cluster& cluster, const std::string& ns);
std::vector<std::string> secrets(kube::Cluster& cluster, const std::string& ns);
std::vector<std::string> config_maps(kube::Cluster& cluster, const std::string& ns);
std::vector<std::string> service_accounts(kube::Cluster& cluster, const std::string& ns);

/// Istio's revisions and revision tags, as far as they inject.
std::vector<std::string> revisions(kube::Cluster& cluster);

/// Objects of a kind as `kubectl` prints their type ("deployment.apps"), in whichever version is served.
std::vector<std::string> objects(kube::Cluster& cluster, const std::string& type, const std::string& ns);

}  // namespace egress::cli::cluster_names
