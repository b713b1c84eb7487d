#pragma once

/// Why something failed, in one word for programs. An error of the API server keeps the server's own reason
/// ("Forbidden", "Conflict", "TooManyRequests", …); these are the reasons of this program. They are stable,
/// while messages are not.
namespace egress::reason {

// The API server uses these, too.
inline constexpr const char* already_exists = "AlreadyExists";  ///< a gateway or object of the name exists
inline constexpr const char* conflict =
    "Conflict";  ///< another writer changed the object, or owns its fields
inline constexpr const char* forbidden = "Forbidden";  ///< a permission is missing; the causes name it
inline constexpr const char* not_found = "NotFound";   ///< no such gateway, or no such object

inline constexpr const char* not_owned = "NotOwned";          ///< an object of the name is not this program's
inline constexpr const char* invalid_input = "InvalidInput";  ///< a flag, file or kubeconfig cannot be used
inline constexpr const char* unreachable = "Unreachable";     ///< no answer came from the server
inline constexpr const char* refused = "Refused";     ///< a check speaks against it; the causes say which
inline constexpr const char* lock_lost = "LockLost";  ///< another run of this program has the gateway
inline constexpr const char* pods_not_ready = "PodsNotReady";          ///< no pod was ready in time
inline constexpr const char* deletion_timed_out = "DeletionTimedOut";  ///< an object was not gone in time
inline constexpr const char* interrupted = "Interrupted";              ///< SIGINT or SIGTERM
inline constexpr const char* not_attempted =
    "NotAttempted";                              ///< the command ended before this gateway's turn
inline constexpr const char* failed = "Failed";  ///< anything else; the message says what

}  // namespace egress::reason
