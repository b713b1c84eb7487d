#include "egress/mesh/object_problem.hpp"

#include <algorithm>
#include <string>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

/// "REASON MESSAGE", as far as they are set; truncated, because they come from the cluster.
std::string reason_and_message(const Json& status) {
  return printable(trim(status["reason"].as_string() + " " + status["message"].as_string()), 300);
}

/// How the container last terminated, in the words of `kubectl describe`. Its current state, waiting after a
/// crash or running again, does not show it.
std::string last_state(const Json& container) {
  const Json& terminated = container["lastState"]["terminated"];
  if (terminated.is_null()) return {};
  return "last state: " + printable(terminated["reason"].as_string(), 100) + ", exit code " +
         std::to_string(terminated["exitCode"].as_integer());
}

/// Why the first container in that state, "waiting" or "terminated", is in it. Exit code 0 is not a problem.
std::string state_problem(const Json& containers, const char* state) {
  for (const Json& container : containers.items()) {
    const Json& details = container["state"][state];
    const bool succeeded = details.has("exitCode") && details["exitCode"].as_integer() == 0;
    if (details.is_null() || succeeded) continue;
    const std::string last = last_state(container);
    return reason_and_message(details) + (last.empty() ? "" : "; " + last);
  }
  return {};
}

/// The problem of the first waiting container, else of the first that failed, else of the first that
/// restarted and is not ready.
std::string container_problem(const Json& pod) {
  const Json& status = pod["status"];
  for (const char* state : {"waiting", "terminated"})
    for (const char* containers : {"initContainerStatuses", "containerStatuses"})
      if (std::string problem = state_problem(status[containers], state); !problem.empty()) return problem;
  for (const Json& container : status["containerStatuses"].items())
    if (const std::string last = last_state(container); !last.empty() && !container["ready"].as_bool())
      return "container " + printable(container["name"].as_string(), 100) + " restarted; " + last;
  return {};
}

const Json* failed_condition(const Json& object, std::initializer_list<std::string_view> types) {
  for (const Json& condition : object["status"]["conditions"].items())
    if (condition["status"].as_string() == "False" &&
        (types.size() == 0 || std::ranges::find(types, condition["type"].as_string()) != types.end()) &&
        !condition["message"].as_string().empty())
      return &condition;
  return nullptr;
}

}  // namespace

bool is_pod_ready(const Json& pod) {
  const auto& conditions = pod["status"]["conditions"].items();
  return std::ranges::any_of(conditions, [](const Json& condition) {
    return condition["type"].as_string() == "Ready" && condition["status"].as_string() == "True";
  });
}

std::string pod_problem(const Json& pod) {
  if (is_pod_ready(pod)) return {};
  if (std::string problem = container_problem(pod); !problem.empty()) return problem;
  if (const Json* condition = failed_condition(pod, {})) return reason_and_message(*condition);
  if (std::string text = reason_and_message(pod["status"]); !text.empty()) return text;
  return printable(pod["status"]["phase"].as_string(), 100);
}

std::string autoscaler_problem(const Json& autoscaler) {
  const Json* condition = failed_condition(autoscaler, {"AbleToScale", "ScalingActive"});
  return condition == nullptr ? "" : reason_and_message(*condition);
}

}  // namespace egress::mesh
