"""How a proxy picks the replica of a request. `pick(draw)` takes random numbers from 0 to 1 and returns a replica's number."""


class AtRandom:
    """Any replica, as a Service of Kubernetes picks one for a new connection."""

    def __init__(self, replicas):
        self.count = replicas

    def pick(self, draw):
        return int(draw[0] * self.count)

    def opened(self, replica):
        pass

    def closed(self, replica):
        pass


class TwoChoices(AtRandom):
    """The one with fewer open requests of two random replicas, as the `LEAST_REQUEST` of Envoy picks it."""

    def __init__(self, replicas):
        super().__init__(replicas)
        self.open = [0] * replicas

    def pick(self, draw):
        one = int(draw[0] * self.count)
        # Another one than the first.
        other = (one + 1 + int(draw[1] * (self.count - 1))) % self.count
        return other if self.open[other] < self.open[one] else one

    def opened(self, replica):
        self.open[replica] += 1

    def closed(self, replica):
        self.open[replica] -= 1


class LeastConnections:
    """Any of those with the fewest open requests of all: one HAProxy with `balance leastconn` that sees every request."""

    def __init__(self, replicas):
        self.open = [0] * replicas
        # The replicas by their open requests, and the place of each in its list, so that each step is quick.
        self.having, self.place = [list(range(replicas))], list(range(replicas))
        self.fewest = 0

    def pick(self, draw):
        while not self.having[self.fewest]:
            self.fewest += 1
        candidates = self.having[self.fewest]
        return candidates[int(draw[0] * len(candidates))]

    def opened(self, replica):
        self.move(replica, 1)

    def closed(self, replica):
        self.move(replica, -1)
        self.fewest = min(self.fewest, self.open[replica])

    def move(self, replica, by):
        group, place = self.having[self.open[replica]], self.place[replica]
        last = group.pop()
        if last != replica:
            group[place] = last
            self.place[last] = place
        self.open[replica] += by
        if self.open[replica] == len(self.having):
            self.having.append([])
        group = self.having[self.open[replica]]
        self.place[replica] = len(group)
        group.append(replica)
