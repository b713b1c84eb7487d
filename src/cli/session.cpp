#include "egress/cli/session.hpp"

#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/http/retrying_transport.hpp"
#include "egress/kube/trace.hpp"

namespace egress::cli {
namespace {

/// From this level on kubectl, too, tells of every request.
constexpr int tell_of_requests = 6;

std::string user_agent() {
  return "User-Agent: kubectl-egress/v" + std::string(program_version) + " (linux/" EGRESS_CPU ")";
}

}  // namespace

Session::~Session() {
  if (!trace_) return;
  const http::Traffic traffic = trace_->traffic();
  err() << "waves: " << traffic.waves << ", requests: " << traffic.requests
        << ", connections: " << traffic.connections << '\n';
}

const kube::Kubeconfig& Session::kubeconfig() {
  if (!kubeconfig_) kubeconfig_ = kube::load_kubeconfig(overrides_.kubeconfig);
  return *kubeconfig_;
}

std::string Session::ns() {
  std::string ns = kube::namespace_of(kubeconfig(), overrides_);
  // It becomes part of a path; what else is wrong with it, the server says.
  if (ns == "." || ns == "..") throw Error("invalid namespace \"" + ns + "\": [may not be '" + ns + "']");
  for (const char* sign : {"/", "%"})
    if (ns.find(sign) != std::string::npos)
      throw Error("invalid namespace \"" + printable(ns, 100) + "\": [may not contain '" + sign + "']");
  return ns;
}

kube::Cluster& Session::cluster(const std::string& command) {
  if (cluster_) return *cluster_;
  kube::Access access = kube::resolve(kubeconfig(), overrides_);
  access.identity.headers.push_back(user_agent());
  access.identity.headers.push_back("Kubectl-Command: kubectl egress " + command);
  for (const std::string& text : access.warnings) warn(text);
  cluster_ = std::make_unique<kube::Cluster>(connect(access), std::move(access.identity),
                                             [this](const std::string& text) {
                                               ++warnings_received_;
                                               warn(text);
                                             });
  return *cluster_;
}

http::Transport& Session::connect(kube::Access& access) {
  const std::string url = access.endpoint.url;
  transport_ = std::make_unique<http::CurlTransport>(std::move(access.endpoint));
  http::Transport* outermost = transport_.get();
  if (verbosity_ >= tell_of_requests) {
    trace_ = std::make_unique<kube::Trace>(*outermost, url, verbosity_,
                                           [this](const std::string& line) { err() << line << '\n'; });
    outermost = trace_.get();
  }
  retrying_ = std::make_unique<http::RetryingTransport>(*outermost);
  if (access.logins.empty()) return *retrying_;
  login_ = std::make_unique<kube::LoginTransport>(
      *retrying_, std::move(access.logins), [this](const std::string& certificate, const std::string& key) {
        transport_->present(certificate, key);
      });
  return *login_;
}

void Session::warn(const std::string& text) const {
  if (overrides_.silent) return;
  err() << "Warning: " << text << '\n';
}

void Session::refuse_warnings() const {
  if (!warnings_as_errors_ || warnings_received_ == 0) return;
  throw Error(std::to_string(warnings_received_) + (warnings_received_ == 1 ? " warning" : " warnings") +
              " received");
}

}  // namespace egress::cli
