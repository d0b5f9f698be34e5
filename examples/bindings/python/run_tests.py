#!/usr/bin/env python3
"""Runs test_*.py and ends with "N passed, N failed", as the tree's tests."""
import os
import sys
import unittest


def main():
    """Exit status 0 when nothing failed."""
    here = os.path.dirname(os.path.abspath(__file__))
    tests = unittest.defaultTestLoader.discover(here)
    result = unittest.TextTestRunner(verbosity=1).run(tests)
    sys.stderr.flush()
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    sys.exit(0 if failed == 0 and result.testsRun > 0 else 1)


if __name__ == "__main__":
    main()
