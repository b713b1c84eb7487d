#include "egress/http/trace.hpp"

namespace egress::http {

void Trace::tell(const Request& request, const Reply& reply) const {
  const std::string what = request.method + " " + server_ + request.target;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(reply.took).count();
  if (reply.failure == Failure::none)
    tell_(what + " " + std::to_string(reply.status) + " in " + std::to_string(took) + " milliseconds");
  else
    tell_(what + " failed: " + reply.failure_text);
}

std::vector<Reply> Trace::send(std::span<const Request> wave) {
  std::vector<Reply> replies = inner_.send(wave);
  for (std::size_t i = 0; i < wave.size(); ++i) tell(wave[i], replies[i]);
  return replies;
}

Reply Trace::stream(const Request& request, const std::function<bool(std::string_view)>& consume) {
  Reply reply = inner_.stream(request, consume);
  tell(request, reply);
  return reply;
}

}  // namespace egress::http
