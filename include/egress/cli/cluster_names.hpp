#pragma once

#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"

/// Names of the objects in a cluster, for completion. Each function sends one request for the metadata of the
/// first page. Throws what Cluster::send() throws, and Error if listing is forbidden.
namespace egress::cli::cluster_names {

std::vector<std::string> namespaces(kube::Cluster& cluster);
std::vector<std::string> gateways(kube::Cluster& cluster, const std::string& ns);
std::vector<std::string> secrets(kube::Cluster& cluster, const std::string& ns);
std::vector<std::string> config_maps(kube::Cluster& cluster, const std::string& ns);
std::vector<std::string> service_accounts(kube::Cluster& cluster, const std::string& ns);

/// Istio's revisions and revision tags that have an injection webhook.
std::vector<std::string> revisions(kube::Cluster& cluster);

/// The objects of a type as kubectl prints it ("deployment.apps"), in any served version.
std::vector<std::string> objects(kube::Cluster& cluster, const std::string& type, const std::string& ns);

}  // namespace egress::cli::cluster_names
