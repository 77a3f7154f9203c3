"""Compares the queries of alert rules and dashboards with the metrics of a server.

A name, a label or a value that the page of the server does not have would be an alert that never fires and a panel that
stays empty.
"""

import re

# What Prometheus adds to every series of a target that a PodMonitor found, and a histogram to its buckets.
TARGET_LABELS = {"namespace", "pod", "container", "endpoint", "job", "instance", "le"}
# The series that Prometheus writes itself.
OWN_SERIES = {"up"}
FUNCTIONS = {
    *("absent", "changes", "histogram_quantile", "increase", "label_values", "max", "min", "rate", "sum", "time", "vector"),
    *("and", "by", "offset", "or", "unless"),
}
# The values of these labels depend on the requests. Those of all other labels are on the page from the start.
OPEN_LABELS = {"status", "method", "version"}


class Page:
    """The names, labels and values of a page in the text format of Prometheus."""

    def __init__(self, *texts):
        from prometheus_client.parser import text_string_to_metric_families

        self.values = {}
        for family in (family for text in texts for family in text_string_to_metric_families(text)):
            for sample in family.samples:
                labels = self.values.setdefault(sample.name, {})
                for label, value in sample.labels.items():
                    labels.setdefault(label, set()).add(value)

    def __contains__(self, name):
        return name in self.values or name in OWN_SERIES


def selectors(query):
    """The series that a query selects, each as its name and its matchers (label, operator, value)."""
    texts = []

    def keep(found):
        texts.append(found[0][1:-1])
        return f'"{len(texts) - 1}"'

    # Texts first, because they may hold anything. Then lists of labels and durations, which look like names.
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', keep, query)
    bare = re.sub(r"\bby\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\[[^\]]*\]|\boffset\s+\w+", " ", bare)
    for found in re.finditer(r"([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\})?", bare):
        if found[1] in FUNCTIONS:
            continue
        pairs = re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"(\d+)"', found[2] or "")
        yield found[1], [(label, operator, texts[int(number)]) for label, operator, number in pairs]


def faults(query, page, templated=False):
    """The parts of the query that the page lacks, a line each. `templated`: `$name` stands for a variable of a dashboard."""
    wanted = []
    for name, matchers in selectors(query):
        if name not in page:
            yield f"no series is called {name}"
            continue
        wanted.append(name)
        known = page.values.get(name, {})
        for label, operator, text in matchers:
            if label not in known and label not in TARGET_LABELS:
                yield f"{name} has no label {label}"
            elif label in known and label not in OPEN_LABELS and not (templated and text.startswith("$")):
                for value in text.split("|") if "~" in operator else [text]:
                    if value not in known[label]:
                        yield f"{name} has no {label} {value}"
    labels = TARGET_LABELS.union(*(page.values.get(name, {}) for name in wanted))
    for group in re.findall(r"\bby\s*\(([^)]*)\)", query):
        for label in group.split(","):
            if label.strip() not in labels:
                yield f"no series of the query has the label {label.strip()}"


def of_rules(document):
    """The queries of a PrometheusRule with their places."""
    for group in document["spec"]["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def of_dashboard(dashboard):
    """The queries of a dashboard with their places."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"panel {panel['id']} {target['refId']}", target["expr"]


def labels_in_text(text):
    """The labels that a text of an alert shows."""
    return re.findall(r"\$labels\.(\w+)", text)
