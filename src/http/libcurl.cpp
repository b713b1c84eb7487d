#include "egress/http/libcurl.hpp"

#include <dlfcn.h>

#include <string>

#include "egress/base/error.hpp"
#include "libcurl_linkage.hpp"

namespace egress::http {
namespace {

#ifdef EGRESS_LINKS_LIBCURL
// libcurl was built with this program and is linked statically.
#define CURL_FUNCTION(name) .name = &::curl_##name
#else
#define CURL_FUNCTION(name) .name = find<decltype(Libcurl::name)>("curl_" #name)

/// The name of every libcurl since 7.16 on Linux.
constexpr const char* library_name = "libcurl.so.4";

void* open_library() {
  if (void* library = dlopen(library_name, RTLD_LAZY); library != nullptr) return library;
  throw Error(std::string("cannot load libcurl: ") + dlerror(),
              "install the package libcurl4 (Debian, Ubuntu), libcurl (Fedora, SUSE) or curl (Arch)");
}

template <typename Function>
Function find(const char* name) {
  static void* const library = open_library();
  if (void* found = dlsym(library, name); found != nullptr) return reinterpret_cast<Function>(found);
  throw Error(std::string(library_name) + " is too old: it does not provide " + name,
              "install libcurl 7.85 or newer");
}
#endif

}  // namespace

const Libcurl& libcurl() {
  static const Libcurl library{
      CURL_FUNCTION(global_init),
      CURL_FUNCTION(version_info),
      CURL_FUNCTION(free),
      CURL_FUNCTION(easy_init),
      CURL_FUNCTION(easy_cleanup),
      CURL_FUNCTION(easy_strerror),
      CURL_FUNCTION(easy_setopt),
      CURL_FUNCTION(easy_getinfo),
      CURL_FUNCTION(multi_init),
      CURL_FUNCTION(multi_cleanup),
      CURL_FUNCTION(multi_add_handle),
      CURL_FUNCTION(multi_remove_handle),
      CURL_FUNCTION(multi_perform),
      CURL_FUNCTION(multi_poll),
      CURL_FUNCTION(multi_info_read),
      CURL_FUNCTION(multi_strerror),
      CURL_FUNCTION(multi_setopt),
      CURL_FUNCTION(slist_append),
      CURL_FUNCTION(slist_free_all),
      CURL_FUNCTION(url),
      CURL_FUNCTION(url_cleanup),
      CURL_FUNCTION(url_get),
      CURL_FUNCTION(url_set),
  };
  return library;
}

}  // namespace egress::http
