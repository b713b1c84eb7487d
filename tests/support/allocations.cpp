#include "support/allocations.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Threads allocate, too.
std::atomic<std::size_t> count{0};
std::atomic<std::size_t> taken{0};
std::atomic<std::size_t> most_taken{0};

void* allocated_or_null(std::size_t size) noexcept {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) return nullptr;
  ++count;
  const std::size_t now = taken += malloc_usable_size(memory);
  for (std::size_t most = most_taken; most < now && !most_taken.compare_exchange_weak(most, now);) {
  }
  return memory;
}

void* allocated(std::size_t size) {
  void* memory = allocated_or_null(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void freed(void* memory) noexcept {
  if (memory == nullptr) return;
  taken -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocated(size);
}
void* operator new[](std::size_t size) {
  return allocated(size);
}
// All that operator delete is given must come from here: AddressSanitizer has operators of its own.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocated_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocated_or_null(size);
}
void operator delete(void* memory) noexcept {
  freed(memory);
}
void operator delete[](void* memory) noexcept {
  freed(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  freed(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  freed(memory);
}

namespace egress::testing {

Allocations allocations_of(const std::function<void()>& work) {
  const std::size_t counted = count;
  const std::size_t before = taken;
  most_taken = before;
  work();
  return {count - counted, most_taken - before};
}

}  // namespace egress::testing
