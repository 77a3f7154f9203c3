"""A headless Chromium that shows a page of the service. Waits for events of the page and never for a time."""

import json
import pathlib

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PROBES = pathlib.Path(__file__).parent / "probes.js"


class Browser:
    """A tab. `address` is that of the server, without a slash at the end."""

    def __init__(self, address, width=1280, language="en"):
        self.address = address
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        # Chromium refuses its sandbox to root, in CI and in containers.
        for flag in ["headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars", f"lang={language}"]:
            options.add_argument(f"--{flag}")
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(120)
        self.command("Page.addScriptToEvaluateOnNewDocument", source=PROBES.read_text(encoding="utf-8"))
        self.media = {"prefers-color-scheme": "light"}
        self.resize(width)
        self.emulate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def resize(self, width, height=900):
        self.width = width
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def emulate(self, kind="", **features):
        """The features of the medium, with `_` for `-`, and `print` as its kind."""
        self.media |= {name.replace("_", "-"): value for name, value in features.items()}
        listed = [{"name": name, "value": value} for name, value in self.media.items()]
        self.command("Emulation.setEmulatedMedia", media=kind, features=listed)

    def open(self, fragment="", is_settled=True):
        """Loads the page from nothing, with the state of the fragment."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/{fragment}")
        if is_settled:
            self.settled()

    def reload(self):
        self.driver.refresh()
        self.settled()

    def settled(self, holds="true"):
        """Ends as soon as the present state is drawn and the expression holds."""
        self.wait(f"probe.settled(done, () => {holds})")

    def wait(self, script):
        """Runs a script that calls `done` at its end."""
        return self.driver.execute_async_script(f"const done = arguments[0]; {script}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def probe(self, name, *arguments):
        """What a function of probes.js answers."""
        return self.run(f"return probe.{name}(...arguments)", *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        """The text, also of what is not visible."""
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def says(self, expression):
        """The value of an expression of the page."""
        return self.run(f"return {expression}")

    def fragment(self):
        return self.says("location.hash")

    def click(self, selector):
        """Clicks in the middle of an element, wherever it is on the page."""
        self.scrolled(selector).click()
        self.settled()

    def scrolled(self, selector):
        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        return element

    def focus(self, selector):
        self.run("document.querySelector(arguments[0]).focus()", selector)

    def press(self, key):
        """Presses a key where the focus is."""
        webdriver.ActionChains(self.driver).send_keys(getattr(Keys, key, key)).perform()
        self.settled()

    def choose(self, selector, value):
        self.probe("choose", selector, value)
        self.settled()

    def hover(self, selector):
        webdriver.ActionChains(self.driver).move_to_element(self.scrolled(selector)).perform()

    def matrix(self, key):
        return self.probe("matrix", key)

    def numbers(self, key):
        """A table of the panel "step by step" as numbers."""
        return [[number(text) for text in row] for row in self.matrix(key)]

    def curl(self, panel, index=0):
        return self.probe("request", panel, index, "curl")

    def complaints(self):
        """Errors and warnings of the console since the last call: those of scripts, of the network and of the security policy."""
        return [f"{entry['source']}: {entry['message']}" for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]

    def faults(self, axe):
        """What axe-core finds wrong with the page as it is shown. None if it looked at nothing.

        `axe` is the text of axe.min.js.
        """
        self.run(axe)
        found = self.wait("axe.run(document, {resultTypes: ['violations']}).then(done)")
        if not found["passes"]:
            return None
        return [f"{rule['id']}: {json.dumps([node['html'][:100] for node in rule['nodes'][:3]])}" for rule in found["violations"]]

    def requested(self):
        """The addresses that the tab asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
        return [parameters["request"]["url"] for parameters in sent]


def number(text):
    """A number of the page, which has a minus sign of its own."""
    return float(text.replace("\N{MINUS SIGN}", "-"))
