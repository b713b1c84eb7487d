#include "egress/render/jsonpath_comparison.hpp"

#include "egress/base/error.hpp"

namespace egress::render::jsonpath {
namespace {

bool is_comparable(const Json& value) {
  return value.is_bool() || value.is_number() || value.is_string();
}

void check_types(const Json& left, const Json& right) {
  if (!is_comparable(left) || !is_comparable(right)) throw Error("invalid type for comparison");
  const bool same_types = left.is_bool() == right.is_bool() && left.is_string() == right.is_string() &&
                          left.is_integer() == right.is_integer();
  if (!same_types) throw Error("incompatible types for comparison");
}

bool is_equal(const Json& left, const Json& right) {
  check_types(left, right);
  return left == right;
}

bool is_less(const Json& left, const Json& right) {
  check_types(left, right);
  if (left.is_bool()) throw Error("invalid type for comparison");
  if (left.is_string()) return left.as_string() < right.as_string();
  if (left.is_integer()) return left.as_integer() < right.as_integer();
  return left.as_number() < right.as_number();
}

}  // namespace

bool compare(const Json& left, const std::string& operation, const Json& right) {
  if (operation == "==") return is_equal(left, right);
  if (operation == "!=") return !is_equal(left, right);
  if (operation == "<") return is_less(left, right);
  if (operation == "<=") return is_less(left, right) || is_equal(left, right);
  if (operation == ">") return !is_less(left, right) && !is_equal(left, right);
  if (operation == ">=") return !is_less(left, right);
  throw Error("unrecognized filter operator " + operation);
}

}  // namespace egress::render::jsonpath
