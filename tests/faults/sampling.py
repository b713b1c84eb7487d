"""Which of a command's requests are disturbed: all, or only some of them.

EGRESS_FAULTS_STEP=N is every N-th of all requests. Without it, those before the first write are sampled where
many faults are tried at each: they are many of a few sorts, each is treated by the same code as its like, and
nothing can stand after them.
"""

import os

READ_STEP = 5


class Sampling:
    def __init__(self, step, read_step):
        self.step = step or 1
        self.read_step = step or read_step

    def before_writes(self, requests, offset=0):
        return range(1 + offset % self.read_step, first_write(requests), self.read_step)

    def from_first_write(self, requests, offset=0):
        """With the last one, which makes it whole."""
        numbers = range(first_write(requests) + offset % self.step, len(requests) + 1, self.step)
        return sorted({*numbers, len(requests)})

    def request_numbers(self, requests, offset):
        """Each turn begins at another request."""
        return [*self.before_writes(requests, offset), *self.from_first_write(requests, offset)]

    def sample_size(self, count):
        return max(count // self.step, 2)


def first_write(requests):
    return next((request.number for request in requests if request.is_write), len(requests))


STEP = int(os.environ.get("EGRESS_FAULTS_STEP", "0"))
SAMPLING = Sampling(STEP, READ_STEP)
EVERY_REQUEST = Sampling(STEP, 1)
