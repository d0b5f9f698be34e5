"""Statements about mail that are counted, for the tests here that are written
in Python. A test says check(...) of each and ends with ended()."""

passed = failed = skipped = 0
SHOWN = 3000  # characters of a detail


def check(good, what, *details):
    """Count one statement, and say what is wrong with it."""
    global passed, failed
    if good:
        passed += 1
        return
    failed += 1
    print("not so:", what)
    for detail in details:
        text = str(detail).encode("ascii", "backslashreplace").decode()
        print("    ", text if len(text) <= SHOWN else
              f"{text[:SHOWN // 2]} ... {text[-SHOWN // 2:]}")


def skip(what):
    """Count something that cannot be looked at here."""
    global skipped
    skipped += 1
    print("skipped:", what)


def ended():
    """Print the line of totals; the exit status."""
    totals = f"{passed} passed, {failed} failed"
    print(totals + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0
