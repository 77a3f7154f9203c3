"""`assert_dropout` in a session of pytest, as a porter would use it."""

import pytest

TESTS = """
import numpy as np
import pytest

x = np.arange(1, 3073, dtype=np.float32).reshape(64, 48)

def mine(seed, scale=2):
    np.random.seed(seed)
    return np.where(np.random.rand(64, 48) < 0.5, x * np.float32(scale), 0)

def test_right(assert_dropout):
    assert_dropout(x, mine(42), rate=0.5, generator="numpy-legacy", seed=42)

def test_not_scaled(assert_dropout):
    assert_dropout(x, mine(42, scale=1), rate=0.5)

def test_another_seed(assert_dropout):
    assert_dropout(x, mine(43), rate=0.5, generator="numpy-legacy", seed=42)

def test_a_client(dropout_service):
    assert dropout_service.mask((3,), rate=0.5, seed=7).kept == 1

def test_a_wrong_question(assert_dropout):
    assert_dropout(x, x[:1], rate=0.5)
"""


def test_the_plugin_names_the_mistake(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: this is not dropout with rate=0.5: not_scaled",
            "*not_scaled: kept elements are not divided by keep (factor 1, expected_factor 2, elements *",
            "*1??? of 3072 elements are kept",
            "*this is not dropout with rate=0.5, generator='numpy-legacy', seed=42: other_mask",
            "*other_mask: *",
            "*the mask is that of *seed 43*",
            "*Unanswerable: 422: /output*",
        ]
    )
