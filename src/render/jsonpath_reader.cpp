#include <algorithm>
#include <charconv>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/render/jsonpath_quote.hpp"
#include "egress/render/jsonpath_template.hpp"

namespace egress::render::jsonpath {
namespace {

constexpr std::size_t longest = 64U << 10U;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// What may begin a word or a name: letters, digits and `_`; beyond ASCII, anything.
bool begins_word(char c) {
  return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::string_view terminators = " \t\r\n.,[]$@{}";

/// "U+0023 '#'", as Go's %#U.
std::string shown(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  const std::string code = {'U', '+', '0', '0', digits[byte >> 4U], digits[byte & 0xfU]};
  return byte < 0x20 || byte == 0x7f ? code : code + " '" + c + "'";
}

std::optional<std::int64_t> integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                                   : std::nullopt;
}

Json number(std::string_view text) {
  if (const auto value = integer(text)) return *value;
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
    throw Error("cannot parse number " + std::string(text));
  return value;
}

/// What stands in braces; also that of a filter and of the parts of a union, as if it stood in some.
Steps read_steps(std::string_view text);

/// `[…]` but for a filter: what stands between the brackets.
Union read_union(const std::vector<std::string>& parts) {
  Union made;
  for (const std::string& part : parts) {
    const std::size_t first = std::min(part.find_first_not_of(' '), part.size());
    const std::size_t last = part.find_last_not_of(' ');
    const std::string trimmed = first == part.size() ? "" : part.substr(first, last - first + 1);
    made.parts.push_back(read_steps("[" + trimmed + "]"));
  }
  return made;
}

/// Whether the text is a sign or none, and digits or none.
bool is_bound(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return std::ranges::all_of(text, is_digit);
}

Slice read_slice(std::string_view text) {
  std::vector<std::string> parts = split(text, ':');
  if (parts.empty()) parts.emplace_back();
  if (parts.size() > 3 || !std::ranges::all_of(parts, is_bound))
    throw Error("invalid array index " + std::string(text));
  Slice slice;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    const auto value = integer(parts[i]);
    if (!value) throw Error("array index " + parts[i] + " is not a number");
    slice.bounds[i] = {.known = true, .value = *value};
  }
  if (parts.size() == 1) {
    const auto next = static_cast<std::uint64_t>(slice.bounds[0].value) + 1;
    slice.bounds[1] = {.known = true, .value = static_cast<std::int64_t>(next), .derived = true};
  }
  return slice;
}

/// Reads from one `{` to its `}`.
class Reader {
 public:
  Reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  /// Behind the brace at the end.
  std::size_t at() const { return at_; }

  Steps read() {
    Steps steps;
    while (!take("}")) read_step(steps.all);
    return steps;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  bool starts_with(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  bool take(std::string_view word) {
    if (!starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  void read_step(std::vector<Step>& steps) {
    if (take("[?(")) return steps.push_back({read_filter()});
    if (take("..")) return read_descent(steps);
    if (done() || text_[at_] == '\r' || text_[at_] == '\n') throw Error("unclosed action");
    const char c = text_[at_];
    if (c == ' ' || c == '@' || c == '$') {
      ++at_;
    } else if (c == '[') {
      ++at_;
      read_brackets(steps);
    } else if (c == '"' || c == '\'') {
      steps.push_back({Literal{read_quoted()}});
    } else if (c == '.') {
      ++at_;
      read_field(steps);
    } else if (c == '+' || c == '-' || is_digit(c)) {
      steps.push_back({Literal{read_number()}});
    } else if (begins_word(c)) {
      read_word(steps);
    } else {
      throw Error("unrecognized character in action: " + shown(c));
    }
  }

  void read_descent(std::vector<Step>& steps) {
    if (!steps.empty() && std::holds_alternative<Descent>(steps.back().is))
      throw Error("invalid multiple recursive descent");
    steps.push_back({Descent{}});
    if (!done() && begins_word(text_[at_])) read_field(steps);
  }

  /// To the next terminator that has no backslash before it.
  void read_field(std::vector<Step>& steps) {
    const std::size_t begin = at_;
    std::string name;
    for (; !done() && terminators.find(text_[at_]) == std::string_view::npos; ++at_) {
      if (text_[at_] == '\\' && ++at_ >= text_.size()) break;
      // What follows a backslash is taken whatever it is, but another one.
      if (text_[at_] != '\\') name += text_[at_];
    }
    if (text_.substr(begin, at_ - begin) == "*")
      steps.push_back({Wildcard{}});
    else
      steps.push_back({Field{name}});
  }

  void read_word(std::vector<Step>& steps) {
    const std::size_t end = std::min(text_.find_first_of(terminators, at_), text_.size());
    const std::string word(text_.substr(at_, end - at_));
    at_ = end;
    if (word == "true" || word == "false")
      steps.push_back({Literal{word == "true"}});
    else
      steps.push_back({Word{word}});
  }

  Json read_number() {
    const std::size_t digits = at_ + (is_digit(text_[at_]) ? 0 : 1);
    const std::size_t end = std::min(text_.find_first_not_of("0123456789.", digits), text_.size());
    const std::string_view text = text_.substr(at_, end - at_);
    at_ = end;
    return number(text);
  }

  std::string read_quoted() {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    for (;; ++at_) {
      if (done() || text_[at_] == '\n') throw Error("unterminated quoted string");
      if (text_[at_] == quote && text_[at_ - 1] != '\\') break;
    }
    const std::string_view quoted = text_.substr(begin, ++at_ - begin);
    auto text = unquoted(quoted);
    if (!text) throw Error("unquote string " + std::string(quoted) + " error invalid syntax");
    return std::move(*text);
  }

  void read_brackets(std::vector<Step>& steps) {
    const std::size_t end = text_.find_first_of("]\n", at_);
    if (end == std::string_view::npos || text_[end] == '\n') throw Error("unterminated array");
    std::string_view inside = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (inside == "*") inside = ":";
    const std::vector<std::string> parts = split(inside, ',');
    const bool quoted = inside.size() >= 2 && inside.front() == '\'' && inside.back() == '\'' &&
                        inside.find('\'', 1) == inside.size() - 1;
    if (parts.size() > 1) {
      steps.push_back({read_union(parts)});
    } else if (quoted) {
      // It is read as a path, so that dots have to be escaped there too.
      Steps path = read_steps("." + std::string(inside.substr(1, inside.size() - 2)));
      std::ranges::move(path.all, std::back_inserter(steps));
    } else {
      steps.push_back({read_slice(inside)});
    }
  }

  /// The text of the filter: quotes in it stand once, and what is in them does not end it.
  std::string_view filter_text() {
    const std::size_t begin = at_;
    char quote = 0;
    bool closed = false;
    for (;; ++at_) {
      if (done() || text_[at_] == '\n') throw Error("unterminated filter");
      const char c = text_[at_];
      if (quote == 0 && (c == '"' || c == '\''))
        quote = c;
      else if (c == quote && text_[at_ - 1] != '\\')
        closed = true;
      else if (c == ')' && (quote == 0 || closed))
        break;
    }
    return text_.substr(begin, at_++ - begin);
  }

  Filter read_filter() {
    const std::string_view text = filter_text();
    if (!take("]")) throw Error("unclosed array expect ]");
    constexpr std::string_view signs = "!<>=";
    const std::size_t sign = text.find_first_of(signs);
    if (sign == 0 || sign == std::string_view::npos || sign + 1 == text.size())
      return {read_steps(text), "", {}};
    // Something has to stand on the right, if it be a sign.
    const std::size_t right = std::min(text.find_first_not_of(signs, sign), text.size() - 1);
    return {read_steps(text.substr(0, sign)), std::string(text.substr(sign, right - sign)),
            read_steps(text.substr(right))};
  }

  std::string_view text_;
  std::size_t at_;
};

Steps read_steps(std::string_view text) {
  const std::string in_braces = std::string(text) + "}";
  Reader reader(in_braces, 0);
  Steps steps = reader.read();
  // Where it is closed early, the rest is read all the same.
  read_template(std::string_view(in_braces).substr(reader.at()));
  return steps;
}

}  // namespace

Steps read_template(std::string_view text) {
  if (text.size() > longest) throw Error("the template is longer than " + std::to_string(longest) + " bytes");
  Steps read;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t brace = std::min(text.find('{', at), text.size());
    if (brace > at) read.all.push_back({Literal{text.substr(at, brace - at)}});
    if (brace == text.size()) break;
    Reader reader(text, brace + 1);
    read.all.push_back({reader.read()});
    at = reader.at();
  }
  return read;
}

}  // namespace egress::render::jsonpath
