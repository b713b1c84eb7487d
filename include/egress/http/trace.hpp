#pragma once

#include <functional>
#include <string>

#include "egress/http/transport.hpp"

namespace egress::http {

/// A transport that tells of each request, without headers and bodies: nothing secret is in what it says.
class Trace : public Transport {
 public:
  using Tell = std::function<void(const std::string&)>;

  /// The inner transport must outlive this one; `server` is the URL that stands before the targets.
  Trace(Transport& inner, std::string server, Tell tell)
      : inner_(inner), server_(std::move(server)), tell_(std::move(tell)) {}

  std::vector<Reply> send(std::span<const Request> wave) override;
  Reply stream(const Request& request, const std::function<bool(std::string_view)>& consume) override;
  Traffic traffic() const override { return inner_.traffic(); }

 private:
  void tell(const Request& request, const Reply& reply) const;

  Transport& inner_;
  std::string server_;
  Tell tell_;
};

}  // namespace egress::http
