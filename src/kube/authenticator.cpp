#include "egress/kube/authenticator.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace egress::kube {
namespace {

bool is_authorization(const std::string& header) {
  return header.starts_with("Authorization:");
}

/// The user info in the server's URL overrides a token (client-go's transport/round_trippers.go, 1.36).
void add_headers(http::Request& request, const std::vector<std::string>& headers) {
  const bool has_authorization = std::ranges::any_of(request.headers, is_authorization);
  std::vector<std::string> all;
  std::ranges::copy_if(headers, std::back_inserter(all), [&](const std::string& header) {
    return !has_authorization || !is_authorization(header);
  });
  all.insert(all.end(), request.headers.begin(), request.headers.end());
  request.headers = std::move(all);
}

}  // namespace

std::vector<http::Request> AuthTransport::authenticated(std::span<const http::Request> wave) {
  Credentials credentials;
  for (const auto& authenticator : authenticators_) authenticator->authenticate(credentials);
  if (!credentials.client_certificate.empty() && credentials.client_certificate != last_certificate_) {
    on_certificate_(credentials.client_certificate, credentials.client_key);
    last_certificate_ = credentials.client_certificate;
  }
  std::vector<http::Request> requests(wave.begin(), wave.end());
  for (http::Request& request : requests) add_headers(request, credentials.headers);
  return requests;
}

bool AuthTransport::renew() {
  return std::ranges::count_if(authenticators_,
                               [](const auto& authenticator) { return authenticator->renew(); }) > 0;
}

std::vector<http::Response> AuthTransport::send(std::span<const http::Request> wave) {
  if (wave.empty()) return inner_.send(wave);
  std::vector<http::Response> responses = inner_.send(authenticated(wave));
  std::vector<std::size_t> refused;
  for (std::size_t i = 0; i < responses.size(); ++i)
    if (responses[i].status == 401) refused.push_back(i);
  if (refused.empty() || !renew()) return responses;

  std::vector<http::Request> retries;
  for (const std::size_t index : refused) retries.push_back(wave[index]);
  std::vector<http::Response> retried = inner_.send(authenticated(retries));
  for (std::size_t i = 0; i < refused.size(); ++i) responses[refused[i]] = std::move(retried[i]);
  return responses;
}

http::Response AuthTransport::stream(const http::Request& request,
                                     const std::function<bool(std::string_view)>& consume) {
  http::Response response = inner_.stream(authenticated(std::span(&request, 1)).front(), consume);
  if (response.status != 401 || !renew()) return response;
  return inner_.stream(authenticated(std::span(&request, 1)).front(), consume);
}

}  // namespace egress::kube
