"""The simulation itself: requests arrive, a balancer picks a replica of each, and the replicas work. Nothing here is random."""

import heapq
from dataclasses import dataclass

import numpy as np

from replica import CHECK, LONGEST_PAUSE, Replica, Work


@dataclass
class Requests:
    """In the order of their arrival, as arrays: seconds, seconds, and numbers of callers."""

    arrivals: np.ndarray
    prices: np.ndarray
    callers: np.ndarray

    def __len__(self):
        return len(self.arrivals)


def simulate(requests, draws, balancer, order, replicas, threads, check=CHECK, longest_pause=LONGEST_PAUSE):
    """The seconds from arrival to end of each request.

    `draws` has two random numbers for each request, which the balancer takes.
    """
    events, times = [], np.empty(len(requests))
    balance = balancer(replicas)
    places = [0] * len(requests)
    sequence = 0

    def schedule(time, thread):
        nonlocal sequence
        sequence += 1
        heapq.heappush(events, (time, sequence, thread.version, thread))

    def finish(time, work):
        times[work.number] = time - work.arrival
        balance.closed(places[work.number])

    def run_until(time):
        while events and events[0][0] <= time:
            now, _, version, thread = heapq.heappop(events)
            if version == thread.version:
                thread.replica.woken(now, thread)

    fleet = [Replica(order, threads, schedule, finish, check, longest_pause) for _ in range(replicas)]
    arriving = zip(requests.arrivals.tolist(), requests.prices.tolist(), requests.callers.tolist(), draws.tolist())
    for number, (arrival, price, caller, draw) in enumerate(arriving):
        run_until(arrival)
        place = places[number] = balance.pick(draw)
        balance.opened(place)
        fleet[place].arrive(arrival, Work(number, arrival, price, caller))
    run_until(float("inf"))
    return times
