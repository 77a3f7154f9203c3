"""Checks deploy/monitoring and deploy/kserve without a cluster: resources of operators, alert rules and the dashboard.

    .build/cluster-venv/bin/python checks/cluster PATH_TO_DROPOUTD PATH_TO_PROMTOOL

- Each file keeps to the models of its operator, and has no name that the models do not know (models.py).
- Every query names series, labels and values that the page of a running server has (queries.py).
- promtool takes the rules, and alert-rules-test.yaml shows each alert fire and be silent. It reads the panels' queries too.
- What the files say of each other, of deploy/kubernetes and of the program agrees.
- Planted mistakes are seen.

Prints one finding a line. Exits with 1 if there is one.
"""

import copy
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.request

import kubernetes_validate
import yaml

import models
import queries

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
from server import Server
from wire import ask

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CERTIFICATES = ROOT / "Tests" / "HTTPServerTests" / "Certificates"
FOLDERS = ["kubernetes", "monitoring", "kserve"]
# The newest that the package knows.
KUBERNETES = "1.37"


def read():
    """The documents by folder and file name."""
    documents = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / "deploy" / folder).glob("*.*")):
            if path.suffix in {".yaml", ".json"}:
                documents[f"{folder}/{path.name}"] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return documents


def check(is_right, line):
    return [] if is_right else [line]


# MARK: Models


def model_faults(documents):
    readers = {
        "PodMonitor": models.operator_faults,
        "PrometheusRule": models.operator_faults,
        "ServingRuntime": models.kserve_faults,
        "InferenceService": models.kserve_faults,
    }
    lines = []
    for name, document in documents.items():
        if name == "monitoring/dashboard.json":
            lines += [f"{name}{fault}" for fault in models.dashboard_faults(document)]
        elif read_by := readers.get(document.get("kind")):
            lines += [f"{name}{fault}" for fault in read_by(document)]
        elif not name.startswith("kubernetes/") and document.get("kind") != "Kustomization":
            lines.append(f"{name}: nothing checks a {document.get('kind')}")
    # The names of the SDK are checked by now. The values of a container are those that Kubernetes takes.
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}
    try:
        containers = documents["kserve/serving-runtime.yaml"]["spec"]["containers"]
        kubernetes_validate.validate({**pod, "spec": {"containers": containers}}, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        lines.append(f"kserve/serving-runtime.yaml as a pod: {error.message}")
    return lines


# MARK: Files beside each other


def agreement_faults(documents):
    deployment = documents["kubernetes/deployment.yaml"]
    pod = deployment["spec"]["template"]
    labels, ports = pod["metadata"]["labels"], {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    monitor, rules = documents["monitoring/pod-monitor.yaml"]["spec"], documents["monitoring/alert-rules.yaml"]["spec"]
    lines = []
    for folder in ("monitoring", "kserve"):
        kustomization = documents[f"{folder}/kustomization.yaml"]
        listed = {name for name in kustomization["resources"] if name != "../kubernetes"}
        listed |= {name for map_ in kustomization.get("configMapGenerator", []) for name in map_["files"]}
        files = {name.partition("/")[2] for name in documents if name.startswith(f"{folder}/")} - {"kustomization.yaml"}
        lines += check(listed == files, f"{folder}/kustomization.yaml does not list every file")
    # Monitoring.
    selector = monitor["selector"]["matchLabels"]
    lines += check(selector and selector.items() <= labels.items(), "the PodMonitor selects other labels than the pods have")
    for endpoint in monitor["podMetricsEndpoints"]:
        lines += check(endpoint["port"] in ports, "the PodMonitor asks a port that is not there")
        lines += check(endpoint["path"] == "/metrics", "the PodMonitor does not ask for /metrics")
    job = labels.get(monitor["jobLabel"])
    expressions = list(queries.of_rules({"spec": rules})) + list(queries.of_dashboard(documents["monitoring/dashboard.json"]))
    for name, expression in expressions:
        for found in re.findall(r'job="([^"]*)"', expression):
            lines += check(found == job, f"{name} selects the job {found}, which is called {job}")
    names = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    lines += check(len(names) == len(set(names)), "two alerts have one name")
    for group in rules["groups"]:
        for rule in group["rules"]:
            lines += check({"summary", "description"} <= rule.get("annotations", {}).keys(), f"{rule['alert']} has no words")
            lines += check("severity" in rule.get("labels", {}), f"{rule['alert']} has no severity")
    panels = documents["monitoring/dashboard.json"]["panels"]
    lines += check(len({panel["id"] for panel in panels}) == len(panels), "two panels have one number")
    # KServe.
    runtime, service = documents["kserve/serving-runtime.yaml"], documents["kserve/inference-service.yaml"]
    model, container = service["spec"]["predictor"]["model"], runtime["spec"]["containers"][0]
    formats = [(one["name"], one["version"]) for one in runtime["spec"]["supportedModelFormats"]]
    lines += check(model["runtime"] == runtime["metadata"]["name"], "the InferenceService names another runtime")
    lines += check(tuple(model["modelFormat"].values()) in formats, "the runtime does not support the model's format")
    lines += check(model["protocolVersion"] in runtime["spec"]["protocolVersions"], "the runtime does not speak the protocol")
    lines += check(container["name"] == "kserve-container", "KServe does not find the container")
    values = {entry["name"]: entry["value"] for entry in container["env"]}
    port = container["ports"][0]["containerPort"]
    lines += check(values["DROPOUTD_PORT"] == str(port), "DROPOUTD_PORT is not the container's port")
    lines += check(values["DROPOUTD_THREADS"] == container["resources"]["limits"]["cpu"], "DROPOUTD_THREADS is not the limit")
    for name, path in {"livenessProbe": "/livez", "readinessProbe": "/readyz"}.items():
        lines += check(container[name]["httpGet"] == {"path": path, "port": port}, f"{name} does not ask for {path}")
    lines += check(runtime["spec"]["annotations"]["prometheus.kserve.io/port"] == str(port), "KServe asks another port for metrics")
    # The same program runs in both, so the rest has one value.
    own = pod["spec"]["containers"][0]
    plain = {entry["name"]: entry["value"] for entry in own["env"] if "value" in entry}
    for name, value in plain.items():
        lines += check(values.get(name) == value, f"{name} has another value for KServe than in the deployment")
    for name in ("image", "args", "resources"):
        lines += check(container[name] == own[name], f"{name} is another for KServe than in the deployment")
    rights = {**pod["spec"]["securityContext"], **own["securityContext"]}
    lines += check({**container["securityContext"], "privileged": False} == rights, "the rights are others for KServe")
    # The kubelet's own grace.
    drain = int(values["DROPOUTD_DRAIN_DELAY_SECONDS"]) + int(values["DROPOUTD_DRAIN_SECONDS"])
    return lines + check(drain < 30, "the grace period ends before the drain")


# MARK: Queries


def query_faults(documents, page):
    dashboard = documents["monitoring/dashboard.json"]
    lines = []
    for name, expression in queries.of_rules(documents["monitoring/alert-rules.yaml"]):
        lines += [f"{name}: {fault}" for fault in queries.faults(expression, page)]
    for name, expression in queries.of_dashboard(dashboard):
        lines += [f"{name}: {fault}" for fault in queries.faults(expression, page, templated=True)]
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    for variable in variables.values():
        if variable["type"] == "query":
            series, label = re.fullmatch(r"label_values\((\w+)(?:\{.*\})?, (\w+)\)", variable["query"]["query"]).groups()
            is_known = series in page and label in queries.TARGET_LABELS | page.values[series].keys()
            lines += check(is_known, f"the variable {variable['name']} has no values")
    known = variables.keys() | {"__rate_interval"}
    lines += [f"the dashboard has no variable {name}" for name in set(re.findall(r"\$\{?(\w+)", json.dumps(dashboard))) - known]
    for group in documents["monitoring/alert-rules.yaml"]["spec"]["groups"]:
        for rule in group["rules"]:
            kept = re.search(r"\bby\s*\(([^)]*)\)", rule["expr"])
            labels = {label.strip() for label in kept[1].split(",")} if kept else set(queries.TARGET_LABELS)
            for name, _ in queries.selectors(rule["expr"]) if not kept else ():
                labels |= page.values.get(name, {}).keys()
            shown = [label for text in rule["annotations"].values() for label in queries.labels_in_text(text)]
            lines += [f"{rule['alert']} shows the label {label}, which it lacks" for label in shown if label not in labels]
    return lines


def promtool_faults(documents, promtool):
    """What promtool thinks of the rules, of their tests, and of the panels' queries as rules."""
    rules = documents["monitoring/alert-rules.yaml"]["spec"]
    panels = [
        {"record": f"panel:{index}", "expr": re.sub(r"\$__rate_interval", "5m", expression)}
        for index, (_, expression) in enumerate(queries.of_dashboard(documents["monitoring/dashboard.json"]))
    ]
    test = (ROOT / "checks" / "cluster" / "alert-rules-test.yaml").read_text(encoding="utf-8")
    lines = []
    fired = {case["alertname"] for one in yaml.safe_load(test)["tests"] for case in one["alert_rule_test"] if case["exp_alerts"]}
    for name, _ in queries.of_rules(documents["monitoring/alert-rules.yaml"]):
        lines += check(name in fired, f"no test lets {name} fire")
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "alert-rules.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")
        (place / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": panels}]}), encoding="utf-8")
        (place / "alert-rules-test.yaml").write_text(test, encoding="utf-8")
        for command in (["check", "rules", "alert-rules.yaml", "panels.yaml"], ["test", "rules", "alert-rules-test.yaml"]):
            run = subprocess.run([promtool, *command], cwd=place, capture_output=True, text=True)
            lines += check(run.returncode == 0, f"promtool {' '.join(command)}: {(run.stdout + run.stderr).strip()}")
    return lines


# MARK: The program


def page_of(program):
    """The pages of a server that was asked something, and of one with TLS."""
    with Server(program) as server:
        ask(server.port, "GET", "/mask?shape=4,2&rate=0.5&seed=1")
        ask(server.port, "POST", "/forward", body=b"{")
        plain = urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=10).read().decode()
    trusting = ssl.create_default_context(cafile=CERTIFICATES / "authority.pem")
    with Server(program, "--tls-certificate", CERTIFICATES / "server.pem", "--tls-key", CERTIFICATES / "server-key.pem") as server:
        secret = urllib.request.urlopen(f"https://localhost:{server.port}/metrics", timeout=10, context=trusting).read().decode()
    return queries.Page(plain, secret)


def program_faults(documents, program):
    """Whether a server with the runtime's environment starts, answers its probes and speaks its protocols."""
    container = documents["kserve/serving-runtime.yaml"]["spec"]["containers"][0]
    known = re.findall(
        r"\bDROPOUTD_[A-Z_]+", subprocess.run([program, "serve", "--help"], capture_output=True, text=True, check=True).stdout
    )
    values = {entry["name"]: entry["value"] for entry in container["env"]}
    lines = [f"{name} is not in dropoutd serve --help" for name in values if name.startswith("DROPOUTD_") and name not in known]
    flags = []
    for name, value in values.items():
        if name.startswith("DROPOUTD_") and name not in {"DROPOUTD_PORT", "DROPOUTD_HOST", "DROPOUTD_DRAIN_DELAY_SECONDS"}:
            flags += ["--" + name.removeprefix("DROPOUTD_").lower().replace("_", "-"), value]
    with Server(program, *flags) as server:
        paths = [container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")]
        # What a client of each protocol asks first.
        for protocol in runtime(documents)["protocolVersions"]:
            paths.append({"v1": "/v1/models", "v2": "/v2/health/ready"}[protocol])
        for path in paths:
            status = ask(server.port, "GET", path).status
            lines += check(status == 200, f"{path} is answered with {status}")
    return lines


# MARK: Planted mistakes


def rule(documents, name):
    return next(
        rule
        for group in documents["monitoring/alert-rules.yaml"]["spec"]["groups"]
        for rule in group["rules"]
        if rule["alert"] == name
    )


def runtime(documents):
    return documents["kserve/serving-runtime.yaml"]["spec"]


def panel(documents):
    return documents["monitoring/dashboard.json"]["panels"][0]


def change_query(documents, old, new):
    panel(documents)["targets"][0]["expr"] = panel(documents)["targets"][0]["expr"].replace(old, new)


def change_rule(documents, name, old, new):
    changed = rule(documents, name)
    changed["expr"] = changed["expr"].replace(old, new)


# Each is seen by the function that it names, so that the check is known to see.
MODEL, AGREEMENT, QUERY, PROMTOOL = "models", "agreement", "queries", "promtool"
MISTAKES = {
    "an unknown name in the PodMonitor": (
        MODEL,
        lambda d: d["monitoring/pod-monitor.yaml"]["spec"]["podMetricsEndpoints"][0].update(intervall="30s"),
    ),
    "a wrong duration in the PodMonitor": (
        MODEL,
        lambda d: d["monitoring/pod-monitor.yaml"]["spec"]["podMetricsEndpoints"][0].update(interval="30 seconds"),
    ),
    "an unknown name in a rule": (MODEL, lambda d: rule(d, "DropoutServiceFault").update(pending="1m")),
    "an unknown name in the dashboard": (MODEL, lambda d: d["monitoring/dashboard.json"].update(scheme=1)),
    "an unknown name in a panel": (MODEL, lambda d: panel(d)["options"].update(graph="none")),
    "an unknown name in a query of a panel": (MODEL, lambda d: panel(d)["targets"][0].update(legend="x")),
    "an unknown kind of panel": (MODEL, lambda d: panel(d).update(type="graphs")),
    "an unknown name in the runtime": (MODEL, lambda d: runtime(d).update(protocolVersion="v2")),
    "an unknown name in the runtime's container": (MODEL, lambda d: runtime(d)["containers"][0].update(port=8080)),
    "an unknown name in a probe": (MODEL, lambda d: runtime(d)["containers"][0]["livenessProbe"].update(period=1)),
    "a wrong type in the runtime": (MODEL, lambda d: runtime(d)["supportedModelFormats"][0].update(autoSelect="yes")),
    "a model without a format": (
        MODEL,
        lambda d: d["kserve/inference-service.yaml"]["spec"]["predictor"]["model"].pop("modelFormat"),
    ),
    "a wrong value in the runtime's container": (
        MODEL,
        lambda d: runtime(d)["containers"][0]["securityContext"]["seccompProfile"].update(type=7),
    ),
    "an unknown name in the predictor": (
        MODEL,
        lambda d: d["kserve/inference-service.yaml"]["spec"]["predictor"].update(minReplica=1),
    ),
    "a file that is not listed": (AGREEMENT, lambda d: d["monitoring/kustomization.yaml"]["resources"].pop()),
    "another label of pods": (
        AGREEMENT,
        lambda d: d["monitoring/pod-monitor.yaml"]["spec"]["selector"]["matchLabels"].update({"app.kubernetes.io/name": "x"}),
    ),
    "another port name": (
        AGREEMENT,
        lambda d: d["monitoring/pod-monitor.yaml"]["spec"]["podMetricsEndpoints"][0].update(port="metrics"),
    ),
    "another job": (AGREEMENT, lambda d: change_rule(d, "DropoutServiceReplicaDown", "dropout-service", "dropoutd")),
    "another runtime": (
        AGREEMENT,
        lambda d: d["kserve/inference-service.yaml"]["spec"]["predictor"]["model"].update(runtime="x"),
    ),
    "another protocol": (
        AGREEMENT,
        lambda d: d["kserve/inference-service.yaml"]["spec"]["predictor"]["model"].update(protocolVersion="v1"),
    ),
    "another limit than the deployment's": (
        AGREEMENT,
        lambda d: runtime(d)["containers"][0]["resources"]["limits"].update(memory="1Gi"),
    ),
    "a metric that is not there": (
        QUERY,
        lambda d: change_rule(d, "DropoutServiceFault", "dropout_http_requests", "dropout_requests"),
    ),
    "a label that is not there": (QUERY, lambda d: change_rule(d, "DropoutServiceRefuses", "reason=~", "cause=~")),
    "a value that is not there": (QUERY, lambda d: change_rule(d, "DropoutServiceRefuses", "queue_full", "queue")),
    "a group by a label that is not there": (
        QUERY,
        lambda d: change_rule(d, "DropoutServiceRefuses", "namespace, reason", "cause"),
    ),
    "a text with a label that the alert lacks": (
        QUERY,
        lambda d: rule(d, "DropoutServiceQueueSlow")["annotations"].update(summary="{{ $labels.pod }}"),
    ),
    "a panel with a metric that is not there": (QUERY, lambda d: change_query(d, "up{", "upp{")),
    "a panel with a variable that is not there": (QUERY, lambda d: change_query(d, "$namespace", "$space")),
    "another threshold": (PROMTOOL, lambda d: change_rule(d, "DropoutServiceQueueSlow", "> 1", "> 10")),
    "an alert without a wait": (PROMTOOL, lambda d: rule(d, "DropoutServiceRefuses").pop("for")),
    "a query that is cut": (PROMTOOL, lambda d: change_query(d, ")", "")),
}


def blind(documents, page, promtool):
    see = {
        MODEL: model_faults,
        AGREEMENT: agreement_faults,
        QUERY: lambda mistaken: query_faults(mistaken, page),
        PROMTOOL: lambda mistaken: promtool_faults(mistaken, promtool),
    }
    lines = []
    for name, (where, make) in MISTAKES.items():
        mistaken = copy.deepcopy(documents)
        make(mistaken)
        lines += check(mistaken != documents, f"{name} changes nothing")
        lines += check(see[where](mistaken), f"the checks do not see {name}")
    return lines


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, promtool = map(os.path.abspath, sys.argv[1:])
    documents = read()
    page = page_of(program)
    lines = model_faults(documents) + agreement_faults(documents) + query_faults(documents, page)
    lines += promtool_faults(documents, promtool) + program_faults(documents, program)
    if not lines:
        lines = blind(documents, page, promtool)
    for line in lines:
        print(line)
    own = [name for name in documents if not name.startswith("kubernetes/")]
    print(f"{len(own)} files, {len(page.values)} series, {len(MISTAKES)} planted mistakes: {len(lines)} wrong")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
