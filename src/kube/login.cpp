#include "egress/kube/login.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace egress::kube {
namespace {

bool proves(const std::string& header) {
  return header.starts_with("Authorization:");
}

/// A user in the server's URL counts more than a token (client-go's transport/round_trippers.go, 1.36).
void add_proof(http::Request& request, const std::vector<std::string>& headers) {
  const bool proven = std::ranges::any_of(request.headers, proves);
  std::vector<std::string> all;
  std::ranges::copy_if(headers, std::back_inserter(all),
                       [&](const std::string& header) { return !proven || !proves(header); });
  all.insert(all.end(), request.headers.begin(), request.headers.end());
  request.headers = std::move(all);
}

}  // namespace

std::vector<http::Request> LoginTransport::proven(std::span<const http::Request> wave) {
  Proof proof;
  for (const auto& login : logins_) login->prove(proof);
  if (!proof.client_certificate.empty() && proof.client_certificate != presented_) {
    present_(proof.client_certificate, proof.client_key);
    presented_ = proof.client_certificate;
  }
  std::vector<http::Request> requests(wave.begin(), wave.end());
  for (http::Request& request : requests) add_proof(request, proof.headers);
  return requests;
}

bool LoginTransport::renew() {
  return std::ranges::count_if(logins_, [](const auto& login) { return login->renew(); }) > 0;
}

std::vector<http::Reply> LoginTransport::send(std::span<const http::Request> wave) {
  if (wave.empty()) return inner_.send(wave);
  std::vector<http::Reply> replies = inner_.send(proven(wave));
  std::vector<std::size_t> refused;
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (replies[i].status == 401) refused.push_back(i);
  if (refused.empty() || !renew()) return replies;

  std::vector<http::Request> again;
  for (const std::size_t place : refused) again.push_back(wave[place]);
  std::vector<http::Reply> later = inner_.send(proven(again));
  for (std::size_t i = 0; i < refused.size(); ++i) replies[refused[i]] = std::move(later[i]);
  return replies;
}

http::Reply LoginTransport::stream(const http::Request& request,
                                   const std::function<bool(std::string_view)>& consume) {
  http::Reply reply = inner_.stream(proven(std::span(&request, 1)).front(), consume);
  if (reply.status != 401 || !renew()) return reply;
  return inner_.stream(proven(std::span(&request, 1)).front(), consume);
}

}  // namespace egress::kube
