"""Checks the files of the suite: that the first document of every scenario and every golden file
holds to its schema (schemas/), and what no schema can say: that a name is the file's stem and
unique, that golden/ mirrors scenarios/ both ways, that the clauses cited exist in model/clauses.h,
that sentences are statements. What golden files say is judged by `plumbline run`, not here.

  schemas.py ROOT [--awaiting DIR]   checks the suite of the checkout ROOT; the golden files of the
                                     folder DIR are not written yet, and it fails once one is
  schemas.py ROOT --outputs FILE...  checks machine output of the commands by the schema of its kind
  schemas.py ROOT --self-test        proves of each check that it bites on a bad input

Exits 0 if all holds, 1 if not; what is wrong stands on standard error, a line each.
"""

import contextlib
import copy
import io
import json
import re
import sys
import tempfile
from pathlib import Path

import jsonschema
import yaml

CLAUSE = re.compile(r"[A-Z]{3}-[0-9]+")
FEWEST_SCENARIOS = 150  # of the whole suite: fewer mean that this looks at the wrong folder


class UniqueKeyLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys, and so would hide a workload written twice."""


def construct_mapping(loader, node):
    seen = set()
    for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"duplicate key '{key.value}'", key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


UniqueKeyLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, construct_mapping)


def load_yaml(text):
    return yaml.load(text, Loader=UniqueKeyLoader)


def first_document(text):
    """The first document that is not empty. Those behind it may hold what PyYAML refuses."""
    for part in re.split(r"(?m)^---(?=\s|$)", text):
        document = load_yaml(part)
        if document is not None:
            return document
    return None


def known_clauses(root):
    header = (root / "model/clauses.h").read_text()
    return set(re.findall(r'^\s*\{"([A-Z]{3}-[0-9]+)", Level::', header, re.MULTILINE))


def validator(root, name):
    schema = json.loads((root / "schemas" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def schema_problems(check, document):
    """One line for each place that breaks the schema, with the place as a JSON pointer."""
    for error in sorted(check.iter_errors(document), key=lambda e: [str(p) for p in e.path]):
        pointer = "".join(f"/{part}" for part in error.path)
        message = error.message if len(error.message) < 300 else error.message[:300] + "..."
        yield f"{pointer or '/'}: {message}"


def files_under(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md")


def is_recorded(path):
    """Whether a path relative to scenarios/ is that of a recorded cluster."""
    return path.parts[0] == "recorded"


def scenario_problems(path, scenario, check, clauses):
    yield from schema_problems(check, scenario)
    if not isinstance(scenario, dict):
        return
    if scenario.get("name") != path.stem:
        yield f"name '{scenario.get('name')}' is not the file's stem"
    if scenario.get("clauses") == [] and not is_recorded(path):
        yield "names no clause"
    if re.search(r"\bshould\b", str(scenario.get("sentence")), re.IGNORECASE):
        yield "the sentence says 'should': state what holds"
    if path.parts[0] == "istio" and "contradicts" not in scenario:
        yield "does not say what it contradicts"
    for key in ("clauses", "contradicts"):
        listed = scenario.get(key)
        for clause in listed if isinstance(listed, list) else []:
            if clause not in clauses:
                yield f"unknown clause {clause}"


def texts_that_cite(golden):
    """The texts of a golden file that cite clauses. References and the like may look like ids."""
    if not isinstance(golden, dict):
        return
    workloads, modules, refused = (golden.get(key) if isinstance(golden.get(key), dict) else {}
                                   for key in ("workloads", "modules", "refused"))
    yield from refused.values()
    for module in modules.values():
        yield module.get("pull") if isinstance(module, dict) else None
    for workload in workloads.values():
        if isinstance(workload, dict):
            yield workload.get("not modelled")
            for key in ("open", "excluded"):
                if isinstance(workload.get(key), dict):
                    yield from workload[key].values()


def golden_problems(golden, check, clauses):
    yield from schema_problems(check, golden)
    cited = {c for text in texts_that_cite(golden) for c in CLAUSE.findall(str(text))}
    for clause in sorted(cited - clauses):
        yield f"unknown clause {clause}"


def read(path, load):
    """The document of a file, and what is wrong with its text."""
    try:
        return load(path.read_text(encoding="utf-8")), []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, [f"cannot be read: {' '.join(str(error).split())}"]


def golden_of(scenario):
    """The golden file's path for a scenario's, both relative to their folders."""
    return scenario.with_suffix(".json") if is_recorded(scenario) else scenario


def is_of_a_version(golden, wanted):
    """Whether a golden file is one of a scenario's for Istio's versions: golden/istio/NAME/1.20.0.yaml."""
    return (golden.parent.with_suffix(".yaml") in wanted
            and re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+\.yaml", golden.name) is not None)


def suite_problems(root, fewest=FEWEST_SCENARIOS, awaiting=None):
    clauses = known_clauses(root)
    if not clauses:
        yield "model/clauses.h: holds no clause"
    scenario_check, golden_check = validator(root, "scenario"), validator(root, "golden")
    istio_check = validator(root, "istio-golden")

    found, wanted_golden, of_versions = {}, set(), set()
    for path in files_under(root / "scenarios"):
        where = path.relative_to(root)
        if path.suffix != ".yaml":
            yield f"{where}: a scenario ends with .yaml"
            continue
        if path.stem in found:
            yield f"{where}: has the name of {found[path.stem]}"
        found.setdefault(path.stem, where)
        inner = path.relative_to(root / "scenarios")
        wanted_golden.add(root / "golden" / golden_of(inner))
        scenario, unreadable = read(path, first_document)
        if isinstance(scenario, dict) and "contradicts" in scenario:
            of_versions.add(root / "golden" / inner)
        problems = unreadable or scenario_problems(inner, scenario, scenario_check, clauses)
        yield from (f"{where}: {problem}" for problem in problems)
    if len(found) < fewest:
        yield f"scenarios: only {len(found)} found"

    golden_files = set(files_under(root / "golden"))
    for path in sorted(wanted_golden - golden_files):
        if awaiting is None or root / awaiting not in path.parents:
            yield f"{path.relative_to(root)}: is missing, though its scenario stands"
    if awaiting is not None and (root / awaiting).exists():
        yield f"{awaiting}: is no longer awaited; take --awaiting away"
    for path in sorted(golden_files):
        where = path.relative_to(root)
        of_a_version = is_of_a_version(path, of_versions)
        if path not in wanted_golden and not of_a_version:
            yield f"{where}: has no scenario"
        if path.suffix == ".json":
            continue
        golden, unreadable = read(path, load_yaml)
        if of_a_version:
            problems = unreadable or schema_problems(istio_check, golden)
            yield from (f"{where}: {problem}" for problem in problems)
            continue
        problems = unreadable or golden_problems(golden, golden_check, clauses)
        yield from (f"{where}: {problem}" for problem in problems)


def output_problems(root, document):
    kinds = {"Expectation": "expectation", "Plugins": "plugins", "Report": "report",
             "Explanation": "explanation", "Findings": "findings", "Clauses": "clauses",
             "Profiles": "profiles", "Versions": "versions", "Upgrade": "upgrade",
             "Diff": "diff"}
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind not in kinds:
        return [f"/kind: '{kind}' is none of {', '.join(kinds)}"]
    name = kinds[kind]
    # Under Istio's profiles some say other things.
    if str(document.get("profile", "")).startswith("istio-") and (root / f"schemas/{name}-istio.schema.json").exists():
        name += "-istio"
    return list(schema_problems(validator(root, name), document))


# The self-test: a small suite in which all is well, and one change for each check.

GOOD_SCENARIO = """apiVersion: plumbline.dev/v1
kind: Scenario
name: a-plugin-runs
sentence: A plugin without a selector runs.
clauses: [SEL-2]
---
apiVersion: v1
kind: Pod
"""

GOOD_GOLDEN = """workloads:
  shop/web-1:
    inbound: [authn, authz, stats, shop/a, shop/b, router]
    ties:
      - [shop/a, shop/b]
    open:
      shop/c: SEL-7
    excluded:
      pay/x: SEL-5
  shop/way-1:
    not modelled: a waypoint (SEL-11)
modules:
  shop/a:
    source: oci
    reference: registry.example.com/a:v1
    pull: IfNotPresent (PUL-1)
    secret: shop/creds
refused:
  shop/bad: URL-5
  shop/worse: invalid
"""

# A scenario of Istio's versions, and the file of one of them.
ISTIO_GOLDEN = """workloads:
  shop/web-1:
    inbound http: [istio.metadata_exchange, shop/a]
    inbound http network 8080: []
    unserved: [shop/a]
  shop/way-1: {}
filterNames: {shop/a: shop.a, shop/b (TrafficExtension): shop.b}
configNames: {shop/a: shop.a}
typeUrls: {shop/a: [type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm]}
payloads:
  shop/a: {url: 'oci://a', env A: b, host env B: '', fail: FAIL_OPEN}
refused: {}
discarded: {shop/b: 'URL: spec.url is empty'}
"""

SCENARIO = "scenarios/selection/a-plugin-runs.yaml"
ISTIO_SCENARIO = "scenarios/istio/an-older-plugin-runs.yaml"
ISTIO_FILE = "golden/istio/an-older-plugin-runs/1.12.0.yaml"
GOLDEN = "golden/selection/a-plugin-runs.yaml"


def good_suite():
    recorded = GOOD_SCENARIO.replace("a-plugin-runs", "a-recorded-plugin-runs").replace(
        "clauses: [SEL-2]",
        'clauses: []\nistio: "1.16+"\nistiod: [ENABLE_QUIC_LISTENERS=true]')
    return {
        SCENARIO: GOOD_SCENARIO,
        GOLDEN: GOOD_GOLDEN,
        "scenarios/recorded/a-recorded-plugin-runs.yaml": recorded,
        "golden/recorded/a-recorded-plugin-runs.json": "{}",
        ISTIO_SCENARIO: GOOD_SCENARIO.replace("a-plugin-runs", "an-older-plugin-runs").replace(
            "[SEL-2]", "[SEL-2]\ncontradicts: [PRI-2]\nshows: [plugins, code]\n"
            'listeners: [inbound http network]\nproxyVersion: "1.20.0"'),
        "golden/istio/an-older-plugin-runs.yaml": GOOD_GOLDEN,
        ISTIO_FILE: ISTIO_GOLDEN,
    }


def changed(path, old, new):
    def change(suite):
        assert old in suite[path], f"the self-test looks for {old!r}"
        suite[path] = suite[path].replace(old, new)
    return change


def added(path, text):
    return lambda suite: suite.update({path: text})


def removed(path):
    return lambda suite: suite.pop(path)


ANOTHER = "scenarios/phase/a-plugin-runs.yaml"

# What is done to the good suite, and each line that must be found, word for word.
BAD_SUITES = [
    (changed(SCENARIO, "kind: Scenario", "kind: Scenery"),
     [f"{SCENARIO}: /kind: 'Scenario' was expected"]),
    (changed(SCENARIO, "plumbline.dev/v1\n", "plumbline.dev/v2\n"),
     [f"{SCENARIO}: /apiVersion: 'plumbline.dev/v1' was expected"]),
    (changed(SCENARIO, "clauses: [SEL-2]", "clauses: [SEL-2]\nreach: nothing"),
     [f"{SCENARIO}: /: Additional properties are not allowed ('reach' was unexpected)"]),
    (changed(SCENARIO, "clauses: [SEL-2]", "clauses: [SEL-2]\nreaches: all"),
     [f"{SCENARIO}: /reaches: 'nothing' was expected"]),
    (changed(SCENARIO, "clauses: [SEL-2]", "clauses: [SEL-2]\nabsent: [router]"),
     [f"{SCENARIO}: /absent/0: 'router' is not one of ['authn', 'authz', 'stats']"]),
    (changed(SCENARIO, "clauses: [SEL-2]\n", ""),
     [f"{SCENARIO}: /: 'clauses' is a required property"]),
    (changed(SCENARIO, "[SEL-2]", "[]"), [f"{SCENARIO}: names no clause"]),
    (changed(SCENARIO, "[SEL-2]", "[SEL-2, SEL-2]"),
     [f"{SCENARIO}: /clauses: ['SEL-2', 'SEL-2'] has non-unique elements"]),
    (changed(SCENARIO, "runs.\n", "runs\n"),
     [f"{SCENARIO}: /sentence: 'A plugin without a selector runs' does not match "]),
    (changed(SCENARIO, "[SEL-2]", "[SEL-2, SEL-99]"), [f"{SCENARIO}: unknown clause SEL-99"]),
    (changed(SCENARIO, "name: a-plugin-runs", "name: a-plugin-walks"),
     [f"{SCENARIO}: name 'a-plugin-walks' is not the file's stem"]),
    (changed(SCENARIO, "runs.\n", "should run.\n"),
     [f"{SCENARIO}: the sentence says 'should': state what holds"]),
    (changed(SCENARIO, "kind: Scenario", "kind: [Scenario"),
     [f"{SCENARIO}: cannot be read: "]),
    (changed(SCENARIO, "kind: Scenario", "kind: Scenario\nkind: Scenario"),
     [f"{SCENARIO}: cannot be read: duplicate key 'kind' "]),
    (changed(SCENARIO, GOOD_SCENARIO, ""), [f"{SCENARIO}: /: None is not of type 'object'"]),
    (added(ANOTHER, GOOD_SCENARIO),
     [f"{SCENARIO}: has the name of {ANOTHER}",
      "golden/phase/a-plugin-runs.yaml: is missing, though its scenario stands"]),
    (added("scenarios/selection/b.yml", GOOD_SCENARIO),
     ["scenarios/selection/b.yml: a scenario ends with .yaml"]),
    (removed(GOLDEN), [f"{GOLDEN}: is missing, though its scenario stands"]),
    (removed("golden/recorded/a-recorded-plugin-runs.json"),
     ["golden/recorded/a-recorded-plugin-runs.json: is missing, though its scenario stands"]),
    (removed(SCENARIO), [f"{GOLDEN}: has no scenario"]),
    (removed("scenarios/recorded/a-recorded-plugin-runs.yaml"),
     ["golden/recorded/a-recorded-plugin-runs.json: has no scenario"]),
    (added("golden/selection/a-plugin-runs.json", "{}"),
     ["golden/selection/a-plugin-runs.json: has no scenario"]),
    (changed(ISTIO_SCENARIO, "PRI-2", "PRI-22"), [f"{ISTIO_SCENARIO}: unknown clause PRI-22"]),
    (changed(ISTIO_SCENARIO, "contradicts: [PRI-2]\n", ""),
     [f"{ISTIO_SCENARIO}: /: 'contradicts' is a dependency of 'listeners'",
      f"{ISTIO_SCENARIO}: /: 'contradicts' is a dependency of 'proxyVersion'",
      f"{ISTIO_SCENARIO}: /: 'contradicts' is a dependency of 'shows'",
      f"{ISTIO_SCENARIO}: does not say what it contradicts",
      f"{ISTIO_FILE}: has no scenario",
      f"{ISTIO_FILE}: /: ", f"{ISTIO_FILE}: /workloads/shop/way-1: ", f"{ISTIO_FILE}: /workloads/shop/web-1: ",
      f"{ISTIO_FILE}: /refused: {{}} does not have enough properties"]),
    (changed(ISTIO_SCENARIO, "[plugins,", "[everything,"),
     [f"{ISTIO_SCENARIO}: /shows/0: 'everything' is not one of "]),
    (changed(ISTIO_SCENARIO, "inbound http network", "inbound udp"),
     [f"{ISTIO_SCENARIO}: /listeners/0: 'inbound udp' does not match "]),
    (changed(ISTIO_FILE, "inbound http:", "inbound udp:"), [f"{ISTIO_FILE}: /workloads/shop/web-1: "]),
    (changed(ISTIO_FILE, "payloads:", "payload:"),
     [f"{ISTIO_FILE}: /: Additional properties are not allowed ('payload' was unexpected)"]),
    (changed(ISTIO_FILE, "URL: spec.url is empty", "no"),
     [f"{ISTIO_FILE}: /discarded/shop/b: 'no' does not match "]),
    (added("golden/istio/an-older-plugin-runs/1.13.yaml", GOOD_GOLDEN),
     ["golden/istio/an-older-plugin-runs/1.13.yaml: has no scenario"]),
    (changed(GOLDEN, ", router]", "]"), [f"{GOLDEN}: /workloads/shop/web-1: "]),
    (changed(GOLDEN, "inbound:", "outbound:"), [f"{GOLDEN}: /workloads/shop/web-1: "]),
    (changed(GOLDEN, "- [shop/a, shop/b]", "- [shop/a]"), [f"{GOLDEN}: /workloads/shop/web-1: "]),
    (changed(GOLDEN, "[authn, ", "[authn, authn, "), [f"{GOLDEN}: /workloads/shop/web-1: "]),
    (changed(GOLDEN, "shop/way-1", "way-1"),
     [f"{GOLDEN}: /workloads: 'way-1' does not match "]),
    (changed(GOLDEN, "modules:", "module:"),
     [f"{GOLDEN}: /: Additional properties are not allowed ('module' was unexpected)"]),
    (changed(GOLDEN, "source: oci", "source: http"),
     [f"{GOLDEN}: /modules/shop/a/pull: 'does not matter (PUL-7)' was expected",
      f"{GOLDEN}: /modules/shop/a/secret: "]),
    (changed(GOLDEN, "IfNotPresent (PUL-1)", "IfNotPresent"),
     [f"{GOLDEN}: /modules/shop/a/pull: 'IfNotPresent' does not match "]),
    (changed(GOLDEN, "  shop/worse: invalid", "  shop/worse: refused"),
     [f"{GOLDEN}: /refused/shop/worse: 'refused' is not valid under any of the given schemas"]),
    (changed(GOLDEN, "SEL-7", "SEL-77"), [f"{GOLDEN}: unknown clause SEL-77"]),
    (changed(GOLDEN, "SEL-5", "SEL-55"), [f"{GOLDEN}: unknown clause SEL-55"]),
    (changed(GOLDEN, "(SEL-11)", "(SEL-111)"), [f"{GOLDEN}: unknown clause SEL-111"]),
    (changed(GOLDEN, "(PUL-1)", "(PUL-111)"), [f"{GOLDEN}: unknown clause PUL-111"]),
    (changed(GOLDEN, "shop/bad: URL-5", "shop/bad: URL-55"), [f"{GOLDEN}: unknown clause URL-55"]),
    (changed(GOLDEN, "  shop/way-1:", "  shop/web-1:"),
     [f"{GOLDEN}: cannot be read: duplicate key 'shop/web-1' "]),
]

GOOD_OUTPUTS = [
    {"apiVersion": "plumbline.dev/v1", "kind": "Expectation", "profile": "documented",
     "rootNamespace": "istio-system", "rootNamespaceFrom": "default",
     "workloads": [{
         "namespace": "shop", "name": "web-1", "kind": "Pod", "proxy": "sidecar",
         "verdict": "modelled",
         "chains": [{"direction": "inbound",
                     "filters": [{"plugin": "istio-system/jwt", "phase": "AUTHN"},
                                 {"anchor": "authn"}, {"anchor": "router"}],
                     "ties": [["shop/a", "shop/b"]],
                     "open": [{"plugin": "shop/c", "clause": "SEL-7"}]}],
         "excluded": [{"plugin": "pay/x", "reason": "another namespace", "clause": "SEL-5"}]}]},
    {"apiVersion": "plumbline.dev/v1", "kind": "Plugins", "profile": "documented",
     "plugins": [{
         "namespace": "shop", "namespaceGiven": True, "name": "a", "phase": "AUTHN",
         "priority": None, "selector": None, "url": "oci://a:v1", "sha256": "",
         "imagePullPolicy": "Always", "imagePullSecret": "", "verificationKey": "",
         "pluginName": "", "pluginConfig": {"a": 1},
         "module": {"source": "oci", "reference": "a:v1", "pullPolicy": "Always",
                    "pullPolicyReason": "the policy is given"},
         "workloads": 1}],
     "refused": [{"file": "a.yaml", "line": 1, "column": 1, "namespace": "shop", "name": "bad",
                  "reason": "unknown phase 'X'", "clause": "GEN-2"}],
     "skipped": {"Service": 3}},
    {"apiVersion": "plumbline.dev/v1", "kind": "Report", "profile": "documented",
     "implementation": "istio", "version": "1.29.1",
     "results": [{
         "scenario": None, "workload": "shop/web-1", "verdict": "differs", "reason": "",
         "chains": 1,
         "differences": [{"kind": "order", "level": "MUST", "plugins": ["shop/a", "shop/b"],
                          "filters": ["shop.a", "shop.b"], "clauses": ["PRI-1"],
                          "listener": "virtualInbound", "pointer": "", "expected": None,
                          "actual": None, "reason": ""}]}],
     "summary": {"conforms": 0, "differs": 1, "notModelled": 0, "error": 0, "badScenario": 0}},
    {"apiVersion": "plumbline.dev/v1", "kind": "Explanation", "profile": "documented",
     "rootNamespace": "istio-system", "rootNamespaceFrom": "flag",
     "workload": {"namespace": "shop", "name": "web-1", "kind": "Pod", "proxy": "sidecar",
                  "labels": {"app": "web"}, "file": "pods.yaml", "line": 1, "column": 1},
     "verdict": "modelled", "reason": None, "direction": "inbound",
     "plugins": [{"plugin": "shop/a", "standing": "in", "clause": "SEL-2", "reason": "no selector",
                  "change": None, "phase": "AUTHN", "priority": None, "file": "a.yaml", "line": 1,
                  "column": 1}],
     "order": [{"before": "shop/a", "after": "authn", "tied": False, "clauses": ["PHA-1"]}],
     "patchedBy": [], "refused": [],
     "clauses": {"SEL-2": {"level": "MUST", "text": "It applies.", "quote": "applied"}}},
    {"apiVersion": "plumbline.dev/v1", "kind": "Findings", "profile": "documented", "plugins": 1,
     "findings": [{"file": "a.yaml", "line": 1, "column": 1, "plugin": None, "problem": "unknown",
                   "hint": "", "clause": None}]},
    {"apiVersion": "plumbline.dev/v1", "kind": "Clauses", "profile": "documented",
     "clauses": [{"id": "SEL-2", "level": "MUST", "evidence": "chain", "text": "It applies.",
                  "quote": "applied", "needsScenario": True, "scenarios": ["no-selector"]}],
     "uncovered": ["SEL-3"]},
    {"apiVersion": "plumbline.dev/v1", "kind": "Expectation", "profile": "istio-1.29", "rules": "1.29.0",
     "assumptions": ["istiod has its default settings"],
     "rootNamespace": "istio-system", "rootNamespaceFrom": "default",
     "discarded": [], "refused": [{"plugin": "shop/bad", "kind": "WasmPlugin", "rule": "ADM-SHA256",
                                   "reason": "spec.sha256 is 'x'", "file": "a.yaml", "line": 3, "column": 1}],
     "workloads": [
         {"namespace": "shop", "name": "web-1", "kind": "Pod", "proxy": "sidecar", "verdict": "modelled",
          "chains": [{"direction": "inbound", "class": "http", "port": 8080,
                      "filters": [{"filter": "envoy.filters.http.cors"},
                                  {"plugin": "shop/jwt", "filter": "extensions.istio.io/wasmplugin/shop.jwt",
                                   "phase": "AUTHN", "priority": None}],
                      "networkFilters": [{"filter": "envoy.filters.network.http_connection_manager"}]},
                     {"direction": "inbound", "class": "tcp",
                      "filters": [{"filter": "envoy.filters.network.tcp_proxy"}]}]},
         {"namespace": "shop", "name": "web-2", "kind": "Pod", "proxy": "sidecar", "verdict": "not modelled",
          "reason": "EnvoyFilter shop/lua can change its chains", "file": "a.yaml", "line": 1, "column": 1,
          "chains": []}]},
    {"apiVersion": "plumbline.dev/v1", "kind": "Profiles", "profile": "all",
     "profiles": [
         {"name": "documented", "since": None, "changes": []},
         {"name": "istio-1.20.0", "since": "1.20.0",
          "changes": [{"effect": "order",
                       "after": {"rule": "NS-B", "about": "namespaces", "sentence": "Own first.",
                                 "source": "pilot/x.go:1@1.20.0"},
                       "before": None}]}]},
    {"apiVersion": "plumbline.dev/v1", "kind": "Plugins", "profile": "istio-1.29", "rules": "1.29.0", "assumptions": [],
     "rootNamespace": "", "rootNamespaceFrom": "flag", "workloadsNotModelled": 0, "discarded": [], "refused": [],
     "plugins": [{"namespace": "shop", "name": "a", "kind": "WasmPlugin", "filter": "shop.a", "phase": "AUTHN",
                  "priority": None, "type": "HTTP", "url": "", "workloads": 2}]},
    {"apiVersion": "plumbline.dev/v1", "kind": "Explanation", "profile": "istio-1.29", "rules": "1.29.0",
     "assumptions": [], "rootNamespace": "", "rootNamespaceFrom": "flag", "discarded": [], "refused": [],
     "workload": {"namespace": "shop", "name": "web-1", "kind": "Pod", "proxy": "sidecar", "labels": {},
                  "file": None, "line": 0, "column": 0},
     "verdict": "modelled", "reason": None,
     "plugins": [{"plugin": "shop/a", "kind": "WasmPlugin", "standing": "in", "rule": "S-F", "reason": "no selector",
                  "change": None, "phase": "AUTHN", "priority": None, "listeners": ["inbound http"], "absences": [],
                  "file": None, "line": 0, "column": 0}],
     "order": [{"listener": "inbound http", "before": "shop/a", "after": "shop/b", "rule": "PRI", "reason": "10 against 5",
                "unsure": False}],
     "cited": {"PRI": {"sentence": "The higher first.", "source": "pilot/x.go:1@1.12.0"}}},
    {"apiVersion": "plumbline.dev/v1", "kind": "Versions", "profile": "all", "workload": "shop/web-1",
     "documented": {"verdict": "modelled", "chains": [], "excluded": []},
     "versions": [{"from": "1.12.0", "to": "1.13.0", "verdict": "modelled", "changes": [],
                   "chains": [{"direction": "inbound", "class": "http", "filters": [{"filter": "istio.alpn"}]}]}],
     "names": [{"from": "1.12.0", "rule": "NAME-A", "sentence": "NAMESPACE.NAME."}]},
]

# Of which good output, the place, what is put there (or MISSING: taken away), the line to be found.
MISSING = object()
BAD_OUTPUTS = [
    (0, ["kind"], "Expectations", "/kind: 'Expectations' is none of Expectation, Plugins, Report, Explanation, Findings,"),
    (0, ["profile"], MISSING, "/: 'profile' is a required property"),
    (0, ["rootNamespaceFrom"], "guess",
     "/rootNamespaceFrom: 'guess' is not one of ['flag', 'mesh config', 'default']"),
    (0, ["workloads", 0, "verdict"], "fine",
     "/workloads/0/verdict: 'fine' is not one of ['modelled', 'not modelled']"),
    (0, ["workloads", 0, "chains", 0, "filters", 1, "anchor"], "cors",
     "/workloads/0/chains/0/filters/1: {'anchor': 'cors'} is not valid under any of the given"),
    (0, ["workloads", 0, "excluded", 0, "clause"], MISSING,
     "/workloads/0/excluded/0: 'clause' is a required property"),
    (1, ["plugins", 0, "priority"], "10",
     "/plugins/0/priority: '10' is not of type 'integer', 'null'"),
    (1, ["plugins", 0, "priority"], 2**63,
     "/plugins/0/priority: 9223372036854775808 is greater than the maximum of 9223372036854775807"),
    (1, ["plugins", 0, "phase"], MISSING, "/plugins/0: 'phase' is a required property"),
    (1, ["refused", 0, "line"], "1", "/refused/0/line: '1' is not of type 'integer'"),
    (1, ["skipped", "Service"], 0, "/skipped/Service: 0 is less than the minimum of 1"),
    (2, ["summary", "badScenario"], MISSING, "/summary: 'badScenario' is a required property"),
    (2, ["results", 0, "differences"], [], "/results/0/differences: "),
    (2, ["results", 0, "differences", 0, "kind"], "reorder",
     "/results/0/differences/0/kind: 'reorder' is not one of ['missing', 'extra', 'duplicate',"),
    (2, ["results", 0, "verdict"], "passes",
     "/results/0/verdict: 'passes' is not one of ['conforms', 'differs', 'not modelled',"),
    (3, ["plugins", 0, "standing"], "inside", "/plugins/0/standing: 'inside' is not one of ['in',"),
    (3, ["workload", "labels", "app"], 5, "/workload/labels/app: 5 is not of type 'string'"),
    (3, ["order", 0, "clauses"], [], "/order/0/clauses: "),
    (4, ["findings", 0, "problem"], MISSING, "/findings/0: 'problem' is a required property"),
    (4, ["findings", 0, "clause"], "sel-1", "/findings/0/clause: 'sel-1' is not valid under any"),
    (5, ["clauses"], [], "/clauses: "),
    (5, ["clauses", 0, "evidence"], "sight", "/clauses/0/evidence: 'sight' is not one of ['chain',"),
    (6, ["rules"], MISSING, "/: 'rules' is a required property"),
    (6, ["refused", 0, "rule"], MISSING, "/refused/0: 'rule' is a required property"),
    (6, ["workloads", 0, "chains", 0, "class"], MISSING, "/workloads/0/chains/0: 'class' is a required property"),
    (6, ["workloads", 0, "chains", 0, "filters", 1, "priority"], MISSING, "/workloads/0/chains/0/filters/1: "),
    (6, ["workloads", 0, "chains", 0, "filters", 0], {}, "/workloads/0/chains/0/filters/0: 'filter' is a required property"),
    (6, ["workloads", 1, "reason"], MISSING, "/workloads/1: 'reason' is a required property"),
    (8, ["plugins", 0, "type"], "TCP", "/plugins/0/type: 'TCP' is not one of ['HTTP', 'NETWORK']"),
    (8, ["workloadsNotModelled"], MISSING, "/: 'workloadsNotModelled' is a required property"),
    (9, ["plugins", 0, "listeners"], [], "/plugins/0/listeners: "),
    (9, ["cited", "PRI", "source"], "x.go", "/cited/PRI/source: 'x.go' does not match"),
    (10, ["versions", 0, "to"], "1.13", "/versions/0/to: '1.13' does not match"),
    (10, ["documented", "excluded"], MISSING, "/documented: 'excluded' is a required property"),
    (7, ["profiles", 1, "since"], "1.20", "/profiles/1/since: '1.20' is not valid under any"),
    (7, ["profiles", 1, "changes", 0, "effect"], "sort", "/profiles/1/changes/0/effect: 'sort' is not one of ['order',"),
    (7, ["profiles", 1, "changes", 0, "after"], None, "/profiles/1/changes/0: "),
    (7, ["profiles", 1, "changes"], MISSING, "/profiles/1: "),
]


def lay_out(folder, root, suite):
    for link in ("schemas", "model"):
        (folder / link).symlink_to((root / link).resolve())
    for path, text in suite.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def problems_of(root, suite, awaiting=None):
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), root, suite)
        return list(suite_problems(Path(folder), fewest=1, awaiting=awaiting))


def expect_found(what, wanted, problems):
    """Each wanted line begins a problem of its own, and no problem is left over."""
    rest = list(problems)
    for line in wanted:
        hit = next((problem for problem in rest if problem.startswith(line)), None)
        if hit is None:
            yield f"{what}: not found: {line}"
        else:
            rest.remove(hit)
    yield from (f"{what}: found beside it: {problem}" for problem in rest)


def self_test_problems(root):
    yield from expect_found("the good suite", [], problems_of(root, good_suite()))
    yield from expect_found("an empty suite", ["scenarios: only 0 found"], problems_of(root, {}))
    yield from expect_found("an awaited folder that stands",
                            ["golden/recorded: is no longer awaited; take --awaiting away"],
                            problems_of(root, good_suite(), awaiting="golden/recorded"))
    suite = good_suite()
    del suite["golden/recorded/a-recorded-plugin-runs.json"], suite[GOLDEN]
    yield from expect_found("an awaited folder that is not there",
                            [f"{GOLDEN}: is missing, though its scenario stands"],
                            problems_of(root, suite, awaiting="golden/recorded"))
    for number, (change, wanted) in enumerate(BAD_SUITES):
        suite = good_suite()
        change(suite)
        yield from expect_found(f"bad suite {number}", wanted, problems_of(root, suite))

    for good in GOOD_OUTPUTS:
        more = {**good, "more": "keys are welcome"}
        yield from expect_found(f"the good {good['kind']}", [], output_problems(root, more))
    for number, (which, pointer, value, wanted) in enumerate(BAD_OUTPUTS):
        document = copy.deepcopy(GOOD_OUTPUTS[which])
        target = document
        for part in pointer[:-1]:
            target = target[part]
        if value is MISSING:
            del target[pointer[-1]]
        else:
            target[pointer[-1]] = value
        yield from expect_found(f"bad output {number}", [wanted], output_problems(root, document))

    with contextlib.redirect_stderr(io.StringIO()) as said:
        code = tell(["a problem"])
    if code != 1 or said.getvalue() != "a problem\n" or tell([]) != 0:
        yield "a problem does not make this fail"


def file_problems(root, names):
    if not names:
        yield "--outputs names no file"
    for name in names:
        try:
            document = json.loads(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            yield f"{name}: cannot be read: {error}"
            continue
        yield from (f"{name}: {problem}" for problem in output_problems(root, document))


def tell(problems):
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 64
    root, rest = Path(arguments[0]), arguments[1:]
    if rest == ["--self-test"]:
        return tell(list(self_test_problems(root)))
    if rest[:1] == ["--outputs"]:
        return tell(list(file_problems(root, rest[1:])))
    awaiting = rest[1] if len(rest) == 2 and rest[0] == "--awaiting" else None
    if rest and awaiting is None:
        print(__doc__, file=sys.stderr)
        return 64
    return tell(list(suite_problems(root, awaiting=awaiting)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
