"""The requests of the simulation: what they cost, how often each kind comes, and who sends them."""

import numpy as np

from events import Requests

# Core seconds of each kind, as `checks/scale/capacity` measured them: docs/scale.md.
PRICES = {
    "GET mask": 0.000039,
    "forward 4x2": 0.0000349,
    "forward 100x100": 0.000265,
    "forward 1000x1000": 0.0271,
    "forward 1000x1000 base64": 0.00758,
    "mask 10^6 packed": 0.000987,
    "mask 10^7 packed": 0.00967,
    "mask 10^7 statistics": 0.0087,
    "train-step of 20 steps": 0.000218,
    "passes 1000 of a network": 0.00307,
    "passes 100000 of 64": 0.12,
    "verify 10^4": 0.00062,
}
# A kind comes price^-0.5 times as often as one of price 1, so that few requests are most of the work.
TAIL = 0.5
SMALL_CALLERS = 2_000
LARGE_CALLERS = 5
# Requests of a burst for each replica: a batch job that sends its whole work at once.
BURST = 20


def shares(prices):
    """How often each kind comes."""
    weights = np.array(list(prices.values())) ** -TAIL
    return weights / weights.sum()


def mean_price(prices):
    return float(shares(prices) @ np.array(list(prices.values())))


def dearest(prices):
    """Of the dearest kind: which part of the requests and which part of the work it is."""
    price = max(prices.values())
    share = float(shares(prices)[list(prices.values()).index(price)])
    return price, share, share * price / mean_price(prices)


def draw(generator, prices, replicas, threads, load, seconds):
    """The requests of that many seconds, and which of them are of small callers.

    Half of the requests come from small callers, one by one. The other half comes from a few large callers in bursts. All draw from
    the same prices.
    """
    rate = load * replicas * threads / mean_price(prices)
    count = int(rate * seconds)
    burst = BURST * replicas
    bursts = count // 2 // burst
    small = count - bursts * burst
    arrivals = np.concatenate([generator.uniform(0, seconds, small), np.repeat(generator.uniform(0, seconds, bursts), burst)])
    callers = np.concatenate(
        [
            LARGE_CALLERS + generator.integers(SMALL_CALLERS, size=small),
            np.repeat(generator.integers(LARGE_CALLERS, size=bursts), burst),
        ]
    )
    kinds = generator.choice(list(prices.values()), size=count, p=shares(prices))
    order = np.argsort(arrivals, kind="stable")
    requests = Requests(arrivals[order], kinds[order], callers[order])
    return requests, requests.callers >= LARGE_CALLERS
