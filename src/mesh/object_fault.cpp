#include "egress/mesh/object_fault.hpp"

#include <algorithm>
#include <string>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

/// "REASON MESSAGE", as far as they are told; bounded, since they come from anywhere.
std::string words_of(const Json& told) {
  return printable(trimmed(told["reason"].as_string() + " " + told["message"].as_string()), 300);
}

/// How the container last ended, in the words of `kubectl describe`: its current state (waiting after a
/// crash, or running again) does not tell.
std::string last_state(const Json& container) {
  const Json& ended = container["lastState"]["terminated"];
  if (ended.is_null()) return {};
  return "last state: " + printable(ended["reason"].as_string(), 100) + ", exit code " +
         std::to_string(ended["exitCode"].as_integer());
}

/// Why the first container in that state, "waiting" or "terminated", is in it. Exit code 0 is no fault.
std::string state_fault(const Json& containers, const char* state) {
  for (const Json& container : containers.items()) {
    const Json& told = container["state"][state];
    const bool ended_well = told.has("exitCode") && told["exitCode"].as_integer() == 0;
    if (told.is_null() || ended_well) continue;
    const std::string last = last_state(container);
    return words_of(told) + (last.empty() ? "" : "; " + last);
  }
  return {};
}

/// The fault of the first waiting container, else of the first that failed, else of the first that restarted
/// and is not ready.
std::string container_fault(const Json& pod) {
  const Json& status = pod["status"];
  for (const char* state : {"waiting", "terminated"})
    for (const char* containers : {"initContainerStatuses", "containerStatuses"})
      if (std::string fault = state_fault(status[containers], state); !fault.empty()) return fault;
  for (const Json& container : status["containerStatuses"].items())
    if (const std::string last = last_state(container); !last.empty() && !container["ready"].as_bool())
      return "container " + printable(container["name"].as_string(), 100) + " restarted; " + last;
  return {};
}

const Json* failed_condition(const Json& object, std::initializer_list<std::string_view> types) {
  for (const Json& one : object["status"]["conditions"].items())
    if (one["status"].as_string() == "False" &&
        (types.size() == 0 || std::ranges::find(types, one["type"].as_string()) != types.end()) &&
        !one["message"].as_string().empty())
      return &one;
  return nullptr;
}

}  // namespace

bool is_ready(const Json& pod) {
  const auto& conditions = pod["status"]["conditions"].items();
  return std::ranges::any_of(conditions, [](const Json& one) {
    return one["type"].as_string() == "Ready" && one["status"].as_string() == "True";
  });
}

std::string pod_fault(const Json& pod) {
  if (is_ready(pod)) return {};
  if (std::string fault = container_fault(pod); !fault.empty()) return fault;
  if (const Json* condition = failed_condition(pod, {})) return words_of(*condition);
  if (std::string told = words_of(pod["status"]); !told.empty()) return told;
  return printable(pod["status"]["phase"].as_string(), 100);
}

std::string autoscaler_fault(const Json& autoscaler) {
  const Json* condition = failed_condition(autoscaler, {"AbleToScale", "ScalingActive"});
  return condition == nullptr ? "" : words_of(*condition);
}

}  // namespace egress::mesh
