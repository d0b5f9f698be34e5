"""Selections that block: what is handed out, and what becomes of the mail."""
import ipaddress
import os
import socket
import tempfile
import unittest

import mxsel

ZONE = """\
$ORIGIN example.test.
$TTL 3600
@ IN SOA ns hostmaster 1 7200 900 1209600 300
  NS ns
ns A 192.0.2.53
@ MX 10 mx1
@ MX 20 mx2
mx1 A 192.0.2.1
mx1 AAAA 2001:db8::1
mx2 A 192.0.2.2
equal MX 10 a.equal
equal MX 10 b.equal
equal MX 10 c.equal
a.equal A 192.0.2.11
b.equal A 192.0.2.12
c.equal A 192.0.2.13
nullmx MX 0 .
ours MX 10 mx.ours
mx.ours A 192.0.2.99
filtered MX 10 lo.filtered
lo.filtered A 127.0.0.1
"""


def zone_options(**settings):
    """The zone above, and a seed."""
    settings.setdefault("seed", 1)
    return mxsel.Options(resolver=mxsel.Zone(text=ZONE), **settings)


class Plans(unittest.TestCase):
    """From a zone."""

    def test_attempts_come_in_order_of_preference(self):
        found = [(a.preference, a.host, a.address, a.port)
                 for a in mxsel.Selection("example.test", zone_options())]
        self.assertEqual(found, [
            (10, "mx1.example.test", "2001:db8::1", 25),
            (10, "mx1.example.test", "192.0.2.1", 25),
            (20, "mx2.example.test", "192.0.2.2", 25)])

    def test_an_attempt_says_how_to_connect(self):
        one, two, _ = mxsel.Selection("example.test",
                                      zone_options(port=587))
        self.assertEqual(one.sockaddr, ("2001:db8::1", 587, 0, 0))
        self.assertEqual(one.family, socket.AF_INET6)
        self.assertEqual(two.sockaddr, ("192.0.2.1", 587))
        self.assertEqual(two.ip, ipaddress.IPv4Address("192.0.2.1"))
        self.assertEqual((two.posture, two.posture_reason),
                         ("opportunistic", "default"))
        self.assertEqual(two.tls_name, "mx1.example.test")
        self.assertEqual(two.identities, ("mx1.example.test",))
        self.assertEqual((two.source, two.rank, two.secure, two.tlsa),
                         ("mx", 0, False, ()))

    def test_a_seed_fixes_the_order_among_equals(self):
        def order(seed):
            return [a.host for a in mxsel.Selection(
                "equal.example.test", zone_options(seed=seed))]
        orders = {tuple(order(seed)) for seed in range(60)}
        self.assertEqual(len(orders), 6)
        self.assertEqual(order(7), order(7))

    def test_a_null_mx_bounces(self):
        selection = mxsel.Selection("nullmx.example.test", zone_options())
        self.assertEqual(list(selection), [])
        verdict = selection.verdict
        self.assertEqual((verdict.action, verdict.reason, verdict.code,
                          verdict.status),
                         ("bounce", "null_mx", 556, "5.1.10"))

    def test_we_are_not_handed_out(self):
        selection = mxsel.Selection("ours.example.test", zone_options(
            self_names=["mx.ours.example.test"]))
        self.assertEqual(list(selection), [])
        self.assertEqual(selection.verdict.reason, "loop")
        self.assertEqual(selection.flags, {"self"})
        self.assertEqual(selection.rejected, [mxsel.Rejected(
            "self", 10, "mx.ours.example.test", "RFC 5321 5.1")])

    def test_a_refused_exchange_has_its_verdict(self):
        selection = mxsel.Selection("ours.example.test", zone_options(
            refuse_exchanges=[("*.ours.example.test", 550, "5.7.1",
                               "Parked.")]))
        self.assertEqual(list(selection), [])
        self.assertIn("Parked.", selection.verdict.text)

    def test_a_zone_from_files(self):
        with tempfile.NamedTemporaryFile("w", suffix=".zone") as file:
            file.write(ZONE)
            file.flush()
            selection = mxsel.Selection(
                "example.test", resolver=mxsel.Zone(file.name))
            self.assertEqual(len(list(selection)), 3)

    def test_a_destination_that_is_none_is_a_verdict(self):
        for bad in ("a..b", "nul\0inside", b"\xff\xfe.example", ""):
            selection = mxsel.Selection(bad, zone_options())
            self.assertEqual(list(selection), [])
            self.assertEqual(selection.verdict.reason, "bad_destination")
        odd = mxsel.Selection(b"\xff\xfe.example", zone_options())
        self.assertEqual(odd.destination.encode(
            "utf-8", "surrogateescape"), b"\xff\xfe.example")

    def test_what_is_no_text_is_no_destination(self):
        for wrong in (None, 5, [97]):
            self.assertRaises(TypeError, mxsel.Selection, wrong,
                              zone_options())

    @unittest.skipUnless(os.path.exists("/etc/resolv.conf"), "no servers")
    def test_select_needs_nobody_named(self):
        self.assertEqual([a.address for a in mxsel.select("[192.0.2.7]")],
                         ["192.0.2.7"])
        self.assertEqual(len(list(mxsel.select("example.test",
                                               zone_options()))), 3)

    def test_the_trace_tells_every_decision(self):
        selection = mxsel.Selection("example.test",
                                    zone_options(trace=True))
        list(selection)
        names = [event.name for event in selection.trace]
        self.assertEqual(names[:2], ["destination", "ask"])
        self.assertEqual(names[-1], "verdict")
        self.assertIn(mxsel.Event("ask", "example.test", "MX",
                                  "RFC 5321 5.1"), selection.trace)

    def test_what_else_is_known(self):
        selection = mxsel.Selection("EXAMPLE.test", zone_options())
        next(selection)
        self.assertEqual(selection.destination, "EXAMPLE.test")
        self.assertEqual(selection.original_domain, "example.test")
        self.assertEqual(selection.domain, "example.test")
        self.assertEqual(selection.source, "mx")
        self.assertEqual(selection.ttl, 3600)
        self.assertEqual(selection.query_count, 3)
        self.assertEqual(selection.seed, 1)
        self.assertFalse(selection.secure)


class Outcomes(unittest.TestCase):
    """What is reported decides where it goes on, and the verdict."""

    def test_delivered_ends_it(self):
        selection = mxsel.Selection("example.test", zone_options())
        for attempt in selection:
            attempt.report("delivered")
        self.assertEqual(attempt.address, "2001:db8::1")
        self.assertEqual(selection.verdict.action, "delivered")

    def test_a_permanent_reply_bounces_with_it(self):
        selection = mxsel.Selection("example.test", zone_options())
        for attempt in selection:
            attempt.report("rcpt", 550, "5.1.1 No such user")
        verdict = selection.verdict
        self.assertEqual((verdict.action, verdict.code, verdict.status),
                         ("bounce", 550, "5.1.1"))
        self.assertEqual(verdict.reply, "5.1.1 No such user")
        self.assertEqual(verdict.host, "mx1.example.test")

    def test_all_refused_defers(self):
        selection = mxsel.Selection("example.test", zone_options())
        count = 0
        for attempt in selection:
            selection.report("refused")
            count += 1
        self.assertEqual(count, 3)
        self.assertEqual(selection.verdict[:3],
                         ("defer", "unreachable", 451))

    def test_what_cannot_be_reported(self):
        selection = mxsel.Selection("example.test", zone_options())
        self.assertRaises(mxsel.UsageError, selection.report, "refused")
        attempt = next(selection)
        with self.assertRaisesRegex(ValueError, "no such outcome"):
            attempt.report("nonsense")
        self.assertRaises(mxsel.RangeError, attempt.report, "rcpt", 200)
        self.assertRaises(mxsel.RangeError, attempt.report, "rcpt")
        attempt.report("refused")
        self.assertRaises(mxsel.UsageError, attempt.report, "refused")

    def test_an_attempt_of_the_past_reports_nothing(self):
        selection = mxsel.Selection("example.test", zone_options())
        first = next(selection)
        second = next(selection)
        self.assertRaises(mxsel.UsageError, first.report, "delivered")
        second.report("refused")
        self.assertEqual(first.address, "2001:db8::1")

    def test_a_host_can_be_left(self):
        selection = mxsel.Selection("example.test", zone_options())
        self.assertRaises(mxsel.UsageError, selection.leave_host)
        next(selection)
        selection.leave_host()
        self.assertEqual(next(selection).host, "mx2.example.test")

    def test_tls_reports(self):
        selection = mxsel.Selection("example.test", zone_options())
        next(selection)
        selection.report_tls("certificate-expired")
        self.assertEqual(selection.tls_reports, [mxsel.TlsReport(
            "mx1.example.test", "2001:db8::1", "no-policy-found",
            "certificate-expired")])


class Life(unittest.TestCase):
    """Saved, resumed, begun anew, closed."""

    def test_saved_and_resumed_at_the_same_place(self):
        selection = mxsel.Selection("equal.example.test", zone_options())
        first = next(selection)
        first.report("timeout")
        saved = selection.save()
        self.assertIsInstance(saved, bytes)
        rest = [attempt.host for attempt in selection]
        resumed = mxsel.Selection.resume(saved, zone_options(seed=99))
        self.assertEqual(resumed.attempt.host, first.host)
        self.assertEqual([attempt.host for attempt in resumed], rest)
        self.assertEqual(len(rest), 2)

    def test_octets_that_are_no_selection(self):
        for octets in (b"", b"nonsense"):
            with self.assertRaises(mxsel.SyntaxProblem) as caught:
                mxsel.Selection.resume(octets, zone_options())
            self.assertEqual(caught.exception.number, -4)
        saved = mxsel.Selection("example.test", zone_options())
        next(saved)
        self.assertRaises(
            mxsel.MismatchError, mxsel.Selection.resume, saved.save(),
            zone_options(self_names=["mx1.example.test"]))

    def test_rewound(self):
        selection = mxsel.Selection("equal.example.test", zone_options())
        first = [attempt.host for attempt in selection]
        selection.rewind()
        self.assertIsNone(selection.attempt)
        self.assertEqual([attempt.host for attempt in selection], first)

    def test_reset_to_another_destination(self):
        selection = mxsel.Selection("example.test", zone_options())
        old = next(selection)
        selection.reset("nullmx.example.test")
        self.assertRaises(mxsel.UsageError, old.report, "refused")
        self.assertEqual(list(selection), [])
        self.assertEqual(selection.verdict.reason, "null_mx")
        selection.reset("nul\0inside")
        self.assertEqual(list(selection), [])
        self.assertEqual(selection.verdict.reason, "bad_destination")

    def test_closed(self):
        with mxsel.Selection("example.test", zone_options()) as selection:
            attempt = next(selection)
        self.assertEqual(attempt.host, "mx1.example.test")
        self.assertRaises(mxsel.UsageError, next, selection)
        self.assertRaises(mxsel.UsageError, lambda: selection.verdict)
        self.assertIn("closed", repr(selection))
        selection.close()


class Settings(unittest.TestCase):
    """Options by keyword."""

    def test_every_setting_of_the_library_has_its_name(self):
        options = mxsel.Options(max_hosts=4, dane=True, family="v4_first")
        self.assertEqual((options.max_hosts, options.dane, options.family),
                         (4, 1, 3))
        self.assertEqual(options.port, 25)
        self.assertIn("time_limit", dir(options))
        self.assertIn("max_hosts=4", repr(options))

    def test_what_is_wrong_is_said(self):
        with self.assertRaisesRegex(TypeError, "no setting 'max_host'"):
            mxsel.Options(max_host=4)
        with self.assertRaisesRegex(ValueError, "port=70000"):
            mxsel.Options(port=70000)
        with self.assertRaisesRegex(ValueError, "v4_first"):
            mxsel.Options(family="v5")
        self.assertRaises(ValueError, mxsel.Options, self_names=["a b"])
        self.assertRaises(mxsel.Error, mxsel.Options, self_names=[None])
        self.assertRaises(TypeError, mxsel.Options, self_names="one.name")
        self.assertRaises(TypeError, mxsel.Options, resolver=7)
        self.assertRaises(TypeError, mxsel.Options, cache=7)
        self.assertRaises(TypeError, mxsel.Options, memory=mxsel.Cache())
        with self.assertRaisesRegex(TypeError, "number is wanted.*'4'"):
            mxsel.Options(max_hosts="4")
        self.assertRaises(OverflowError, mxsel.Options, seed=-1)
        self.assertRaises(AttributeError, lambda: mxsel.Options().nothing)
        self.assertRaises(TypeError, mxsel.Selection, "a.test", mx=1)

    def test_a_copy_with_changes(self):
        options = zone_options(max_hosts=2)
        copy = options.replace(port=587)
        self.assertEqual((copy.port, copy.max_hosts, options.port),
                         (587, 2, 25))
        found = [a.port for a in mxsel.Selection("example.test", copy)]
        self.assertEqual(found, [587] * 3)
        found = [a.port for a in mxsel.Selection("example.test", options,
                                                 port=26)]
        self.assertEqual(found, [26] * 3)

    def test_files_that_are_missing(self):
        with self.assertRaises(mxsel.FileError) as caught:
            mxsel.Zone("/nowhere/at/all.zone")
        self.assertEqual(caught.exception.number, -11)
        self.assertIsInstance(caught.exception, OSError)
        self.assertIn("/nowhere/at/all.zone", str(caught.exception))
        self.assertRaises(mxsel.FileError, mxsel.Zone, text="no zone")
        self.assertRaises(mxsel.Error, mxsel.Dns, "/nowhere/at/all.conf")
        self.assertRaises(ValueError, mxsel.Dns, servers=["x.test"])
        self.assertRaises(TypeError, mxsel.Dns, servers="127.0.0.1")

    def test_each_error_has_its_number(self):
        numbers = {kind.number for kind in mxsel.Error.__subclasses__()}
        self.assertEqual(numbers, set(range(-1, -12, -1)) - {-8})
        self.assertTrue(issubclass(mxsel.OutOfMemory, MemoryError))
        self.assertEqual(str(mxsel.Error(number=-10)),
                         str(mxsel.SystemFailure()))

    def test_letters_beyond_ascii(self):
        name = "m\u00fcller.example.test"
        plain = mxsel.Selection(name, zone_options())
        self.assertEqual(list(plain), [])
        self.assertEqual(plain.verdict.reason, "bad_destination")
        try:
            options = zone_options(idn=True)
        except OSError:
            self.skipTest("no libmxsel-idn2")
        selection = mxsel.Selection(name, options)
        self.assertEqual(list(selection), [])
        self.assertEqual(selection.verdict.reason, "no_domain")
        self.assertEqual(selection.domain, "xn--mller-kva.example.test")


class Security(unittest.TestCase):
    """MTA-STS and what a message asks for."""

    BODY = "version: STSv1\nmode: enforce\nmx: mx2.example.test\n" \
        "max_age: 86400\n"

    def test_a_policy_rules_the_hosts(self):
        policy = mxsel.StsPolicy("example.test", self.BODY, fetched=1000)
        self.assertEqual((policy.domain, policy.mode, policy.max_age,
                          policy.mx), ("example.test", "enforce", 86400,
                                       ("mx2.example.test",)))
        self.assertTrue(policy.matches("MX2.example.test"))
        selection = mxsel.Selection("example.test", zone_options(),
                                    sts=policy, now=1001)
        del policy
        found = [(a.host, a.posture) for a in selection]
        self.assertEqual(found, [("mx2.example.test", "pkix")])
        self.assertEqual([r.reason for r in selection.rejected],
                         ["sts_mismatch"])

    def test_a_policy_that_is_none(self):
        with self.assertRaisesRegex(ValueError, "line 2: "):
            mxsel.StsPolicy("example.test", "version: STSv1\nmode: x\n")
        policy = mxsel.StsPolicy("example.test", self.BODY, fetched=1000)
        self.assertRaises(mxsel.RangeError, mxsel.Selection, "example.test",
                          zone_options(), sts=policy, now=10**6)
        self.assertEqual(mxsel.StsPolicy.id_of(
            ["v=STSv1; id=abc1;", b"other"]), "abc1")
        self.assertIsNone(mxsel.StsPolicy.id_of(["other"]))

    def test_requiretls(self):
        selection = mxsel.Selection("example.test", zone_options(),
                                    tls="required")
        self.assertEqual(list(selection), [])
        self.assertEqual(selection.verdict.status, "5.7.30")


class Caching(unittest.TestCase):
    """A cache that options share."""

    def test_the_second_question_is_not_asked(self):
        asked = []

        def resolve(name, kind):
            asked.append((name, kind))
            return [mxsel.MX(10, "mx.test")] if kind == "MX" else \
                [mxsel.Address("192.0.2.1")] if kind == "A" else \
                mxsel.Answer(negative_ttl=300)

        cache = mxsel.Cache(1 << 20, max_ttl=600)
        for _ in range(2):
            selection = mxsel.Selection("a.test", resolver=resolve,
                                        cache=cache)
            self.assertEqual([a.host for a in selection], ["mx.test"])
        self.assertEqual(len(asked), 3)
        self.assertEqual(cache.statistics["hits"], 3)
        cache.forget("a.test")
        list(mxsel.Selection("a.test", resolver=resolve, cache=cache))
        self.assertEqual(asked[3:], [("a.test", "MX")])
        self.assertRaises(TypeError, cache.forget)
        self.assertRaises(TypeError, cache.forget, None)
        self.assertEqual(cache.statistics["names"], 2)
        cache.forget_all()
        self.assertEqual(cache.statistics["names"], 0)
        self.assertRaises(ValueError, mxsel.Cache, 1)
        self.assertRaises(ValueError, mxsel.Cache, nonsense=1)


if __name__ == "__main__":
    unittest.main()
