#!/usr/bin/env python3
"""The site in a browser: every page at two widths, light and dark.

    browser.py SITE-FOLDER PICTURES-FOLDER

Headless Chromium is spoken to over a pipe (its DevTools protocol). No page may
scroll sideways, no text may be too faint for its background, nothing may be
fetched but files of the site, and all of these must be there. Of the main
pages pictures are taken, for people to look at.
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}
PICTURES = [("wide", "light"), ("narrow", "dark"), ("narrow", "light")]
MAIN = ["index.html", "guide/index.html", "guide/first-host.html",
        "guide/outcomes.html", "guide/security.html", "guide/bindings.html",
        "guide/moving.html",
        "reference/index.html", "reference/mxsel.h.html",
        "man/index.html", "man/mxsel.1.html", "man/mxsel_options.3.html",
        "conformance.html", "security.html", "develop/index.html",
        "source/examples/index.html"]
LONGEST = 1500

# What of a page is wrong: too wide, or text that is too faint (WCAG 2, 1.4.3).
LOOK = r"""
(() => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    let worst = null, right = root.clientWidth;
    for (const e of document.querySelectorAll("article *, header *")) {
      if (e.closest("pre, .wide")) continue;
      const r = e.getBoundingClientRect().right;
      if (r > right) { right = r; worst = e; }
    }
    wrong.push("scrolls sideways: " + root.scrollWidth + " of " +
      root.clientWidth + (worst ? ": " + worst.outerHTML.slice(0, 90) : ""));
  }
  const rgb = s => (s.match(/[\d.]+/g) || []).map(Number);
  const light = c => c.slice(0, 3).map(v => v / 255).map(
    v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length == 3 || c[3] > 0.5) return c;
    }
    return [255, 255, 255];
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body,
    NodeFilter.SHOW_TEXT);
  for (let n; (n = walker.nextNode());) {
    const e = n.parentElement;
    if (!n.data.trim() || !e.offsetParent) continue;
    const style = getComputedStyle(e);
    if (style.opacity == "0") continue;
    const back = behind(e), pair = style.color + back;
    if (seen.has(pair)) continue;
    seen.add(pair);
    const [a, b] = [light(rgb(style.color)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5)
      wrong.push("contrast " + ratio.toFixed(1) + ": " +
        e.outerHTML.slice(0, 90));
  }
  return wrong;
})()
"""


class Browser:
    """One Chromium, one tab, spoken to over a pipe."""

    def __init__(self, program):
        self.home = tempfile.mkdtemp()
        there, ours_out = os.pipe()
        ours_in, back = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{there} 4>&{back}', "sh", program,
             "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--hide-scrollbars",
             "--disable-background-networking", "--disable-sync",
             "--disable-extensions", "--disable-component-update",
             "--proxy-server=127.0.0.1:9", "--allow-file-access-from-files",
             f"--user-data-dir={self.home}", "--remote-debugging-pipe"],
            pass_fds=(there, back), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(there)
        os.close(back)
        self.pipe_out, self.pipe_in = os.fdopen(ours_out, "wb", 0), ours_in
        self.left, self.number, self.session = b"", 0, None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for part in ("Page", "Runtime", "Network"):
            self.call(f"{part}.enable")

    def message(self):
        while b"\0" not in self.left:
            some = os.read(self.pipe_in, 1 << 20)
            if not some:
                sys.exit("the browser has ended")
            self.left += some
        one, _, self.left = self.left.partition(b"\0")
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        asked = {"id": self.number, "method": method, "params": params}
        if self.session:
            asked["sessionId"] = self.session
        self.pipe_out.write(json.dumps(asked).encode() + b"\0")
        while True:
            told = self.message()
            if told.get("id") == self.number:
                if "error" in told:
                    sys.exit(f"{method}: {told['error']}")
                return told["result"]
            self.events.append(told)

    def open(self, address):
        """Go there and wait until all of it is there."""
        self.events.clear()
        self.call("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired"
                      for event in self.events):
            self.events.append(self.message())

    def evaluate(self, script):
        done = self.call("Runtime.evaluate", expression=script,
                         returnByValue=True)
        if "exceptionDetails" in done:
            sys.exit(f"in the page: {done['exceptionDetails']}")
        return done["result"].get("value")

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 600)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": name}])

    def picture(self, path):
        tall = self.evaluate("document.documentElement.scrollHeight")
        width = self.evaluate("document.documentElement.clientWidth")
        data = self.call("Page.captureScreenshot", format="png",
                         captureBeyondViewport=True, optimizeForSpeed=True,
                         clip={"x": 0, "y": 0, "width": width, "scale": 1,
                               "height": min(tall, LONGEST)})["data"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))

    def complaints(self, root):
        """What was fetched from elsewhere or not, what a script did."""
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if not url.startswith((root, "data:")):
                    yield f"fetches {url}"
            elif event.get("method") == "Network.loadingFailed":
                yield f"does not load: {params['errorText']}"
            elif event.get("method") == "Runtime.exceptionThrown":
                yield f"in a script: {params['exceptionDetails']['text']}"

    def end(self):
        try:
            self.call("Browser.close")
        except (OSError, SystemExit):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def look(browser, site, pictures, path):
    """What is wrong with one page, at each width and in each scheme."""
    root = site.as_uri()
    browser.open(f"{root}/{path}")
    for wrong in browser.complaints(root):
        yield f"{path}: {wrong}"
    for width, size in WIDTHS.items():
        browser.size(*size)
        for scheme in ("light", "dark"):
            if scheme == "dark" and path.startswith("source/"):
                continue
            browser.scheme(scheme)
            for wrong in browser.evaluate(LOOK):
                yield f"{path} ({width}, {scheme}): {wrong}"
            if path in MAIN and (width, scheme) in PICTURES:
                name = path.removesuffix(".html").replace("/", "_")
                browser.picture(pictures / f"{name}_{width}_{scheme}.png")


def program():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    return None


def look_at_all(name, site, pictures):
    """(number of pages, what is wrong with them), in the browser name."""
    pages = sorted(path.relative_to(site).as_posix()
                   for path in site.rglob("*.html"))
    # Sources are all alike.
    listings = [page for page in pages if page.startswith("source/")
                and page not in MAIN]
    pages = [page for page in pages if page not in listings[5:]]
    bad = [f"{page}: is not there" for page in MAIN if page not in pages]
    browser = Browser(name)
    try:
        for page in pages:
            bad += look(browser, site, pictures, page)
    finally:
        browser.end()
    return len(pages), bad


def main():
    if not program():
        print("skipped: chromium")
        sys.exit(77)
    pages, bad = look_at_all(program(), pathlib.Path(sys.argv[1]).resolve(),
                             pathlib.Path(sys.argv[2]).resolve())
    for line in bad:
        print(line)
    print(f"{pages} pages at 2 widths in 2 schemes: {len(bad)} wrong")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
