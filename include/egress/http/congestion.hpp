#pragma once

#include <cstddef>

namespace egress::http {

/// How many requests may be under way at one time: as many as a connection carries, until the server says
/// that it has too many (429, API Priority and Fairness); then half as many, and one more with every round
/// that it answers. So two that write to one server share it evenly (Chiu and Jain, 1989: additive increase,
/// multiplicative decrease).
class Congestion {
 public:
  explicit Congestion(std::size_t most) : most_(most), limit_(static_cast<double>(most)) {}

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }

  /// Takes a reply's status in, while so many were under way.
  void take(long status, std::size_t under_way);

 private:
  std::size_t most_;
  double limit_;
  std::size_t spared_ = 0;  ///< replies to what was under way when the limit was lowered: they are no news
};

}  // namespace egress::http
