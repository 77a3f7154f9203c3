"""The examples of the README print what it says."""

import doctest
from pathlib import Path


def test_the_examples_of_the_readme() -> None:
    failed, attempted = doctest.testfile(str(Path(__file__).parent.parent / "README.md"), module_relative=False)
    assert attempted > 20
    assert failed == 0
