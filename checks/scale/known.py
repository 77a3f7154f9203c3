"""Cases of the simulation whose result is known from the theory of queues. Each has a fixed seed."""

import numpy as np

from balancing import AtRandom, LeastConnections, TwoChoices
from events import Requests, simulate
from replica import Fair, FairWithoutRoom, FirstInFirstOut, ShortestFirst


def poisson(generator, rate, prices, callers=1):
    arrivals = np.cumsum(generator.exponential(1 / rate, len(prices)))
    return Requests(arrivals, prices, generator.integers(callers, size=len(prices)))


def mean_time(generator, requests, order, balancer=AtRandom, replicas=1, threads=1, which=None, **options):
    times = simulate(requests, generator.random((len(requests), 2)), balancer, order, replicas, threads, **options)
    # The first requests meet an empty system.
    counted = np.arange(len(times)) >= len(times) // 10
    return float(np.mean(times[counted if which is None else counted & which]))


def exponential_prices(generator, count):
    """M/M/1: the mean time is price / (1 - load)."""
    prices = generator.exponential(1.0, count)
    return mean_time(generator, poisson(generator, 0.8, prices), FirstInFirstOut), 1 / (1 - 0.8)


def many_threads(generator, count):
    """M/M/c: the formula of Erlang for c = 4 and a load of 0.8."""
    offered, waiting = 3.2, 1.0
    for servers in range(1, 5):
        waiting = offered * waiting / (servers + offered * waiting)
    waits = waiting / (1 - 0.8 * (1 - waiting))
    prices = generator.exponential(1.0, count)
    return mean_time(generator, poisson(generator, 3.2, prices), FirstInFirstOut, threads=4), 1 + waits / (4 - 3.2)


def mixed(generator, count):
    """Two prices: 90 of 100 requests take 0.5 s, the others 5 s. The load is 0.7."""
    prices = np.where(generator.random(count) < 0.9, 0.5, 5.0)
    return prices, poisson(generator, 0.7 / 0.95, prices, callers=20)


def mean_residual():
    """What is left of the work in progress at an arrival: rate · E[S²] / 2."""
    return 0.7 / 0.95 * (0.9 * 0.5**2 + 0.1 * 5.0**2) / 2


def any_prices(generator, count):
    """M/G/1, Pollaczek and Khinchine: rate · E[S²] / 2 / (1 - load), and the price."""
    _, requests = mixed(generator, count)
    return mean_time(generator, requests, FirstInFirstOut), 0.95 + mean_residual() / (1 - 0.7)


def shortest_first(generator, count):
    """Cobham's formula for the cheap class of two: residual / (1 - load of the cheap), and the price."""
    prices, requests = mixed(generator, count)
    cheap_load = 0.7 / 0.95 * 0.9 * 0.5
    return mean_time(generator, requests, ShortestFirst, which=prices < 1), 0.5 + mean_residual() / (1 - cheap_load)


def shortest_first_long(generator, count):
    """The same for the dear class: residual / (1 - load of the cheap) / (1 - load), and the price."""
    prices, requests = mixed(generator, count)
    cheap_load = 0.7 / 0.95 * 0.9 * 0.5
    return mean_time(generator, requests, ShortestFirst, which=prices > 1), 5 + mean_residual() / (1 - cheap_load) / (1 - 0.7)


def scaled(generator, count):
    """The two prices around the bound of the service: 5 ms and 100 ms. The load is 0.7, and 90 of 100 are cheap."""
    prices = np.where(generator.random(count) < 0.9, 0.005, 0.1)
    rate = 0.7 / 0.0145
    return prices, poisson(generator, rate, prices, callers=20), rate


def turns(generator, count):
    """The turns of callers do not change how long short work waits on average: M/G/1 for one class of work."""
    prices = np.where(generator.random(count) < 0.9, 0.005, 0.04)
    rate = 0.7 / 0.0085
    residual = rate * (0.9 * 0.005**2 + 0.1 * 0.04**2) / 2
    return mean_time(generator, poisson(generator, rate, prices, callers=20), Fair), 0.0085 + residual / (1 - 0.7)


def without_room(generator, count):
    """Cobham's formula for short work before long, if long work is finished first."""
    prices, requests, rate = scaled(generator, count)
    residual = rate * (0.9 * 0.005**2 + 0.1 * 0.1**2) / 2
    expected = 0.005 + residual / (1 - rate * 0.9 * 0.005)
    return mean_time(generator, requests, FairWithoutRoom, which=prices < 0.05), expected


def making_room(generator, count):
    """With checks without end and pauses without limit, short work does not meet long work at all: M/G/1 of its class alone."""
    prices, requests, rate = scaled(generator, count)
    residual = rate * 0.9 * 0.005**2 / 2
    expected = 0.005 + residual / (1 - rate * 0.9 * 0.005)
    options = {"check": 0.0, "longest_pause": np.inf}
    return mean_time(generator, requests, Fair, which=prices < 0.05, **options), expected


def making_room_long(generator, count):
    """And long work is resumed: price / (1 - load of the short) + residual / (1 - load of the short) / (1 - load)."""
    prices, requests, rate = scaled(generator, count)
    residual = rate * (0.9 * 0.005**2 + 0.1 * 0.1**2) / 2
    short_load = rate * 0.9 * 0.005
    expected = 0.1 / (1 - short_load) + residual / (1 - short_load) / (1 - 0.7)
    options = {"check": 0.0, "longest_pause": np.inf}
    return mean_time(generator, requests, Fair, which=prices > 0.05, **options), expected


def two_choices(generator, count):
    """Mitzenmacher, Vvedenskaya et al.: sum of load^(2^k - 2) over k from 1, for many replicas with prices around 1."""
    prices = generator.exponential(1.0, count)
    expected = sum(0.8 ** (2**k - 2) for k in range(1, 20))
    return mean_time(generator, poisson(generator, 0.8 * 500, prices), FirstInFirstOut, TwoChoices, 500), expected


def fewest_of_many(generator, count):
    """At a load of 0.8 one of 500 replicas is always idle, so nobody waits."""
    prices = generator.exponential(1.0, count)
    return mean_time(generator, poisson(generator, 0.8 * 500, prices), FirstInFirstOut, LeastConnections, 500), 1.0


CASES = [
    exponential_prices,
    many_threads,
    any_prices,
    shortest_first,
    shortest_first_long,
    turns,
    without_room,
    making_room,
    making_room_long,
    two_choices,
    fewest_of_many,
]


def check(count=200_000, tolerance=0.04):
    """Prints each case, and answers whether all are near enough."""
    is_right = True
    print("| case | known mean, s | simulated, s | ratio |\n| --- | ---: | ---: | ---: |")
    for case in CASES:
        found, expected = case(np.random.default_rng(20), count)
        is_right = is_right and abs(found / expected - 1) < tolerance
        print(f"| {case.__name__.replace('_', ' ')} | {expected:.4f} | {found:.4f} | {found / expected:.3f} |", flush=True)
    return is_right
