#include "egress/base/uuid.hpp"

#include <random>

#include "egress/base/digest.hpp"

namespace egress {

std::string random_uuid() {
  std::random_device random;
  std::uniform_int_distribution<unsigned> byte(0, 0xff);
  std::string bytes;
  for (int i = 0; i < 16; ++i) bytes += static_cast<char>(byte(random));
  const auto set_bits = [&](std::size_t at, unsigned mask, unsigned bits) {
    bytes[at] = static_cast<char>((static_cast<unsigned char>(bytes[at]) & mask) | bits);
  };
  set_bits(6, 0x0fU, 0x40U);  // the version
  set_bits(8, 0x3fU, 0x80U);  // the variant
  std::string text = hex(bytes);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

}  // namespace egress
