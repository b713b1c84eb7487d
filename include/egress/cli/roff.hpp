#pragma once

#include <string>

/// The parts of a man page, in the language of groff_man(7).
namespace egress::cli::roff {

/// The text with its special characters escaped: none of it is a request, and hyphens can be copied into a
/// shell.
std::string escape(const std::string& text);
std::string bold(const std::string& text);
/// The first line of a page: ".TH NAME SECTION ...".
std::string title(const std::string& page, int section);
std::string heading(const std::string& title);
/// A term in bold, and an indented paragraph that describes it.
std::string definition(const std::string& term, const std::string& description);

}  // namespace egress::cli::roff
