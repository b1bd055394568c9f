#!/usr/bin/env python3
"""Writes tests/harness/yaml_vectors.json, in a compact form, from the full vectors of what Kubernetes makes of YAML.

usage: make-yaml-vectors.py VECTORS.json > tests/harness/yaml_vectors.json

One vector a line. A text is a string; {"base64": TEXT} where it is not UTF-8; a list of [TEXT, COUNT] where it is long and
made of runs. Fields that are null in the source are left out.
"""
import base64
import itertools
import json
import sys

LONG = 300


def compact(text: bytes):
    """The shortest of the forms of a text."""
    try:
        plain = text.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(text).decode()}
    if len(plain) <= LONG:
        return plain
    runs = [[key, len(list(group))] for key, group in itertools.groupby(plain)]
    joined = []
    for character, count in runs:
        if count == 1 and joined and joined[-1][1] == 1:
            joined[-1][0] += character
        else:
            joined.append([character, count])
    return joined if len(json.dumps(joined)) < len(plain) else plain


def vector(source):
    text = source["yaml"].encode() if "yaml" in source else base64.b64decode(source["yamlBase64"])
    result = {"group": source["group"], "name": source["name"], "yaml": compact(text)}
    for key in ("json", "error", "unstable", "documents", "pluginConfigText", "pluginConfigError"):
        if source.get(key) is not None:
            result[key] = source[key]
    if "strict" in source:
        result["strictError"] = source["strict"]["error"]
    for key in ("json", "pluginConfigText"):
        if key in result:
            result[key] = compact(result[key].encode())
    known = {"group", "name", "yaml", "yamlBase64", "json", "error", "strict", "unstable", "documents",
             "pluginConfigText", "pluginConfigError", "jsonLength"}
    unknown = set(source) - known
    if unknown:
        sys.exit(f"vector {source['name']!r} has fields that this script does not know: {sorted(unknown)}")
    return result


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        source = json.load(file)
    head = {key: source[key] for key in ("library", "go", "versions")}
    lines = [json.dumps(vector(one), separators=(",", ":")) for one in source["vectors"]]
    print('{"made":' + json.dumps(head, separators=(",", ":")) + ',\n"vectors":[\n' + ",\n".join(lines) + "\n]}")


if __name__ == "__main__":
    main()
