#pragma once

#include <array>
#include <optional>
#include <string>

namespace egress {

/// An IPv4 or IPv6 address, in network order; IPv4 in its IPv6 form (::ffff:a.b.c.d), so that both compare.
using Address = std::array<unsigned char, 16>;

/// Where an IPv4 address begins in its IPv6 form.
inline constexpr std::size_t ipv4_offset = 12;

/// Reads an address without brackets; nothing where the text is none.
std::optional<Address> parse_address(const std::string& text);

}  // namespace egress
