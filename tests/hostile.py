"""Gives the plumbline binary input that is broken or hostile, each with a time limit.

  hostile.py PLUMBLINE

Whatever comes, the program ends by itself within the limit, with the exit code that is named beside the
input, and says on standard error where and what is wrong; it is never killed by a signal, and never says
nothing. Documents in which a field has a wrong type must be told, unless the field is listed as one that
the program does not read.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import cli  # noqa: E402

TIME_LIMIT = 60  # seconds of a busy machine; the slowest takes 2 on an idle one
MEMORY_LIMIT = 4 << 20  # KiB of address space, so that a bomb fails here and not the machine
DEEP = 100_000

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1", "namespace": "shop"}}
PLUGIN = """apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: a, namespace: shop}
spec:
  url: oci://registry.example.com/a:v1
"""


def alias_bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    return "\n".join(lines) + "\n"


# Name of the file, its bytes, the exit codes that are right, and what standard error must tell.
BAD_FILES = [
    ("empty.yaml", b"", {65}, "empty.yaml: error: the file is empty"),
    ("blank.yaml", b" \n\t\n", {65}, "blank.yaml: error: the file is empty"),
    ("comment.yaml", b"# nothing\n", {0}, ""),
    ("binary.yaml", bytes(range(256)) * 64, {65}, "binary.yaml: error: is a binary file"),
    ("elf.json", b"\x7fELF\x02\x01\x01\x00" * 9, {65}, "elf.json: error: is a binary file"),
    ("nul.yaml", b"kind: Pod\n" + b"# " + b"x" * 9000 + b"\n\x00\n", {65}, "nul.yaml:3:1: error:"),
    ("nul.json", b'{"kind": "Po' + b" " * 9000 + b'\x00d"}', {65}, "nul.json:1:"),
    ("utf-8.yaml", b"kind: Pod\nmetadata: {name: \xff\xfe}\n", {65}, "utf-8.yaml:2:18: error:"),
    ("overlong.yaml", b"kind: \xc0\xaf\n", {65}, "overlong.yaml:1:7: error:"),
    ("surrogate.yaml", b"kind: \xed\xa0\x80\n", {65}, "surrogate.yaml:1:7: error:"),
    ("utf-8.json", b'{"kind": "\xff"}', {65}, "utf-8.json:1:"),
    ("utf-16.yaml", "kind: Pod\n".encode("utf-16"), {65}, "utf-16.yaml: error: is UTF-16 text"),
    ("escape.yaml", b'kind: "\\x1b[31m"\napiVersion: v1\n', {0}, ""),
    ("bomb.yaml", alias_bomb().encode(), {65}, "excessive aliasing"),
    ("self.yaml", b"a: &a [*a]\n", {65}, "self.yaml:1:"),
    ("merge.yaml", b"a: &a {<<: *a}\n", {65}, "merge.yaml:1:"),
    ("twice.yaml", PLUGIN.encode() + b"  priority: 1\n  priority: 2\n", {0},
     'twice.yaml:7:3: warning: key "priority" is set twice'),
    ("twice.json", b'{"apiVersion":"v1","kind":"Pod","kind":"Pod","metadata":{"name":"a","namespace":"b"}}',
     {0}, 'warning: key "kind" is set twice'),
    ("joined.yaml", PLUGIN.encode() * 2, {0}, 'joined.yaml:6:1: warning: key "apiVersion" is set twice'),
    ("deep-list.yaml", b"[" * DEEP, {65}, "deep-list.yaml:1:"),
    ("deep-closed-list.yaml", b"[" * DEEP + b"]" * DEEP, {65}, "exceeded max depth of 10000"),
    ("deep-map.yaml", b"{a: " * DEEP, {65}, "deep-map.yaml:1:"),
    ("deep-dashes.yaml", b"- " * DEEP + b"x\n", {65}, "deep-dashes.yaml:1:"),
    ("deep-keys.yaml", b"? " * DEEP + b"x\n", {65}, "deep-keys.yaml:1:"),
    ("deep-indent.yaml", b"".join(b" " * i + b"a:\n" for i in range(11_000)), {65}, "max depth"),
    ("deep-quotes.yaml", b"'" * DEEP, {65}, "deep-quotes.yaml:1:"),
    ("deep-anchors.yaml", b"&a " * DEEP + b"x\n", {0}, "deep-anchors.yaml:1:4: warning:"),
    ("deep-list.json", b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}", {65}, "deep-list.json:1:"),
    ("deep-map.json", b'{"a":' * DEEP, {65}, "deep-map.json:1:"),
    ("deep-items.json", b'{"kind":"List","items":[' * DEEP, {65}, "deep-items.json:1:"),
    ("deep-config.yaml", PLUGIN.encode() + b"  pluginConfig: " + b"[" * 9000 + b"]" * 9000 + b"\n", {65}, "deep-config.yaml:"),
    ("huge-number.json", b'{"a": 1e999999999}', {65}, "too large for a double"),
    ("digits.json", b'{"a": ' + b"9" * 1_000_000 + b"}", {65}, "digits.json:1:"),
    ("tag.yaml", b"kind: !!python/object/apply:os.system [id]\n", {65, 0}, ""),
    ("directive.yaml", b"%YAML 9.9\n---\nkind: Pod\n", {65}, "directive.yaml:1:"),
    ("long-line.yaml", b"kind: " + b"x" * 5_000_000 + b"\n", {65}, "long-line.yaml:1:1: error"),
    ("many.yaml", b"---\n" * 200_000 + b"kind: [\n", {65}, "many.yaml:200002:"),
    ("scalar.yaml", b"just words\n", {65}, "scalar.yaml:1:1: error:"),
    ("list.yaml", b"- a\n- b\n", {65}, "list.yaml:1:1: error:"),
    ("number.json", b"17", {65}, "number.json:1:1: error:"),
    ("html.yaml", b"<html><body>502 Bad Gateway</body></html>\n", {65}, "html.yaml:1:1: error:"),
]

# Documents whose every value is put in another type.
MANIFESTS = [
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "web-1", "namespace": "shop", "labels": {"app": "web"},
                  "annotations": {"sidecar.istio.io/inject": "true"},
                  "ownerReferences": [{"kind": "ReplicaSet", "name": "web"}]},
     "spec": {"hostNetwork": False, "containers": [{"name": "istio-proxy"}],
              "initContainers": [{"name": "init"}]},
     "status": {"phase": "Running", "podIP": "10.0.0.1"}},
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "db", "namespace": "shop"},
     "spec": {"template": {"metadata": {"labels": {"app": "db"}, "annotations": {"a": "b"}},
                           "spec": {"containers": [{"name": "istio-proxy"}]}}}},
    {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "cron", "namespace": "shop"},
     "spec": {"jobTemplate": {"spec": {"template": {"metadata": {"labels": {"app": "cron"}}}}}}},
    {"apiVersion": "networking.istio.io/v1", "kind": "WorkloadEntry",
     "metadata": {"name": "vm", "namespace": "shop"},
     "spec": {"address": "10.0.0.2", "labels": {"app": "vm"}}},
    {"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry",
     "metadata": {"name": "ext", "namespace": "shop"},
     "spec": {"location": "MESH_INTERNAL", "endpoints": [{"address": "10.0.0.3", "labels": {"app": "e"}}]}},
    {"apiVersion": "extensions.istio.io/v1alpha1", "kind": "WasmPlugin",
     "metadata": {"name": "a", "namespace": "shop"},
     "spec": {"selector": {"matchLabels": {"app": "web"}}, "url": "oci://registry.example.com/a:v1",
              "sha256": "", "imagePullPolicy": "Always", "imagePullSecret": "s", "verificationKey": "",
              "pluginConfig": {"a": 1}, "pluginName": "p", "phase": "AUTHN", "priority": 5,
              "failStrategy": "FAIL_OPEN", "vmConfig": {"env": [{"name": "A", "value": "b"}]},
              "match": [{"mode": "SERVER", "ports": [{"number": 80}]}], "type": "HTTP",
              "targetRefs": [{"kind": "Gateway", "group": "g", "name": "n"}]}},
    {"apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter",
     "metadata": {"name": "ef", "namespace": "shop"},
     "spec": {"workloadSelector": {"labels": {"app": "web"}}, "priority": 1,
              "configPatches": [{"applyTo": "HTTP_FILTER",
                                 "match": {"context": "SIDECAR_INBOUND"},
                                 "patch": {"operation": "INSERT_BEFORE", "value": {"name": "x"}}}]}},
    {"apiVersion": "v1", "kind": "ConfigMap",
     "metadata": {"name": "istio", "namespace": "istio-system"},
     "data": {"mesh": "rootNamespace: istio-system\n"}},
]
WRONG = [True, 5, 1.5, "x", [], {}, [[]], {"x": {}}, "9" * 400, -1, [None]]

# Where another type is no mistake: enums may be numbers (protobuf's JSON form), a configuration is free, and the program
# does not read the rest.
SILENT = {
    "EnvoyFilter /spec/configPatches/0/match/context": {"bool", "dict", "list", "number"},
    "EnvoyFilter /spec/configPatches/0/applyTo": {"number"},
    "EnvoyFilter /spec/configPatches/0/patch/operation": {"number"},
    "EnvoyFilter /spec/configPatches/0/patch/value/name": {"bool", "dict", "list", "number"},
    "EnvoyFilter /spec/priority": {"bool", "dict", "list", "str"},
    "ServiceEntry /spec/location": {"number"},
    "WasmPlugin /spec/failStrategy": {"number"},
    "WasmPlugin /spec/match/0/mode": {"number"},
    "WasmPlugin /spec/pluginConfig/a": {"bool", "dict", "list", "str"},
    "WasmPlugin /spec/type": {"number"},
}


def places(value, path=()):
    """The paths of every value within a document, itself left out."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from places(member, (*path, key))


def changed(document, path, value):
    document = copy.deepcopy(document)
    target = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return document


def shape(value):
    return "number" if type(value) in (int, float) else type(value).__name__


class Hostile:
    def __init__(self, plumbline):
        self.bench = cli.Bench(plumbline)
        self.folder = tempfile.TemporaryDirectory()
        self.at = Path(self.folder.name)
        self.problems = []

    def run(self, what, command, codes, told=""):
        """Runs it, and keeps what is wrong."""
        limited = f"ulimit -v {MEMORY_LIMIT}; {command}"
        try:
            ran = subprocess.run(["sh", "-c", limited], cwd=self.at, env=self.bench.environment(),
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self.problems.append(f"{what}: no end after {TIME_LIMIT} s")
            return ""
        out, err = ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace")
        if ran.returncode not in codes:
            self.problems.append(f"{what}: exit {ran.returncode}, not {sorted(codes)}: {err[:300]}")
        if told not in err + out:  # expect and plugins list refused plugins among what they print
            self.problems.append(f"{what}: does not tell '{told}': {err[:300]}")
        if ran.returncode >= 64 and ": error: " not in err and " refused" not in out and "error " not in out:
            self.problems.append(f"{what}: says nothing")
        if "internal error" in err or "out of memory" in err:
            self.problems.append(f"{what}: {err[:300]}")
        if "\x1b" in out + err or "\0" in out + err:
            self.problems.append(f"{what}: control characters go to the terminal")
        for line in err.splitlines():
            if len(line) > 2000:
                self.problems.append(f"{what}: a line of {len(line)} characters: {line[:200]}")
                break
        return err

    def write(self, name, data):
        (self.at / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def bad_files(self):
        self.write("good.yaml", PLUGIN)
        for name, data, codes, told in BAD_FILES:
            self.write(name, data)
            self.run(f"expect {name}", f"plumbline expect {name}", codes, told)
            # A good file beside it is read all the same.
            self.run(f"plugins {name}", f"plumbline plugins good.yaml {name} -n shop | grep -q registry",
                     {0})
            # As a dump, as a golden file's neighbour and from standard input it does no harm either.
            self.run(f"check {name}", f"plumbline check good.yaml --against {name}", {65}, name)
            self.run(f"stdin {name}", f"plumbline lint - < {name}", codes | {1}, "")

    def odd_entries(self):
        here = self.at
        os.mkfifo(here / "pipe.yaml")
        (here / "folder.yaml").mkdir()
        (here / "loops").mkdir()
        (here / "loops/loop.yaml").symlink_to("loop.yaml")
        (here / "dangling").mkdir()
        (here / "dangling/gone.json").symlink_to("nowhere")
        (here / "dangling/good.yaml").write_text(PLUGIN)
        (here / "pipes").mkdir()
        os.mkfifo(here / "pipes/pipe.json")
        (here / "circle/in").mkdir(parents=True)
        (here / "circle/in/up").symlink_to("..")
        (here / "circle/good.yaml").write_text(PLUGIN)
        for command, codes, told in (
                ("plumbline expect pipe.yaml", {65, 74}, "pipe.yaml: error"),
                ("plumbline expect folder.yaml", {65}, "folder.yaml: error: the directory holds no manifest"),
                ("plumbline expect loops", {74}, "loops/loop.yaml: error: cannot be read"),
                ("plumbline expect loops/loop.yaml", {74}, "loops/loop.yaml: error: cannot be read"),
                ("plumbline expect dangling", {74}, "dangling/gone.json: error: cannot be read"),
                ("plumbline expect pipes", {74}, "pipes/pipe.json: error: cannot be read"),
                ("plumbline plugins circle", {0}, ""),
                ("plumbline expect /dev/null", {65}, "/dev/null: error: the file is empty"),
                ("plumbline expect ''", {74}, "error"),
                ("plumbline expect good.yaml/x", {74}, "good.yaml/x: error: cannot be read"),
                ("plumbline check good.yaml --against loops", {74}, "loops/loop.yaml: error"),
                ("plumbline check good.yaml --against loops/loop.yaml", {74}, "loops/loop.yaml: error"),
                ("plumbline check good.yaml --against dangling", {74}, "dangling/gone.json: error"),
                ("plumbline check good.yaml --against a/b=loops/loop.yaml", {74}, "loops/loop.yaml: error"),
                ("plumbline check good.yaml --against pipes", {3}, "1 file is no dump"),
                ("plumbline check good.yaml --against pipe.yaml", {65, 74}, "pipe.yaml"),
                ("plumbline check good.yaml --against circle", {3}, "no dump"),
                ("plumbline check good.yaml --against good.yaml --junit loops/loop.yaml", {74}, "loops/loop.yaml: error"),
                ("plumbline run loops", {74}, "loops/loop.yaml: error"),
                ("plumbline run loops/loop.yaml", {74}, "loops/loop.yaml: error"),
                ("plumbline run dangling", {74}, "dangling/gone.json"),
                ("plumbline run pipes", {74, 3, 65}, "pipes"),
                ("plumbline run pipe.yaml", {65, 74, 3}, "pipe.yaml"),
                ("plumbline run --against a=loops/loop.yaml", {74}, "loops/loop.yaml: error"),
                ("plumbline run --against a=gone", {74}, "gone: error"),
                ("plumbline bless loops", {74}, "loops/loop.yaml: error"),
                ("plumbline clauses loops", {74}, "loops/loop.yaml: error")):
            self.run(command, command, codes, told)

    def large_files(self):
        with open(self.at / "large.json", "wb") as file:
            file.write(b'{"apiVersion":"v1","kind":"List","items":[\n')
            item = (b'{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"x":"'
                    + b"A" * 100_000 + b'"}},\n')
            for _ in range(2000):
                file.write(item)
            file.write(json.dumps(POD).encode() + b"]}\n")
        self.run("a List of 200 MB", "plumbline expect large.json | grep -q shop/web-1", {0})
        with open(self.at / "large.json", "r+b") as file:
            file.truncate(199_000_000)
        self.run("a List of 200 MB, cut off", "plumbline expect large.json", {65}, "large.json:")
        self.run("200 MB as a dump", "plumbline check good.yaml --against large.json", {65}, "large.json")
        with open(self.at / "large.json", "wb") as file:
            for _ in range(200):
                file.write(b"x" * 1_000_000)
        self.run("200 MB of one letter", "plumbline expect large.json", {65}, "large.json:1:")
        with open(self.at / "large.json", "wb") as file:
            for _ in range(200):
                file.write(b"\0" * 1_000_000)
        self.run("200 MB of NUL bytes", "plumbline expect large.json", {65}, "large.json: error")
        (self.at / "large.json").unlink()

    def truncated(self):
        yaml = (cli.CASES / "inputs/mesh/plugins.yaml").read_bytes()
        dump = (cli.CASES / "inputs/dumps/conforms.json").read_bytes()
        compact = json.dumps([json.loads(dump), POD]).encode()
        for name, data, command, codes in (
                ("cut.yaml", yaml, "plumbline expect cut.yaml", {0, 65}),
                ("cut.json", compact, "plumbline expect cut.json", {65}),
                ("cut-dump.json", dump, "plumbline check good.yaml --against cut-dump.json", {65})):
            for end in range(0, len(data) - 2, max(1, len(data) // 40)):
                self.write(name, data[:end])
                self.run(f"{name} of {end} bytes", command, codes)

    def wrong_types(self):
        """A document for each place and value; each is told, or is in SILENT."""
        silent = {}
        for number, document in enumerate(MANIFESTS):
            made = [(path, value) for path in places(document) for value in WRONG
                    if shape(value) != shape(self.value_at(document, path))]
            text, lines, line = [], [], 1
            for path, value in made:
                one = changed(document, path, value)
                # Each has a name of its own: of one name given twice, the last alone counts.
                if path[:1] != ("metadata",) or path[1:2] not in ((), ("name",)):
                    one["metadata"]["name"] += f"-{len(text)}"
                one = json.dumps(one, indent=1) + "\n"
                lines.append((line, line + one.count("\n")))
                text.append(one)
                line += one.count("\n") + 1
            self.write("wrong.yaml", "---\n".join(text))
            for command in ("expect", "plugins -o json", "lint", "lint -o json --validate=strict"):
                said = self.run(f"{document['kind']} of wrong types, {command}",
                                f"plumbline {command} wrong.yaml", {65, 0, 1})
                if command != "expect":
                    continue
                told = {int(l.split(":")[1]) for l in said.splitlines()
                        if l.startswith("wrong.yaml:") and ": error: " in l}
                refused = self.refused_lines()
                for (path, value), (first, last) in zip(made, lines):
                    if not any(first <= l <= last for l in told | refused):
                        where = f"{document['kind']} /{'/'.join(str(p) for p in path)}"
                        silent.setdefault(where, set()).add(shape(value))
        for where in sorted(silent.keys() | SILENT.keys()):
            if silent.get(where, set()) != SILENT.get(where, set()):
                self.problems.append(f"{where} of a wrong type is silent for {silent.get(where)}, "
                                     f"and the test names {SILENT.get(where)}")

    def refused_lines(self):
        ran = subprocess.run([str(self.bench.plumbline), "plugins", "wrong.yaml", "-o", "json"],
                             cwd=self.at, capture_output=True, timeout=TIME_LIMIT)
        return {one["line"] for one in json.loads(ran.stdout)["refused"]}

    @staticmethod
    def value_at(document, path):
        for key in path:
            document = document[key]
        return document


def main(words):
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 64
    hostile = Hostile(words[0])
    hostile.bad_files()
    hostile.odd_entries()
    hostile.truncated()
    hostile.large_files()
    hostile.wrong_types()
    for problem in hostile.problems:
        print(problem, file=sys.stderr)
    return 1 if hostile.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
