// The container that holds the namespaces of a pod: waits for SIGTERM.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void end(int number) {
  (void)number;
  _exit(0);
}

int main(void) {
  signal(SIGINT, end);
  signal(SIGTERM, end);
  signal(SIGCHLD, SIG_IGN); // as the pod's first process it inherits orphans, whom the kernel then reaps
  for (;;) pause();
}
