"""Validates resources against the models of three Python packages, which by themselves let unknown names pass.

The schemas of these resources come with a cluster. Here models take their place: the SDK of KServe with the
client of Kubernetes, cloudcoil's models of the Prometheus Operator, and the SDK of Grafana.
"""

import importlib
import importlib.util
import json
import re
import sys
import types

# The types of the generator that are no objects.
LEAVES = {"str": str, "int": int, "bool": bool, "object": object, "IntOrString": (int, str), "ResourceQuantity": (int, str)}


def unknown(before, after, path=""):
    """What a model has lost or changed between reading and writing, a line each. It ignores names that it does not know."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            if name not in after:
                yield f"{path}/{name} is not known"
            else:
                yield from unknown(value, after[name], f"{path}/{name}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after)):
            yield from unknown(one, other, f"{path}/{index}")
    elif before != after:
        yield f"{path} is {before!r}; the model reads {after!r}"


def operator_faults(document):
    """What is wrong with a PodMonitor or a PrometheusRule."""
    import cloudcoil.models.prometheus_operator.v1 as operator
    import pydantic

    try:
        model = getattr(operator, document["kind"]).model_validate(document)
    except pydantic.ValidationError as error:
        return [f"/{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
    return list(unknown(document, json.loads(model.model_dump_json(by_alias=True, exclude_unset=True))))


def dashboard_faults(dashboard):
    """What is wrong with a dashboard of Grafana."""
    from grafana_foundation_sdk.cog import plugins
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.runtime import Runtime
    from grafana_foundation_sdk.models.dashboard import Dashboard

    plugins.register_default_plugins()
    faults = [
        f"/panels/{index}/type: {panel['type']} is not known"
        for index, panel in enumerate(dashboard["panels"])
        # A model of an unknown kind of panel keeps every name.
        if panel["type"] != "row" and Runtime().panelcfg_config(panel["type"]) is None
    ]
    try:
        read = Dashboard.from_json(dashboard)
    except (KeyError, TypeError, ValueError) as error:
        return [*faults, f"the model does not read it: {error!r}"]
    return faults + list(unknown(dashboard, json.loads(JSONEncoder().encode(read))))


def kserve_faults(document):
    """What is wrong with a ServingRuntime or an InferenceService."""
    kind, version = document["kind"], document["apiVersion"].rpartition("/")[2]
    return list(KServe().faults(document, f"{version.capitalize()}{kind}", ""))


class KServe:
    """Walks through a document beside the classes that openapi-generator made, each with its fields and their types."""

    def __init__(self):
        if "kserve" not in sys.modules:
            # The package's own first module imports its server, which is large and not needed.
            package = types.ModuleType("kserve")
            package.__path__ = list(importlib.util.find_spec("kserve").submodule_search_locations)
            sys.modules["kserve"] = package
        self.modules = [importlib.import_module(name) for name in ("kserve.models", "kubernetes.client.models")]

    def faults(self, value, kind, path):
        """Yields a line for each unknown name, wrong type and missing field; `kind` is a type in the words of the generator."""
        if found := re.fullmatch(r"[lL]ist\[(.+)\]", kind):
            if not isinstance(value, list):
                yield f"{path}: a list expected"
                return
            for index, item in enumerate(value):
                yield from self.faults(item, found[1], f"{path}/{index}")
        elif found := re.fullmatch(r"dict\(str, (.+)\)|Dict\[str, (.+)\]", kind):
            if not isinstance(value, dict):
                yield f"{path}: an object expected"
                return
            for name, item in value.items():
                yield from self.faults(item, found[1] or found[2], f"{path}/{name}")
        elif kind in LEAVES:
            # For Python a truth value is a number.
            if not isinstance(value, LEAVES[kind]) or (isinstance(value, bool) and kind not in ("bool", "object")):
                yield f"{path}: {value!r} is not of type {kind}"
        else:
            yield from self.object_faults(value, kind, path)

    def object_faults(self, value, kind, path):
        model = next((getattr(module, kind) for module in self.modules if hasattr(module, kind)), None)
        if model is None:
            yield f"{path}: the packages have no model of {kind}"
            return
        if not isinstance(value, dict):
            yield f"{path}: an object expected"
            return
        attributes = {name: attribute for attribute, name in model.attribute_map.items()}
        for name, item in value.items():
            if name not in attributes:
                yield f"{path}/{name} is not known"
            else:
                yield from self.faults(item, model.openapi_types[attributes[name]], f"{path}/{name}")
        try:
            # The setters of required fields refuse nothing in their place.
            model(**{attributes[name]: item for name, item in value.items() if name in attributes})
        except ValueError as error:
            yield f"{path}: {error}"
