"""Which of a command's requests are disturbed: all, or only some of them.

EGRESS_FAULTS_STEP=N is every N-th of all requests. Without it, those before the first write are sampled where
many faults are tried at each: they are many of a few sorts, each is treated by the same code as its like, and
nothing can stand after them.
"""

import os

ASKING_STEP = 5


class Sampling:
    def __init__(self, step, asking_step):
        self.step = step or 1
        self.asking_step = step or asking_step

    def before_writes(self, requests, turn=0):
        return range(1 + turn % self.asking_step, first_write(requests), self.asking_step)

    def among_writes(self, requests, turn=0):
        """With the last one, which makes it whole."""
        found = range(first_write(requests) + turn % self.step, len(requests) + 1, self.step)
        return sorted({*found, len(requests)})

    def places(self, requests, turn):
        """Whoever comes at another turn begins at another request."""
        return [*self.before_writes(requests, turn), *self.among_writes(requests, turn)]

    def share(self, count):
        return max(count // self.step, 2)


def first_write(requests):
    return next((one.number for one in requests if one.writes), len(requests))


STEP = int(os.environ.get("EGRESS_FAULTS_STEP", "0"))
SAMPLING = Sampling(STEP, ASKING_STEP)
EVERY = Sampling(STEP, 1)
