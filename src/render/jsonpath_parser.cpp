#include <algorithm>
#include <charconv>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/render/jsonpath_quote.hpp"
#include "egress/render/jsonpath_template.hpp"

namespace egress::render::jsonpath {
namespace {

constexpr std::size_t max_template_size = 64U << 10U;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// True for letters, digits, `_` and any non-ASCII byte.
bool starts_identifier(char c) {
  return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::string_view terminators = " \t\r\n.,[]$@{}";

/// "U+0023 '#'", as Go's %#U.
std::string describe_character(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  const std::string code = {'U', '+', '0', '0', digits[byte >> 4U], digits[byte & 0xfU]};
  return byte < 0x20 || byte == 0x7f ? code : code + " '" + c + "'";
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                                   : std::nullopt;
}

Json parse_number(std::string_view text) {
  if (const auto value = parse_integer(text)) return *value;
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
    throw Error("cannot parse number " + std::string(text));
  return value;
}

/// Parses the content of braces, of a filter, or of a part of a union.
Steps parse_steps(std::string_view text);

/// Parses the parts of a union, `[a,b]`.
Union parse_union(const std::vector<std::string>& parts) {
  Union result;
  for (const std::string& part : parts) {
    const std::size_t first = std::min(part.find_first_not_of(' '), part.size());
    const std::size_t last = part.find_last_not_of(' ');
    const std::string trimmed = first == part.size() ? "" : part.substr(first, last - first + 1);
    result.parts.push_back(parse_steps("[" + trimmed + "]"));
  }
  return result;
}

/// True for an optional sign and optional digits.
bool is_bound(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return std::ranges::all_of(text, is_digit);
}

Slice parse_slice(std::string_view text) {
  std::vector<std::string> parts = split(text, ':');
  if (parts.empty()) parts.emplace_back();
  if (parts.size() > 3 || !std::ranges::all_of(parts, is_bound))
    throw Error("invalid array index " + std::string(text));
  Slice slice;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    const auto value = parse_integer(parts[i]);
    if (!value) throw Error("array index " + parts[i] + " is not a number");
    slice.bounds[i] = {.known = true, .value = *value};
  }
  if (parts.size() == 1) {
    const auto next = static_cast<std::uint64_t>(slice.bounds[0].value) + 1;
    slice.bounds[1] = {.known = true, .value = static_cast<std::int64_t>(next), .derived = true};
  }
  return slice;
}

/// Parses from one `{` to its `}`.
class Parser {
 public:
  Parser(std::string_view text, std::size_t position) : text_(text), position_(position) {}

  /// The position after the closing brace.
  std::size_t position() const { return position_; }

  Steps read() {
    Steps steps;
    while (!consume("}")) read_step(steps.list);
    return steps;
  }

 private:
  bool is_at_end() const { return position_ >= text_.size(); }
  bool starts_with(std::string_view word) const { return text_.substr(position_).starts_with(word); }

  bool consume(std::string_view word) {
    if (!starts_with(word)) return false;
    position_ += word.size();
    return true;
  }

  void read_step(std::vector<Step>& steps) {
    if (consume("[?(")) return steps.push_back({read_filter()});
    if (consume("..")) return read_descent(steps);
    if (is_at_end() || text_[position_] == '\r' || text_[position_] == '\n') throw Error("unclosed action");
    const char c = text_[position_];
    if (c == ' ' || c == '@' || c == '$') {
      ++position_;
    } else if (c == '[') {
      ++position_;
      read_brackets(steps);
    } else if (c == '"' || c == '\'') {
      steps.push_back({Literal{read_quoted()}});
    } else if (c == '.') {
      ++position_;
      read_field(steps);
    } else if (c == '+' || c == '-' || is_digit(c)) {
      steps.push_back({Literal{read_number()}});
    } else if (starts_identifier(c)) {
      read_identifier(steps);
    } else {
      throw Error("unrecognized character in action: " + describe_character(c));
    }
  }

  void read_descent(std::vector<Step>& steps) {
    if (!steps.empty() && std::holds_alternative<RecursiveDescent>(steps.back().node))
      throw Error("invalid multiple recursive descent");
    steps.push_back({RecursiveDescent{}});
    if (!is_at_end() && starts_identifier(text_[position_])) read_field(steps);
  }

  /// Reads to the next terminator that no backslash escapes.
  void read_field(std::vector<Step>& steps) {
    const std::size_t begin = position_;
    std::string name;
    for (; !is_at_end() && terminators.find(text_[position_]) == std::string_view::npos; ++position_) {
      if (text_[position_] == '\\' && ++position_ >= text_.size()) break;
      // A backslash escapes any character except another backslash.
      if (text_[position_] != '\\') name += text_[position_];
    }
    if (text_.substr(begin, position_ - begin) == "*")
      steps.push_back({Wildcard{}});
    else
      steps.push_back({Field{name}});
  }

  void read_identifier(std::vector<Step>& steps) {
    const std::size_t end = std::min(text_.find_first_of(terminators, position_), text_.size());
    const std::string word(text_.substr(position_, end - position_));
    position_ = end;
    if (word == "true" || word == "false")
      steps.push_back({Literal{word == "true"}});
    else
      steps.push_back({Identifier{word}});
  }

  Json read_number() {
    const std::size_t digits = position_ + (is_digit(text_[position_]) ? 0 : 1);
    const std::size_t end = std::min(text_.find_first_not_of("0123456789.", digits), text_.size());
    const std::string_view text = text_.substr(position_, end - position_);
    position_ = end;
    return parse_number(text);
  }

  std::string read_quoted() {
    const std::size_t begin = position_;
    const char quote = text_[position_++];
    for (;; ++position_) {
      if (is_at_end() || text_[position_] == '\n') throw Error("unterminated quoted string");
      if (text_[position_] == quote && text_[position_ - 1] != '\\') break;
    }
    const std::string_view quoted = text_.substr(begin, ++position_ - begin);
    auto text = unquote(quoted);
    if (!text) throw Error("unquote string " + std::string(quoted) + " error invalid syntax");
    return std::move(*text);
  }

  void read_brackets(std::vector<Step>& steps) {
    const std::size_t end = text_.find_first_of("]\n", position_);
    if (end == std::string_view::npos || text_[end] == '\n') throw Error("unterminated array");
    std::string_view inside = text_.substr(position_, end - position_);
    position_ = end + 1;
    if (inside == "*") inside = ":";
    const std::vector<std::string> parts = split(inside, ',');
    const bool is_quoted = inside.size() >= 2 && inside.front() == '\'' && inside.back() == '\'' &&
                           inside.find('\'', 1) == inside.size() - 1;
    if (parts.size() > 1) {
      steps.push_back({parse_union(parts)});
    } else if (is_quoted) {
      // client-go parses it as a path, so dots must be escaped here too.
      Steps path = parse_steps("." + std::string(inside.substr(1, inside.size() - 2)));
      std::ranges::move(path.list, std::back_inserter(steps));
    } else {
      steps.push_back({parse_slice(inside)});
    }
  }

  /// The text of the filter. Parentheses in quotes do not end it; only the first quoted text counts.
  std::string_view read_filter_text() {
    const std::size_t begin = position_;
    char quote = 0;
    bool is_closed = false;
    for (;; ++position_) {
      if (is_at_end() || text_[position_] == '\n') throw Error("unterminated filter");
      const char c = text_[position_];
      if (quote == 0 && (c == '"' || c == '\''))
        quote = c;
      else if (c == quote && text_[position_ - 1] != '\\')
        is_closed = true;
      else if (c == ')' && (quote == 0 || is_closed))
        break;
    }
    return text_.substr(begin, position_++ - begin);
  }

  Filter read_filter() {
    const std::string_view text = read_filter_text();
    if (!consume("]")) throw Error("unclosed array expect ]");
    constexpr std::string_view signs = "!<>=";
    const std::size_t sign = text.find_first_of(signs);
    if (sign == 0 || sign == std::string_view::npos || sign + 1 == text.size())
      return {parse_steps(text), "", {}};
    // The right side must not be empty, even if it starts with an operator.
    const std::size_t right = std::min(text.find_first_not_of(signs, sign), text.size() - 1);
    return {parse_steps(text.substr(0, sign)), std::string(text.substr(sign, right - sign)),
            parse_steps(text.substr(right))};
  }

  std::string_view text_;
  std::size_t position_;
};

Steps parse_steps(std::string_view text) {
  const std::string braced = std::string(text) + "}";
  Parser parser(braced, 0);
  Steps steps = parser.read();
  // If a brace closes it early, the rest is parsed too, for its errors.
  parse_template(std::string_view(braced).substr(parser.position()));
  return steps;
}

}  // namespace

Steps parse_template(std::string_view text) {
  if (text.size() > max_template_size)
    throw Error("the template is longer than " + std::to_string(max_template_size) + " bytes");
  Steps result;
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t brace = std::min(text.find('{', position), text.size());
    if (brace > position) result.list.push_back({Literal{text.substr(position, brace - position)}});
    if (brace == text.size()) break;
    Parser parser(text, brace + 1);
    result.list.push_back({parser.read()});
    position = parser.position();
  }
  return result;
}

}  // namespace egress::render::jsonpath
