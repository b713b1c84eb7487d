#include <doctest/doctest.h>

#include <algorithm>

#include <memory>
#include <stdexcept>
#include <string>

#include "egress/base/tasks.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

/// Something that tasks wait for: each call of drive() completes one request.
struct Server {
  std::string log;
  int requests = 0;
  int responses = 0;

  void call(std::size_t who) {
    const int ticket = ++requests;
    log += "ask " + std::to_string(who) + "\n";
    wait_for([&] { return responses >= ticket; },
             [this](std::chrono::milliseconds timeout) {
               if (timeout.count() > 0) ++responses;
             });
    log += "go " + std::to_string(who) + "\n";
  }
};

}  // namespace

TEST_CASE("while one waits, the others go on") {
  Server server;
  run_tasks(3, 2, [&](std::size_t i) { server.call(i); });
  CHECK(server.log == "ask 0\nask 1\ngo 0\nask 2\ngo 1\ngo 2\n");
}

TEST_CASE("alone, one waits as it would without lanes") {
  Server server;
  server.call(7);
  CHECK(server.log == "ask 7\ngo 7\n");
}

TEST_CASE("what one throws does not keep the others") {
  Server server;
  const auto run = [&] {
    run_tasks(4, 2, [&](std::size_t i) {
      server.call(i);
      if (i == 1) throw std::runtime_error("one");
      if (i == 2) throw std::runtime_error("two");
    });
  };
  CHECK_THROWS_WITH(run(), "one");
  CHECK(server.responses == 4);
}

TEST_CASE("what driving throws is thrown by the one for which it was driven") {
  int completed = 0;
  const auto run = [&] {
    run_tasks(2, 2, [&](std::size_t i) {
      if (i == 1) return sleep_for(std::chrono::milliseconds(1));
      wait_for([] { return false; },
               [](std::chrono::milliseconds timeout) {
                 if (timeout.count() > 0) throw std::runtime_error("no connection");
               });
      ++completed;
    });
  };
  CHECK_THROWS_WITH(run(), "no connection");
  CHECK(completed == 0);
}

TEST_CASE("pauses pass beside each other") {
  int concurrent = 0;
  int max_concurrent = 0;
  run_tasks(50, 50, [&](std::size_t) {
    max_concurrent = std::max(max_concurrent, ++concurrent);
    sleep_for(std::chrono::milliseconds(100));
    --concurrent;
  });
  CHECK(max_concurrent == 50);
  CHECK(concurrent == 0);
}

TEST_CASE("what is begun beside the others ends with the last of them, and cleans up") {
  std::string log;
  run_tasks(2, 1, [&](std::size_t i) {
    if (i == 0)
      start_background_task([&] {
        const auto ended = [&log](const int*) { log += "end\n"; };
        const int none = 0;
        const std::unique_ptr<const int, decltype(ended)> last(&none, ended);
        for (;;) sleep_for(std::chrono::milliseconds(1));
      });
    sleep_for(std::chrono::milliseconds(10));
    log += std::to_string(i) + "\n";
  });
  CHECK(log == "0\n1\nend\n");
}

TEST_CASE("one waits for what another brings about") {
  bool done = false;
  std::string log;
  run_tasks(2, 2, [&](std::size_t i) {
    if (i == 0) {
      wait_until([&] { return done; });
    } else {
      sleep_for(std::chrono::milliseconds(10));
      done = true;
    }
    log += std::to_string(i);
  });
  CHECK(log == "10");
}

TEST_CASE("of works that never end, what one throws ends them all") {
  int ended = 0;
  struct Count {
    int& count;
    ~Count() { ++count; }
  };
  const auto work = [&](std::size_t i) {
    const Count counted{ended};
    if (i == 2) sleep_for(std::chrono::milliseconds(30));
    if (i == 2) throw std::runtime_error("enough");
    for (;;) sleep_for(std::chrono::milliseconds(10));
  };
  CHECK_THROWS_WITH(run_concurrently(4, work), "enough");
  CHECK(ended == 4);
}

TEST_CASE("no lanes are no work") {
  run_tasks(0, 8, [](std::size_t) { FAIL("there is nothing to do"); });
}

}  // namespace egress
