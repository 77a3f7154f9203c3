"""One replica as the simulation sees it: threads, what waits, and three orders in which the threads take it.

`Fair` has the rules of Sources/HTTPServer/Limits/WorkQueue.swift and WorkerPool.swift. Times are seconds.
"""

import heapq
from collections import deque

# Sources/HTTPServer/Application/HTTPWork.swift: work up to this price is short.
SHORT = 0.050
# docs/operations.md, "Fair shares": up to this price a plan runs at once, on the event loop.
AT_ONCE = 0.000100
# A computation asks at least that often whether it shall let others run, and lets them run for that long.
CHECK = 0.001
LONGEST_PAUSE = 0.010


class FirstInFirstOut:
    """One line."""

    makes_room = False
    at_once = 0.0

    def __init__(self, threads):
        self.line = deque()

    def add(self, work):
        self.line.append(work)

    def take(self, is_short_only=False):
        return self.line.popleft() if self.line else None

    def ended(self, work):
        """Whether other work may begin now that could not before."""
        return False

    def has_short(self):
        return False


class ShortestFirst(FirstInFirstOut):
    """The lowest price first. What has begun is finished."""

    def __init__(self, threads):
        self.heap, self.added = [], 0

    def add(self, work):
        self.added += 1
        heapq.heappush(self.heap, (work.price, self.added, work))

    def take(self, is_short_only=False):
        return heapq.heappop(self.heap)[2] if self.heap else None


class Turns:
    """A line for each caller. The callers take turns."""

    def __init__(self):
        self.lines, self.turns = {}, deque()

    def add(self, work):
        line = self.lines.get(work.caller)
        if line is None:
            self.lines[work.caller] = deque([work])
            self.turns.append(work.caller)
        else:
            line.append(work)

    def take(self, may_begin=None):
        for place, caller in enumerate(self.turns):
            if may_begin and not may_begin(caller):
                continue
            del self.turns[place]
            line = self.lines[caller]
            work = line.popleft()
            if line:
                self.turns.append(caller)
            else:
                del self.lines[caller]
            return work
        return None


class Fair:
    """The service's queue: short work before long, callers in turn, and few long ones of one caller at the same time."""

    makes_room = True
    at_once = AT_ONCE

    def __init__(self, threads):
        self.short, self.long, self.running = Turns(), Turns(), {}
        self.most_long = max(1, threads - 1)

    def add(self, work):
        (self.short if work.price <= SHORT else self.long).add(work)

    def take(self, is_short_only=False):
        work = self.short.take()
        if work is None and not is_short_only and self.long.turns:
            work = self.long.take(lambda caller: self.running.get(caller, 0) < self.most_long)
            if work is not None:
                self.running[work.caller] = self.running.get(work.caller, 0) + 1
        return work

    def ended(self, work):
        if work.price <= SHORT:
            return False
        self.running[work.caller] -= 1
        if not self.running[work.caller]:
            del self.running[work.caller]
        return True

    def has_short(self):
        return bool(self.short.turns)


class FairWithoutRoom(Fair):
    """The same queue, but long work that has begun is finished first."""

    makes_room = False


class Work:
    """A request at its replica."""

    __slots__ = ("arrival", "caller", "number", "price")

    def __init__(self, number, arrival, price, caller):
        self.number, self.arrival, self.price, self.caller = number, arrival, price, caller


class Thread:
    """`outer` is what it computes; `inner` is short work of others that runs inside of it."""

    __slots__ = ("inner", "is_asked", "left", "outer", "pause", "replica", "since", "version")

    def __init__(self, replica):
        self.replica, self.outer, self.inner, self.is_asked, self.version = replica, None, None, False, 0
        self.left = self.since = self.pause = 0.0


class Replica:
    """`schedule(time, thread)` has `woken` called at that time, unless the thread's `version` has changed by then.

    `finish(time, work)` is told each end.
    """

    def __init__(self, order, threads, schedule, finish, check=CHECK, longest_pause=LONGEST_PAUSE):
        self.order, self.schedule, self.finish = order(threads), schedule, finish
        self.check, self.longest_pause = check, longest_pause
        self.threads = [Thread(self) for _ in range(threads)]
        self.idle = list(self.threads)

    def arrive(self, now, work):
        order = self.order
        if work.price < order.at_once:
            # Its event loop shares the cores with the threads, which the system then slows by less than that.
            self.finish(now + work.price, work)
            return
        order.add(work)
        if self.idle:
            self.begin(now, self.idle.pop())
        elif order.makes_room and work.price <= SHORT:
            for thread in self.threads:
                if thread.inner is None and not thread.is_asked and thread.outer.price > SHORT:
                    self.ask(now, thread)

    def begin(self, now, thread):
        """Gives the thread what is next, or lets it sleep."""
        work = self.order.take()
        thread.outer = work
        if work is None:
            self.idle.append(thread)
            return
        thread.left, thread.since, thread.is_asked = work.price, now, False
        self.schedule(now + work.price, thread)

    def ask(self, now, thread):
        """Asks a computation that is under way to let others run at its next check."""
        end = thread.since + thread.left
        if end > now + self.check:
            thread.is_asked = True
            thread.version += 1
            self.schedule(now + self.check, thread)

    def woken(self, now, thread):
        if thread.inner is not None:
            self.inner_ended(now, thread)
        elif thread.is_asked:
            thread.is_asked = False
            thread.left -= now - thread.since
            thread.pause = now
            self.make_room(now, thread)
        else:
            work = thread.outer
            self.finish(now, work)
            free = [thread]
            # The next long work of its caller may begin on any thread.
            if self.order.ended(work):
                free += self.idle
                self.idle = []
            for other in free:
                self.begin(now, other)

    def inner_ended(self, now, thread):
        self.finish(now, thread.inner)
        thread.inner = None
        if now - thread.pause > self.longest_pause:
            self.go_on(now, thread)
        else:
            self.make_room(now, thread)

    def make_room(self, now, thread):
        thread.inner = self.order.take(is_short_only=True)
        if thread.inner is None:
            self.go_on(now, thread)
        else:
            self.schedule(now + thread.inner.price, thread)

    def go_on(self, now, thread):
        thread.since = now
        if self.order.has_short():
            self.ask(now, thread)
        if not thread.is_asked:
            self.schedule(now + thread.left, thread)
