"""The zones of dane_zones.txt, signed and broken as it says, and the servers
that serve them:

        dane_zones.py ZONES FOLDER NSD KNOT DEAD UNBOUND

The last four are ports of 127.0.0.1. Writes to FOLDER what nsd, knotd and
unbound need, and besides

        anchor.key      the trust anchor
        stubs           "ZONE SERVER" for each zone
        claims          "NAME TYPE SECURITY WHAT" for each record set, and for
                        what is not there; for dane_claims.py

Uses ldns-keygen, ldns-signzone and keymgr, which comes with Knot.
"""

import pathlib
import re
import subprocess
import sys

SIGNED = ("nsec", "nsec3", "optout", "online", "expired")
# How a record looks after it was tampered with.
TAMPERED = {
    "A": "192.0.2.66",
    "AAAA": "2001:db8::66",
    "CNAME": "mx.ta.good.dane.",
    "MX": "10 mx.ta.good.dane.",
    "TLSA": "3 1 1 " + 32 * "66",
}


class Zone:
    def __init__(self, name, server, state, *settings):
        settings = dict(zip(settings[::2], settings[1::2]))
        self.name, self.server, self.state = name, server, state
        self.is_signed = state in SIGNED
        self.ds = settings.get("ds", "right" if self.is_signed else "none")
        self.algorithm = settings.get("key", "ECDSAP256SHA256")
        self.key = None
        self.records = []
        self.orders = []
        self.ds_lines = []

    def absolute(self, name):
        if name.endswith("."):
            return name
        return self.name + "." if name == "@" else f"{name}.{self.name}."


def read_zones(path):
    zones = []
    for line in path.read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "zone":
            zones.append(Zone(*words[1:]))
        elif words[0] in ("alter", "unsign", "undeny", "deny", "fails"):
            zones[-1].orders.append(words)
        else:
            zones[-1].records.append((words[0], words[1], pattern(words[2:])))
    return zones


def pattern(words):
    """=N are N octets, different for each N and position."""
    return " ".join(
        "".join(f"{(int(word[1:]) + 7 * at) % 256:02x}"
                for at in range(int(word[1:])))
        if re.fullmatch("=[0-9]+", word) else word for word in words)


def parent_of(zone, zones):
    above = [other for other in zones if zone.name.endswith("." + other.name)]
    return max(above, key=lambda other: len(other.name), default=None)


def security(zone, zones):
    """What a validating resolver says about the records of a zone."""
    parent = parent_of(zone, zones)
    if parent is None:
        return "secure" if zone is zones[0] else "insecure"
    above = security(parent, zones)
    if above != "secure" or zone.ds in ("none", "unknown"):
        return above if above != "secure" else "insecure"
    return "bogus" if zone.ds == "wrong" or zone.state == "expired" \
        else "secure"


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def make_key(zone, folder):
    """Its key, and the DS that the parent publishes."""
    if zone.state == "online":
        knot = ("keymgr", "-c", "knot.conf", zone.name + ".")
        run(*knot, "generate", "algorithm=ED25519", "ksk=yes", "zsk=yes",
            cwd=folder)
        found = run(*knot, "ds", cwd=folder).splitlines()
        line = next(line for line in found if " 2 " in line)
    elif zone.is_signed:
        zone.key = run("ldns-keygen", "-a", zone.algorithm, "-k", zone.name,
                       cwd=folder).strip()
        line = (folder / (zone.key + ".ds")).read_text()
    else:
        line = "x DS 4711 250 2 " + 32 * "ab"
    tag, algorithm, kind, digest = re.search(
        r"DS\s+(\d+) (\d+) (\d+) ([0-9A-Fa-f]+)", line).groups()
    if zone.ds == "wrong":
        digest = digest[::-1]
    if zone.ds != "none":
        zone.ds_lines = [f"{zone.name}. DS {tag} {algorithm} {kind} {digest}"]


def text_of(zone, zones):
    lines = [f"$ORIGIN {zone.name}.", "$TTL 300",
             "@ SOA ns postmaster 1 3600 600 86400 300", "@ NS ns",
             "ns A 127.0.0.1"]
    lines += [" ".join(record) for record in zone.records]
    for child in zones:
        if parent_of(child, zones) is zone:
            lines += [f"{child.name}. NS ns.{child.name}.",
                      f"ns.{child.name}. A 127.0.0.1"] + child.ds_lines
    return "\n".join(lines) + "\n"


def sign(zone, folder):
    how = {"nsec3": ["-n"], "optout": ["-n", "-p"],
           "expired": ["-i", "20250101", "-e", "20250201"]}
    # Into a file of its own, and then in place of the zone.
    run("ldns-signzone", *how.get(zone.state, []), "-f", "signed", "-o",
        zone.name, zone.name + ".zone", zone.key, cwd=folder)
    lines = (folder / "signed").read_text().splitlines()
    for order in zone.orders:
        lines = obey(zone, order, lines)
    (folder / (zone.name + ".zone")).write_text("\n".join(lines) + "\n")


def obey(zone, order, lines):
    """The signed zone after alter, unsign or undeny."""
    if order[0] not in ("alter", "unsign", "undeny"):
        return lines
    owner = zone.absolute(order[1])
    kept = []
    for line in lines:
        name, _, _, kind, data = line.split(None, 4)
        if name == owner and order[0] == "alter" and kind == order[2]:
            line = f"{owner} 300 IN {kind} {TAMPERED[kind]}"
        if name == owner and kind == "RRSIG" and (
                order[0] == "unsign" and data.split()[0] == order[2]):
            continue
        if name == owner and order[0] == "undeny" and (
                kind == "NSEC" or (kind, data[:4]) == ("RRSIG", "NSEC")):
            continue
        kept.append(line)
    if kept == lines:
        sys.exit(f"nothing to do: {' '.join(order)} in {zone.name}")
    return kept


def claims(zone, zones):
    usual = security(zone, zones)
    broken = {(order[1], order[2]) for order in zone.orders
              if order[0] in ("alter", "unsign")}
    if zone.server in ("nsd", "knot"):
        for name, kind in sorted({record[:2] for record in zone.records}):
            said = "bogus" if (name, kind) in broken else usual
            yield f"{zone.absolute(name)} {kind} {said} records"
    for order in zone.orders:
        name = zone.absolute(order[1]) if len(order) > 1 else ""
        if order[0] == "deny":
            yield f"{name} {order[2]} {order[4]} {order[3]}"
        elif order[0] == "fails":
            yield f"{name} {order[2]} fails nothing"


def nsd_conf(zones, folder, port):
    lines = [f"""server:
        ip-address: 127.0.0.1@{port}
        username: ""
        chroot: ""
        zonesdir: "{folder}"
        database: ""
        zonelistfile: "{folder}/zone.list"
        xfrdfile: "{folder}/xfrd.state"
        xfrdir: "{folder}"
        pidfile: ""
        logfile: "{folder}/nsd.log"
        server-count: 1
        rrl-ratelimit: 0
remote-control:
        control-enable: no
"""]
    lines += [f'zone:\n\tname: "{zone.name}"\n\tzonefile: "{zone.name}.zone"\n'
              for zone in zones if zone.server in ("nsd", "empty")]
    return "".join(lines)


def knot_conf(zones, folder, port):
    lines = [f"""server:
    rundir: "{folder}"
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 2
    background-workers: 1
log:
  - target: stderr
    any: warning
database:
    storage: "{folder}/knot"
policy:
  - id: ours
    manual: on
    single-type-signing: on
    nsec3: on
    nsec3-iterations: 0
    nsec3-salt-length: 4
    cds-cdnskey-publish: none
zone:
"""]
    lines += [f"""  - domain: {zone.name}.
    file: "{folder}/{zone.name}.zone"
    dnssec-signing: on
    dnssec-policy: ours
    zonefile-sync: -1
""" for zone in zones if zone.server == "knot"]
    return "".join(lines)


def unbound_conf(stubs, folder, port):
    lines = [f"""server:
        interface: 127.0.0.1
        port: {port}
        username: ""
        chroot: ""
        directory: "{folder}"
        pidfile: ""
        logfile: "{folder}/unbound.log"
        use-syslog: no
        do-daemonize: no
        num-threads: 1
        do-ip6: no
        do-not-query-localhost: no
        module-config: "validator iterator"
        trust-anchor-file: "{folder}/anchor.key"
        rrset-roundrobin: no
        val-log-level: 2
        outbound-msg-retry: 2
remote-control:
        control-enable: no
"""]
    lines += [f"\nstub-zone:\n\tname: {name}\n\tstub-addr: {server}\n"
              for name, server in stubs]
    return "".join(lines)


def main():
    path, folder, nsd, knot, dead, unbound = sys.argv[1:]
    folder = pathlib.Path(folder)
    zones = read_zones(pathlib.Path(path))
    ports = {"nsd": nsd, "empty": nsd, "lame": knot, "knot": knot, "dead": dead}
    stubs = [(zone.name, f"127.0.0.1@{ports[zone.server]}") for zone in zones]
    (folder / "knot").mkdir()
    (folder / "nsd.conf").write_text(nsd_conf(zones, folder, nsd))
    (folder / "knot.conf").write_text(knot_conf(zones, folder, knot))
    (folder / "unbound.conf").write_text(unbound_conf(stubs, folder, unbound))
    (folder / "stubs").write_text("".join(f"{name} {server}\n"
                                          for name, server in stubs))
    for zone in zones:
        if zone.is_signed or zone.ds != "none":
            make_key(zone, folder)
    for zone in zones:
        if zone.server in ("nsd", "knot"):
            (folder / (zone.name + ".zone")).write_text(text_of(zone, zones))
        if zone.key is not None:
            sign(zone, folder)
    anchor = (folder / (zones[0].key + ".key")).read_text()
    (folder / "anchor.key").write_text(anchor.split(";")[0] + "\n")
    (folder / "claims").write_text("".join(
        claim + "\n" for zone in zones for claim in claims(zone, zones)))


main()
