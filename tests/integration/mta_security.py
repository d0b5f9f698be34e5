"""How securely: cases for mta_trial.py of hosts that offer TLS, with TLSA
records, MTA-STS policies, the right certificate and the wrong one (R92, R94,
R95, R96). A mail that must go over TLS never goes in clear text.
"""
import hashlib
import os
import shutil
import ssl
import subprocess

from mta_servers import Dns, SLOW

DANE = ["--dane"]
TAKEN, OK = "delivered 250 2.0.0", "2.0.0 Queued"
AWAY = {"STARTTLS": "454 4.7.0 Not now"}
GARBAGE = {"STARTTLS": b"220 2.0.0 Go on\r\nthis is no TLS\r\n"}


class Certificates:
    """Those of an authority for h2 and for another host, and one of nobody's
    for h2."""

    def __init__(self, folder):
        self.folder = folder
        self.make("ca", "ca")
        self.right = self.make("h2.sec.test", "h2.sec.test", "ca")
        self.other = self.make("other", "other.test", "ca")
        self.own = self.make("own", "h2.sec.test")

    def file(self, name, kind):
        return os.path.join(self.folder, f"{name}.{kind}")

    def make(self, name, subject, issuer=None):
        signed = [] if issuer is None else [
            "-CA", self.file(issuer, "pem"),
            "-CAkey", self.file(issuer, "key"),
            "-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
             "/CN=" + subject, "-addext", "subjectAltName=DNS:" + subject,
             *signed, "-keyout", self.file(name, "key"),
             "-out", self.file(name, "pem")],
            check=True, capture_output=True)
        if issuer is not None:
            with open(self.file(name, "pem"), "ab") as chain, \
                    open(self.file(issuer, "pem"), "rb") as pem:
                chain.write(pem.read())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file(name, "pem"),
                                self.file(name, "key"))
        return context

    def record(self, name, usage, selector=0, matching=1):
        """TLSA data of a certificate, as RFC 6698 has it."""
        with open(self.file(name, "pem"), encoding="ascii") as pem:
            first = pem.read().split("-----END")[0]
        data = ssl.PEM_cert_to_DER_cert(
            first + "-----END CERTIFICATE-----\n")
        if selector == 1:
            public = subprocess.run(
                ["openssl", "x509", "-in", self.file(name, "pem"), "-pubkey",
                 "-noout"], check=True, capture_output=True).stdout
            data = subprocess.run(
                ["openssl", "pkey", "-pubin", "-outform", "DER"],
                input=public, check=True, capture_output=True).stdout
        if matching == 1:
            data = hashlib.sha256(data).digest()
        return bytes([usage, selector, matching]) + data


class Security:
    """case and check are those of mta_trial.py."""

    def __init__(self, case, check, port, folder):
        self.case, self.check, self.port = case, check, port
        self.folder = folder
        self.certificates = Certificates(folder)
        self.domains = {"one.test": [(10, "h2.sec.test")],
                        "two.test": [(10, "h2.sec.test"),
                                     (20, "h3.sec.test")]}

    def run(self, what, domain, hosts, path, verdict, options=(), tlsa=None,
            says="", secret=None):
        """hosts: {"h2": (context, ways)}; tlsa: records of h2; secret: the
        mail came over TLS."""
        records = {f"_{self.port}._tcp.h2.sec.test": tlsa} if tlsa != [] \
            else {}
        dns = Dns(self.domains, records)
        result = self.case(what, domain, {host: {"tls": context, **ways}
                                          for host, (context, ways)
                                          in hosts.items()},
                           path, verdict, says, list(options),
                           source=["--server", f"127.0.0.1@{dns.port}"])
        dns.stop()
        if secret is not None:
            count = sum(len(server.secret)
                        for server in result.servers.values())
            self.check(count == (1 if secret else 0),
                       f"{what}: over TLS: {secret}", count)
        return result

    def opportunistic(self):
        right, own = self.certificates.right, self.certificates.own
        for context in (right, own):
            self.run("R96 TLS is offered", "one.test", {"h2": (context, {})},
                     "h2 delivered", TAKEN, tlsa=[], says=OK, secret=True)
        self.run("R96 a handshake that breaks", "one.test",
                 {"h2": (right, GARBAGE)}, "h2 delivered", TAKEN, tlsa=[],
                 says=OK, secret=False)
        self.run("R96 TLS is away", "one.test", {"h2": (right, AWAY)},
                 "h2 delivered", TAKEN, tlsa=[], says=OK, secret=False)

    def dane(self):
        right, own = self.certificates.right, self.certificates.own
        for name, usage, selector, matching in (
                ("h2.sec.test", 3, 1, 1), ("h2.sec.test", 3, 0, 1),
                ("h2.sec.test", 3, 1, 0), ("ca", 2, 0, 1), ("ca", 2, 1, 1)):
            good = self.certificates.record(name, usage, selector, matching)
            what = f"TLSA {usage} {selector} {matching}"
            self.run(f"R92 {what} matches", "one.test", {"h2": (right, {})},
                     "h2 delivered", TAKEN, DANE, [good], OK, True)
            self.run(f"R92 {what} does not match", "two.test",
                     {"h2": (own, {})}, "h2 policy, h3 delivered", TAKEN,
                     DANE, [good], OK, False)
            self.run(f"R92 {what} does not match, no other host", "one.test",
                     {"h2": (own, {})}, "h2 policy", "defer 451 4.7.5",
                     DANE, [good])
        self.run("R94 usage 3 wants no name", "one.test",
                 {"h2": (self.certificates.other, {})}, "h2 delivered",
                 TAKEN, DANE, [self.certificates.record("other", 3, 1)], OK,
                 True)
        self.run("R94 usage 2 wants the name", "one.test",
                 {"h2": (self.certificates.other, {})}, "h2 policy",
                 "defer 451 4.7.5", DANE,
                 [self.certificates.record("ca", 2)])

        rubbish = [b"\3\0\0rubbish"]
        own_ca = ["--ca", self.certificates.file("ca", "pem")]
        for what, ways in (("", {}), (", a slow host", {"HANDSHAKE": SLOW})):
            self.run("R92 a record that is no certificate" + what,
                     "one.test", {"h2": (right, ways)}, "h2 policy",
                     "defer 451 4.7.5", DANE + own_ca, rubbish)
            self.run("R92 a record that is no certificate beside one" + what,
                     "one.test", {"h2": (right, ways)}, "h2 delivered",
                     TAKEN, DANE + own_ca, rubbish +
                     [self.certificates.record("h2.sec.test", 3, 1)], OK,
                     True)

    def no_tls(self):
        """What DANE asks for is not there."""
        right, own = self.certificates.right, self.certificates.own
        good = [self.certificates.record("h2.sec.test", 3, 1)]
        for what, host in (("is not offered", (None, {})),
                           ("is away", (right, AWAY)),
                           ("breaks in the handshake", (right, GARBAGE))):
            self.run(f"R96 DANE, and TLS {what}", "one.test", {"h2": host},
                     "h2 tls", "defer 451 4.7.5", DANE, good)
        self.run("R92 records that cannot be had", "two.test",
                 {"h2": (right, {})}, "h3 delivered", TAKEN, DANE, None, OK)
        unusable = [b"\0" + good[0][1:]]
        self.run("R92 no record is usable", "one.test", {"h2": (own, {})},
                 "h2 delivered", TAKEN, DANE, unusable, OK, True)
        self.run("R92 no record is usable, and no TLS", "one.test",
                 {"h2": (None, {})}, "h2 tls", "defer 451 4.7.5", DANE,
                 unusable)

    def policy(self):
        """MTA-STS, mode enforce."""
        with open(os.path.join(self.folder, "two.test"), "w",
                  encoding="ascii") as file:
            file.write("version: STSv1\nmode: enforce\nmx: h2.sec.test\n"
                       "max_age: 86400\n")
        options = ["--policies", self.folder, "--ca",
                   self.certificates.file("ca", "pem")]
        certificates = self.certificates
        self.run("R95 the right certificate", "two.test",
                 {"h2": (certificates.right, {})}, "h2 delivered", TAKEN,
                 options, [], OK, True)
        for what, context in (("an authority nobody trusts",
                               certificates.own),
                              ("another host's certificate",
                               certificates.other)):
            self.run(f"R95 {what}", "two.test", {"h2": (context, {})},
                     "h2 policy", "defer 451 4.7.1", options, [])
        self.run("R95 no TLS", "two.test", {"h2": (None, {})}, "h2 tls",
                 "defer 451 4.7.5", options, [])
        self.run("R95 a domain without policy", "one.test",
                 {"h2": (certificates.own, {})}, "h2 delivered", TAKEN,
                 options, [], OK, True)


def check_security(case, check, port, folder):
    if not shutil.which("openssl"):
        print("skipped: openssl")
        return
    security = Security(case, check, port, folder)
    security.opportunistic()
    security.dane()
    security.no_tls()
    security.policy()
