#include "egress/cli/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/uuid.hpp"
#include "egress/base/version.hpp"
#include "egress/cli/field_flags.hpp"
#include "egress/http/retrying_transport.hpp"
#include "egress/kube/trace.hpp"

namespace egress::cli {
namespace {

/// The level from which kubectl logs every request.
constexpr int request_log_level = 6;
/// The level from which client-go logs missing kubeconfig files (tools/clientcmd/loader.go, 1.36).
constexpr int kubeconfig_log_level = 1;

/// The format of client-go's DefaultKubernetesUserAgent (rest/config.go, 1.36). "unknown" is what client-go
/// sends if the build has no commit of Kubernetes.
std::string user_agent() {
  const std::string_view release = program_version.substr(0, program_version.find('-'));
  return "User-Agent: kubectl-egress/v" + std::string(release) + " (linux/" EGRESS_CPU ") kubernetes/unknown";
}

/// With KUBECTL_COMMAND_HEADERS=false, kubectl 1.32 omits the headers for the audit log. 1.36 ignores the
/// variable, but users who set it still expect no headers.
bool sends_command_headers() {
  const char* setting = std::getenv("KUBECTL_COMMAND_HEADERS");
  return setting == nullptr || (std::string_view(setting) != "false" && std::string_view(setting) != "0");
}

/// The headers that identify the client in every request (KEP-859). They contain neither flags nor values.
std::vector<std::string> client_headers(const std::string& command) {
  if (!sends_command_headers()) return {user_agent()};
  return {user_agent(), "Kubectl-Command: kubectl egress " + command, "Kubectl-Session: " + random_uuid()};
}

/// Measures the terminal if its cursor can be moved, which is true for all but dumb terminals.
ProgressLines::Measure measure_terminal(const Streams& streams) {
  const char* terminal = std::getenv("TERM");
  const bool can_move_cursor =
      streams.err_is_terminal && terminal != nullptr && std::string_view(terminal) != "dumb";
  return [can_move_cursor, size = streams.terminal_size] {
    return can_move_cursor ? std::optional(size()) : std::nullopt;
  };
}

}  // namespace

Session::Session(const Streams& streams)
    : streams_(streams),
      progress_lines_(streams.err, measure_terminal(streams)),
      results_(streams.out),
      ticker_([this] { progress_lines_.tick(); }) {}

std::ostream& Session::out() const {
  progress_lines_.clear();
  return streams_.out;
}

std::ostream& Session::err() const {
  progress_lines_.clear();
  return streams_.err;
}

render::Palette Session::palette() const {
  return render::Palette(render::wants_colours(colour_, streams_.out_is_terminal));
}

/// The prefix of a message ("error:"), in color on a terminal.
std::string Session::coloured_prefix(const std::string& word, render::Colour colour) const {
  const render::Palette palette(render::wants_colours(colour_, streams_.err_is_terminal));
  return render::colourize(word, palette(colour));
}

void Session::report(const Error& error) const {
  const std::string headline = error.headline();
  const std::string word = "error:";
  // Other headlines are the API server's, which mean fields of Kubernetes objects.
  const bool is_own = headline.starts_with(word);
  err() << (is_own ? coloured_prefix(word, render::Colour::red) + message(headline.substr(word.size()))
                   : headline)
        << '\n';
  if (!error.hint().empty())
    err() << coloured_prefix("hint:", render::Colour::cyan) << ' ' << message(error.hint()) << '\n';
}

void Session::name_flags() {
  names_flags_ = true;
  results_.name_flags();
}

std::string Session::message(const std::string& text) const {
  return names_flags_ ? with_flags(text) : text;
}

Session::~Session() {
  progress_lines_.clear();
  if (!trace_) return;
  const http::Traffic traffic = trace_->traffic();
  err() << "waves: " << traffic.waves << ", requests: " << traffic.requests
        << ", connections: " << traffic.connections << '\n';
}

const kube::Kubeconfig& Session::kubeconfig() {
  if (kubeconfig_) return *kubeconfig_;
  kubeconfig_ = kube::load_kubeconfig(overrides_.kubeconfig);
  if (verbosity_ >= kubeconfig_log_level && !kubeconfig_->missing.empty()) {
    std::vector<std::string> paths;
    std::ranges::transform(kubeconfig_->missing, std::back_inserter(paths), printable_path);
    err() << "Config not found: " << join(paths, ", ") << '\n';
  }
  return *kubeconfig_;
}

std::string Session::ns() {
  std::string ns = kube::namespace_of(kubeconfig(), overrides_);
  // The namespace becomes a path segment. The server rejects other invalid names.
  if (ns == "." || ns == "..") throw Error("invalid namespace \"" + ns + "\": [may not be '" + ns + "']");
  for (const char* character : {"/", "%"})
    if (ns.find(character) != std::string::npos)
      throw Error("invalid namespace \"" + printable(ns, 100) + "\": [may not contain '" + character + "']");
  return ns;
}

kube::Cluster& Session::cluster(const std::string& command) {
  if (cluster_) return *cluster_;
  results_.set_stage(fleet::Outcome::Stage::connect);
  kube::Connection connection = kube::resolve_connection(kubeconfig(), overrides_);
  for (std::string& header : client_headers(command))
    connection.identity.headers.push_back(std::move(header));
  for (const std::string& text : connection.warnings) warn(text);
  cluster_ = std::make_unique<kube::Cluster>(connect(connection), std::move(connection.identity),
                                             [this](const std::string& text) {
                                               ++warnings_received_;
                                               print_warning(text);
                                             });
  results_.set_stage(fleet::Outcome::Stage::discover);
  return *cluster_;
}

http::Transport& Session::connect(kube::Connection& connection) {
  const std::string url = connection.endpoint.url;
  transport_ = std::make_unique<http::CurlTransport>(std::move(connection.endpoint));
  http::Transport* outermost = transport_.get();
  if (verbosity_ >= request_log_level) {
    trace_ = std::make_unique<kube::Trace>(*outermost, url, verbosity_,
                                           [this](const std::string& line) { err() << line << '\n'; });
    outermost = trace_.get();
  }
  // With a short timeout there is no time for a second attempt.
  if (overrides_.progress_timeout.count() == 0) {
    retrying_ =
        std::make_unique<http::RetryingTransport>(*outermost, nullptr, [this](std::chrono::seconds pause) {
          const auto now = std::chrono::steady_clock::now();
          // Many concurrent requests may be rejected at the same time; report it once.
          if (now < std::exchange(busy_until_, std::max(busy_until_, now + pause))) return;
          err() << "server is busy; retrying in " << pause.count() << "s\n";
        });
    outermost = retrying_.get();
  }
  if (connection.authenticators.empty()) return *outermost;
  authenticator_ =
      std::make_unique<kube::AuthTransport>(*outermost, std::move(connection.authenticators),
                                            [this](const std::string& certificate, const std::string& key) {
                                              transport_->set_client_certificate(certificate, key);
                                            });
  return *authenticator_;
}

void Session::warn(const std::string& text) const {
  print_warning(message(text));
}

void Session::print_warning(const std::string& text) const {
  if (overrides_.silent) return;
  err() << coloured_prefix("Warning:", render::Colour::bold_yellow) << ' ' << text << '\n';
}

void Session::check_received_warnings() const {
  if (!warnings_as_errors_ || warnings_received_ == 0) return;
  throw Error(std::to_string(warnings_received_) + (warnings_received_ == 1 ? " warning" : " warnings") +
              " received");
}

}  // namespace egress::cli
