"""The clients: how each is generated, compiled and started.

Each function makes a client in a folder and returns the command that asks a server with it. A warning of a generator is an error,
unless it is one of `KNOWN`.
"""

import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys

from document import ROOT, as_3_0_3, contract

HERE = pathlib.Path(__file__).resolve().parent
CONTRACT = str(ROOT / "openapi.yaml")
# What openapi-generator says of every document in OpenAPI 3.1, and of every schema that is not an object.
KNOWN = ("OpenAPI 3.1 support is still in beta", "Failed to get the schema name: null")


class Wrong(Exception):
    """A generator or a compiler was not content."""


def run(*command, cwd=None):
    """The output of a command, which must end with 0."""
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600)
    if result.returncode:
        raise Wrong(f"{command[0]} ended with {result.returncode}:\n{(result.stdout + result.stderr)[-4000:]}")
    return result.stdout + result.stderr


def openapi_python_client(folder):
    program = pathlib.Path(sys.executable).with_name("openapi-python-client")
    options = ["--config", HERE / "openapi-python-client.yaml", "--meta", "none"]
    output = run(program, "generate", "--path", CONTRACT, *options, "--output-path", folder / "dropout_service_client")
    if "warning" in output.lower():
        raise Wrong(output[-4000:])
    return [sys.executable, HERE / "python" / "openapi_python_client.py", folder]


def python(folder):
    generate("python", CONTRACT, folder)
    return [sys.executable, HERE / "python" / "openapi_generator.py", folder]


def typescript(folder):
    # Without this it imports the model of a form and does not write it.
    generate("typescript-fetch", CONTRACT, folder, "--global-property", "skipFormModel=false")
    shutil.copy(HERE / "typescript" / "ask.ts", folder)
    strictness = ["--strict", "--noImplicitAny", "false"]
    target = ["--target", "es2020", "--lib", "es2020,dom", "--module", "commonjs", "--moduleResolution", "node"]
    run("tsc", *strictness, *target, "--outDir", "built", "index.ts", "ask.ts", cwd=folder)
    return ["node", folder / "built" / "ask.js"]


def go(folder):
    module = ["--git-host", "example.com", "--git-user-id", "dropout", "--git-repo-id", "service"]
    generate("go", CONTRACT, folder, *module, "--additional-properties=enumClassPrefix=true")
    # The generated tests need modules from outside.
    shutil.rmtree(folder / "test", ignore_errors=True)
    (folder / "ask").mkdir()
    shutil.copy(HERE / "go" / "ask.go", folder / "ask")
    run("go", "build", "-o", "built/", "./...", cwd=folder)
    return [folder / "built" / "ask"]


def java(folder):
    document = folder.with_suffix(".json")
    document.write_text(json.dumps(as_3_0_3(contract())))
    options = "openApiNullable=false,useSingleRequestParameter=true,hideGenerationTimestamp=true"
    generate("java", document, folder, "--library", "native", f"--additional-properties={options}")
    # The generator's own archive has Jackson.
    path = pathlib.Path(importlib.util.find_spec("openapi_generator_cli").origin).with_name("openapi-generator.jar")
    sources = [*(folder / "src" / "main").rglob("*.java"), *(HERE / "java").rglob("*.java")]
    run("javac", "-nowarn", "-cp", path, "-d", folder / "built", *sources)
    return ["java", "-cp", f"{folder / 'built'}:{path}", "Ask"]


def generate(name, document, folder, *options):
    program = pathlib.Path(sys.executable).with_name("openapi-generator-cli")
    output = run(program, "generate", "-g", name, "-i", document, "-o", folder, *options)
    wrong = [line for line in output.split("\n") if (" WARN " in line or " ERROR " in line) and not any(k in line for k in KNOWN)]
    if wrong:
        raise Wrong("\n".join(wrong))


ALL = [openapi_python_client, python, typescript, go, java]
