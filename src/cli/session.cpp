#include "egress/cli/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/base/uuid.hpp"
#include "egress/http/retrying_transport.hpp"
#include "egress/kube/trace.hpp"

namespace egress::cli {
namespace {

/// From this level on kubectl, too, tells of every request.
constexpr int tell_of_requests = 6;
/// From this level on client-go says that there is no kubeconfig (tools/clientcmd/loader.go, 1.36).
constexpr int tell_of_files = 1;

/// In the form of client-go's DefaultKubernetesUserAgent (rest/config.go, 1.36); "unknown" is the commit of a
/// build that knows none of Kubernetes'.
std::string user_agent() {
  const std::string_view release = program_version.substr(0, program_version.find('-'));
  return "User-Agent: kubectl-egress/v" + std::string(release) + " (linux/" EGRESS_CPU ") kubernetes/unknown";
}

/// kubectl 1.32 can be told to leave out the headers for the audit log; 1.36 no longer can, but who once
/// chose so is not overruled here.
bool tells_command() {
  const char* wish = std::getenv("KUBECTL_COMMAND_HEADERS");
  return wish == nullptr || (std::string_view(wish) != "false" && std::string_view(wish) != "0");
}

/// What is said of the client with every request: KEP-859 names its headers. Neither flags nor values are
/// among them.
std::vector<std::string> client_headers(const std::string& command) {
  if (!tells_command()) return {user_agent()};
  return {user_agent(), "Kubectl-Command: kubectl egress " + command, "Kubectl-Session: " + random_uuid()};
}

/// A cursor can be moved on any terminal but a dumb one.
LiveLines::Measure measure(const Streams& streams) {
  const char* terminal = std::getenv("TERM");
  const bool moves = streams.err_is_terminal && terminal != nullptr && std::string_view(terminal) != "dumb";
  return [moves, size = streams.size] { return moves ? std::optional(size()) : std::nullopt; };
}

}  // namespace

Session::Session(const Streams& streams)
    : streams_(streams),
      live_(streams.err, measure(streams)),
      results_(streams.out),
      ticking_([this] { live_.tick(); }) {}

std::ostream& Session::out() const {
  live_.clear();
  return streams_.out;
}

std::ostream& Session::err() const {
  live_.clear();
  return streams_.err;
}

render::Palette Session::palette() const {
  return render::Palette(render::wants_colours(colour_, streams_.out_is_terminal));
}

/// The first word of a message.
std::string Session::lead(const std::string& word, render::Colour colour) const {
  const render::Palette palette(render::wants_colours(colour_, streams_.err_is_terminal));
  return render::painted(word, palette(colour));
}

void Session::tell(const Error& error) const {
  const std::string headline = error.headline();
  const std::string word = "error:";
  err() << (headline.starts_with(word) ? lead(word, render::Colour::red) + headline.substr(word.size())
                                       : headline)
        << '\n';
  if (!error.hint().empty()) err() << lead("hint:", render::Colour::cyan) << ' ' << error.hint() << '\n';
}

Session::~Session() {
  live_.clear();
  if (!trace_) return;
  const http::Traffic traffic = trace_->traffic();
  err() << "waves: " << traffic.waves << ", requests: " << traffic.requests
        << ", connections: " << traffic.connections << '\n';
}

const kube::Kubeconfig& Session::kubeconfig() {
  if (kubeconfig_) return *kubeconfig_;
  kubeconfig_ = kube::load_kubeconfig(overrides_.kubeconfig);
  if (verbosity_ >= tell_of_files && !kubeconfig_->missing.empty()) {
    std::vector<std::string> shown;
    std::ranges::transform(kubeconfig_->missing, std::back_inserter(shown), shown_path);
    err() << "Config not found: " << join(shown, ", ") << '\n';
  }
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
  results_.enter(fleet::Outcome::Stage::connect);
  kube::Access access = kube::resolve(kubeconfig(), overrides_);
  for (std::string& header : client_headers(command)) access.identity.headers.push_back(std::move(header));
  for (const std::string& text : access.warnings) warn(text);
  cluster_ = std::make_unique<kube::Cluster>(connect(access), std::move(access.identity),
                                             [this](const std::string& text) {
                                               ++warnings_received_;
                                               warn(text);
                                             });
  results_.enter(fleet::Outcome::Stage::discover);
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
  // Who has little patience has none for a second attempt.
  if (overrides_.patience.count() == 0) {
    retrying_ =
        std::make_unique<http::RetryingTransport>(*outermost, nullptr, [this](std::chrono::seconds pause) {
          const auto now = std::chrono::steady_clock::now();
          // Many may be told so at one time.
          if (now < std::exchange(busy_until_, std::max(busy_until_, now + pause))) return;
          err() << "The server is busy, and asks to be left alone for " << pause.count() << " s\n";
        });
    outermost = retrying_.get();
  }
  if (access.logins.empty()) return *outermost;
  login_ = std::make_unique<kube::LoginTransport>(
      *outermost, std::move(access.logins), [this](const std::string& certificate, const std::string& key) {
        transport_->present(certificate, key);
      });
  return *login_;
}

void Session::warn(const std::string& text) const {
  if (overrides_.silent) return;
  err() << lead("Warning:", render::Colour::bold_yellow) << ' ' << text << '\n';
}

void Session::refuse_warnings() const {
  if (!warnings_as_errors_ || warnings_received_ == 0) return;
  throw Error(std::to_string(warnings_received_) + (warnings_received_ == 1 ? " warning" : " warnings") +
              " received");
}

}  // namespace egress::cli
