"""Runs the plumbline binary as a person does, and compares the whole of what it says.

  cli.py PLUMBLINE              runs every case, and what no case can say (terminals, signals, pipes)
  cli.py PLUMBLINE NAME...      runs the cases of these names only
  cli.py PLUMBLINE --update [NAME...]
                                rewrites expectations, showing the difference: read it before you
                                commit it; refused where the environment variable CI is set
  cli.py --self-test            proves that the checks bite

A case is a folder of tests/cli/ with a file `command`, run by sh in a fresh folder that holds copies
of tests/cli/inputs/ and of what else stands in the case's folder. It must print exactly the files
`stdout` and `stderr` (nothing where there is none) and end with the code in `exit`. Of every output it
is checked, too, that no line ends in a blank, that nothing is coloured, and that JSON holds to its
schema and to the contract below.
"""

import difflib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import schemas  # noqa: E402

HERE = Path(__file__).parent
ROOT = HERE.parent
CASES = HERE / "cli"
EXPECTATIONS = ("stdout", "stderr", "exit")
TIME_LIMIT = 60  # seconds; a case takes milliseconds, but a machine may be busy

# The contract of machine output: the keys that stay, whatever else is added.
ENVELOPE = {"apiVersion", "kind", "profile"}
CHANGES = {
    "": {"before", "after", "summary", "causes", "edits", "notices", "remarks", "notModelled"},
    "summary": {"workloads", "changed", "notModelled"},
    "causes": {"title", "rules", "changes"},
    "causes.changes": {"what", "workloads", "chains"},
    "causes.changes.chains": {"listeners", "before", "after"},
    "edits": {"plugins", "obstacle", "priorities"},
    "edits.priorities": {"plugin", "before", "after", "where"},
    "notices": {"code", "title", "rules", "lines", "workloads"},
}
CONTRACT = {
    "Upgrade": CHANGES,
    "Diff": CHANGES,
    "Expectation": {
        "": {"rootNamespace", "rootNamespaceFrom", "workloads"},
        "workloads": {"namespace", "name", "kind", "proxy", "verdict", "chains"},
        "workloads.chains": {"direction", "filters"},
        "workloads.chains.open": {"plugin", "clause"},
        "workloads.excluded": {"plugin", "reason", "clause"},
    },
    "Plugins": {
        "": {"plugins", "refused"},
        "plugins": {"namespace", "name", "phase", "priority", "url", "workloads"},
        "refused": {"file", "line", "column", "reason"},
    },
    "Report": {
        "": {"implementation", "version", "results", "summary"},
        "results": {"scenario", "workload", "verdict", "reason", "chains", "differences"},
        "results.differences": {"kind", "level", "plugins", "filters", "clauses", "listener",
                                "pointer", "expected", "actual", "reason"},
        "summary": {"conforms", "differs", "notModelled", "error", "badScenario"},
    },
    "Explanation": {
        "": {"rootNamespace", "rootNamespaceFrom", "workload", "verdict", "plugins", "order"},
        "plugins": {"plugin", "standing", "reason", "file", "line", "column"},
        "order": {"before", "after"},
    },
    "Findings": {"": {"findings"}, "findings": {"file", "line", "column", "problem", "hint", "clause"}},
    "Clauses": {"": {"clauses", "uncovered"}, "clauses": {"id", "level", "text", "quote", "scenarios"}},
    "Versions": {"": {"workload", "documented", "versions", "names"}, "versions": {"from", "to", "verdict", "chains", "changes"}},
    "Profiles": {"": {"profiles"}, "profiles": {"name", "since"},
                 "profiles.changes": {"effect", "after", "before"},
                 "profiles.rules": {"rule", "about", "sentence", "source"}},
}


def values_at(document, path):
    """The objects at a dotted path; lists on the way are walked."""
    values = [document]
    for key in path.split(".") if path else []:
        values = [v.get(key) for v in values if isinstance(v, dict)]
        values = [w for v in values for w in (v if isinstance(v, list) else [v]) if w is not None]
    return [value for value in values if isinstance(value, dict)]


# Under the documented profile, beside those of CONTRACT; and under Istio's.
CONTRACT_DOCUMENTED = {
    "Expectation": {"workloads": {"excluded"}, "workloads.chains": {"ties", "open"}},
    "Plugins": {
        "": {"skipped"},
        "plugins": {"namespaceGiven", "selector", "sha256", "imagePullPolicy", "imagePullSecret", "verificationKey",
                    "pluginName", "pluginConfig", "module"},
        "plugins.module": {"source", "reference", "pullPolicy", "pullPolicyReason"},
        "refused": {"namespace", "name", "clause"},
    },
    "Explanation": {"": {"clauses"}, "plugins": {"clause"}, "order": {"tied", "clauses"}},
}
CONTRACT_ISTIO = {
    "Expectation": {"": {"rules", "assumptions", "discarded", "refused"}, "workloads.chains": {"class"},
                    "workloads.chains.filters": {"filter"}},
}


def contract_problems(document):
    kind = document.get("kind")
    if kind not in CONTRACT:
        yield f"kind {kind!r} is not in the contract"
        return
    more = CONTRACT_DOCUMENTED if document.get("profile") == "documented" else CONTRACT_ISTIO
    for contract in (CONTRACT, more):
        for path, keys in contract.get(kind, {}).items():
            for value in values_at(document, path):
                missing = (keys | (set() if path else ENVELOPE)) - set(value)
                if missing:
                    yield f"{kind} {path or '(top)'} lacks {', '.join(sorted(missing))}"


def json_problems(text):
    """Of an output that is one JSON document; other outputs have none."""
    if not text.startswith("{"):
        return
    try:
        document = json.loads(text)
    except ValueError as error:
        yield f"starts as JSON and is none: {error}"
        return
    if "kind" not in document:
        return
    yield from contract_problems(document)
    yield from (f"schema: {problem}" for problem in schemas.output_problems(ROOT, document))


def text_problems(name, text):
    if "\x1b" in text:
        yield f"{name} is coloured, though it is no terminal"
    if text and not text.endswith("\n"):
        yield f"{name} does not end its last line"
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield f"{name}:{number} ends in a blank"


class Bench:
    """Where the binary stands, and how it is run."""

    def __init__(self, plumbline):
        self.plumbline = Path(plumbline).resolve()
        self.bin = tempfile.TemporaryDirectory()
        (Path(self.bin.name) / "plumbline").symlink_to(self.plumbline)

    def environment(self, **more):
        return {"PATH": f"{self.bin.name}:/usr/bin:/bin", "LC_ALL": "C", "TERM": "xterm", **more}

    def sh(self, command, folder):
        """Exit code, standard output, standard error."""
        ran = subprocess.run(["sh", "-c", command], cwd=folder, env=self.environment(),
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT)
        return (ran.returncode, ran.stdout.decode("utf-8", "backslashreplace"),
                ran.stderr.decode("utf-8", "backslashreplace"))

    def run_case(self, case):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(CASES / "inputs", folder, dirs_exist_ok=True, symlinks=True)
            shutil.copytree(case, folder, dirs_exist_ok=True, symlinks=True,
                            ignore=shutil.ignore_patterns("command", *EXPECTATIONS))
            try:
                code, out, err = self.sh((case / "command").read_text(), folder)
            except subprocess.TimeoutExpired:
                return {"stdout": "", "stderr": f"no end after {TIME_LIMIT} s\n", "exit": "none\n"}
        return {"stdout": out, "stderr": err, "exit": f"{code}\n"}


def expected_of(case):
    return {name: (case / name).read_text() if (case / name).exists() else ""
            for name in EXPECTATIONS}


def difference(name, wanted, got):
    return "\n".join(difflib.unified_diff(wanted.splitlines(), got.splitlines(), f"{name} expected",
                                          f"{name} printed", lineterm="", n=2))


def case_problems(case, bench):
    wanted, got = expected_of(case), bench.run_case(case)
    for name in EXPECTATIONS:
        if wanted[name] != got[name]:
            yield difference(name, wanted[name], got[name])
    for name in ("stdout", "stderr"):
        yield from text_problems(name, got[name])
    yield from json_problems(got["stdout"])


def update(case, bench):
    wanted, got = expected_of(case), bench.run_case(case)
    for name in EXPECTATIONS:
        if wanted[name] == got[name] and (case / name).exists() == bool(got[name]):
            continue
        print(f"{case.name}:\n{difference(name, wanted[name], got[name])}")
        if got[name]:
            (case / name).write_text(got[name])
        else:
            (case / name).unlink(missing_ok=True)


# What no case can say.

def at_a_terminal(bench, words, folder, **environment):
    """What a terminal gets of standard output and standard error, and the exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe("plumbline", ["plumbline", *words], bench.environment(**environment))
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(terminal)
    return said.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def colour_problems(bench):
    inputs = CASES / "inputs"
    for words in (["expect", "mesh"], ["check", "mesh", "--against", "dumps/differs.json"],
                  ["explain", "mesh", "-w", "shop/web-1"], ["lint", "mesh"]):
        if "\x1b[" not in at_a_terminal(bench, words, inputs)[0]:
            yield f"{words[0]} has no colours at a terminal"
        for how, more, environment in (("--no-color", ["--no-color"], {}),
                                       ("NO_COLOR", [], {"NO_COLOR": "1"}),
                                       ("TERM=dumb", [], {"TERM": "dumb"})):
            if "\x1b" in at_a_terminal(bench, [*words, *more], inputs, **environment)[0]:
                yield f"{words[0]} has colours at a terminal in spite of {how}"
    if "\x1b[" not in at_a_terminal(bench, ["expect", "mesh"], inputs, NO_COLOR="")[0]:
        yield "an empty NO_COLOR takes the colours away; by its convention it is as if unset"


def interrupt_problems(bench):
    """A command that waits for its standard input ends with 130 at once."""
    process = subprocess.Popen(["plumbline", "expect", "-"], env=bench.environment(),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"kind: List\n")
    process.stdin.flush()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        yield "SIGINT does not end it"
        return
    if (process.returncode, out, err) != (130, b"", b""):
        yield f"SIGINT ends it with {process.returncode}, {out}, {err}"


def closed_output_problems(bench):
    told = "plumbline: the output could not be written\n"
    inputs = CASES / "inputs"
    for command in ("plumbline expect mesh", "plumbline expect mesh -o json", "plumbline --help",
                    "plumbline plugins mesh", "plumbline check mesh --against dumps/conforms.json",
                    "plumbline expect --help"):
        for how, words in (("closed", f"exec {command} >&-"), ("full", f"exec {command} >/dev/full")):
            got = bench.sh(words, inputs)
            if got != (74, "", told):
                yield f"with standard output {how}, '{command}' gives {got}"
    # A reader that goes away, as `| head -1` does, of an output that fills the pipe.
    got = bench.sh("{ plumbline clauses --help; plumbline expect big -o json; echo $? >&2; } | :",
                   big_mesh(bench))
    if got != (0, "", told + told + "74\n") and got != (0, "", told + "74\n"):
        yield f"with a reader that is gone, it gives {got}"


def big_mesh(bench):
    folder = Path(bench.bin.name) / "big-mesh"
    (folder / "big").mkdir(parents=True, exist_ok=True)
    pods = "".join(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}, namespace: shop}}\n---\n"
                   for i in range(3000))
    (folder / "big/pods.yaml").write_text(pods)
    return folder


def determinism_problems(bench):
    """The same input gives the same bytes, in any order of its files."""
    inputs = CASES / "inputs"
    for command in ("expect", "plugins", "lint"):
        once, again = (bench.sh(f"plumbline {command} mesh -o json", inputs) for _ in range(2))
        if once != again:
            yield f"{command} says something else the second time"
    forth, back = (bench.sh(f"plumbline expect {files}", inputs)
                   for files in ("mesh/plugins.yaml mesh/pods.yaml", "mesh/pods.yaml mesh/plugins.yaml"))
    if forth != back:
        yield "expect depends on the order of its files"


LIVE = (colour_problems, interrupt_problems, closed_output_problems, determinism_problems)


def self_test_problems():
    for what, found in (
            ("a colour", list(text_problems("stdout", "\x1b[1mx\n"))),
            ("a blank", list(text_problems("stdout", "x \n"))),
            ("an open line", list(text_problems("stdout", "x"))),
            ("a missing key", list(contract_problems({"kind": "Plugins", "plugins": [{}]}))),
            ("an unknown kind", list(contract_problems({"kind": "Else"}))),
            ("broken JSON", list(json_problems("{"))),
            ("a broken schema", list(json_problems('{"kind":"Report","results":5}')))):
        if not found:
            yield f"{what} is not noticed"
    if list(text_problems("stdout", "x\n\ny\n")) or list(json_problems("text\n")):
        yield "what is well is complained of"
    for kind, parts in CONTRACT.items():
        schema = ROOT / "schemas" / f"{kind.lower()}.schema.json"
        asked = set(json.loads(schema.read_text())["required"])
        if not parts[""] | ENVELOPE <= asked:
            yield f"the schema of {kind} does not ask for {sorted((parts[''] | ENVELOPE) - asked)}"


def cases_of(names):
    found = sorted(path.parent for path in CASES.glob("*/command"))
    unknown = set(names) - {case.name for case in found}
    if unknown:
        sys.exit(f"there is no case {', '.join(sorted(unknown))}")
    return [case for case in found if not names or case.name in names]


def main(words):
    if words == ["--self-test"]:
        return schemas.tell(list(self_test_problems()))
    if not words or words[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 64
    bench, names = Bench(words[0]), words[1:]
    if names[:1] == ["--update"]:
        if os.environ.get("CI"):
            print("expectations are not rewritten in CI (the environment variable CI is set)",
                  file=sys.stderr)
            return 64
        for case in cases_of(names[1:]):
            update(case, bench)
        return 0
    cases = cases_of(names)
    failed = 0
    for case in cases:
        problems = list(case_problems(case, bench))
        failed += bool(problems)
        if problems:
            print(f"{case.name}: {(case / 'command').read_text()}" + "\n".join(problems) + "\n",
                  file=sys.stderr)
    for check in () if names else LIVE:
        problems = list(check(bench))
        failed += bool(problems)
        for problem in problems:
            print(f"{check.__name__}: {problem}", file=sys.stderr)
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
