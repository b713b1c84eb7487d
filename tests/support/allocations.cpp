#include "support/allocations.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Threads allocate, too.
std::atomic<std::size_t> allocation_count{0};
std::atomic<std::size_t> allocated_bytes{0};
std::atomic<std::size_t> peak_bytes{0};

void* allocate_or_null(std::size_t size) noexcept {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) return nullptr;
  ++allocation_count;
  const std::size_t current = allocated_bytes += malloc_usable_size(memory);
  for (std::size_t peak = peak_bytes; peak < current && !peak_bytes.compare_exchange_weak(peak, current);) {
  }
  return memory;
}

void* allocate(std::size_t size) {
  void* memory = allocate_or_null(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void deallocate(void* memory) noexcept {
  if (memory == nullptr) return;
  allocated_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
// All that operator delete is given must come from here: AddressSanitizer has operators of its own.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_or_null(size);
}
void operator delete(void* memory) noexcept {
  deallocate(memory);
}
void operator delete[](void* memory) noexcept {
  deallocate(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  deallocate(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  deallocate(memory);
}

namespace egress::testing {

Allocations count_allocations(const std::function<void()>& work) {
  const std::size_t count_before = allocation_count;
  const std::size_t bytes_before = allocated_bytes;
  peak_bytes = bytes_before;
  work();
  return {allocation_count - count_before, peak_bytes - bytes_before};
}

}  // namespace egress::testing
