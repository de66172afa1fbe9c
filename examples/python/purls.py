#!/usr/bin/env python3
"""A rustpipe worker in Python: takes package URLs apart, pkg:npm/%40angular/core@17.0.0 for example."""

import json
import os
import queue
import sys
import threading
from urllib.parse import unquote

# Name, type, whether it may be null, and what it means.
COLUMNS = [
    ("type", "string", False, "The kind of package: npm, maven, pypi"),
    ("namespace", "string", True, "Owner, group or scope"),
    ("name", "string", False, "The package's name"),
    ("version", "string", True, "Its version"),
    ("qualifiers", "map<string,string>", False, "What else tells it from others"),
]

DESCRIPTION = {
    "name": "purls",
    "version": "1.0.0",
    "protocol": [1],
    "platform": "any",
    "tables": [
        {
            "name": "purls",
            "comment": "One row per package URL",
            "rows_per_input": "many",
            "input": [{"name": "purl", "type": "string", "nullable": False, "comment": "A package URL"}],
            "columns": [
                {"name": name, "type": type_, "nullable": nullable, "comment": comment, "cost": "none"}
                for name, type_, nullable, comment in COLUMNS
            ],
        }
    ],
    "filters": [],
    "options": [],
    "limits": {"line_in_bytes": 1 << 20, "line_out_bytes": 16 << 20},
}


def parse(purl):
    """The values of a package URL, by the names of their columns."""
    if not isinstance(purl, str) or not purl.startswith("pkg:"):
        raise ValueError(f"{purl!r} is no package URL: it does not begin with 'pkg:'")
    rest = purl[len("pkg:") :].partition("#")[0].strip("/")
    rest, _, query = rest.partition("?")
    type_, _, path = rest.partition("/")
    path, _, version = path.partition("@")
    *namespace, name = path.strip("/").split("/")
    if not type_ or not name:
        raise ValueError(f"{purl!r} is no package URL: it lacks a type or a name")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return {
        "type": type_.lower(),
        "namespace": "/".join(unquote(part) for part in namespace) or None,
        "name": unquote(name),
        "version": unquote(version) or None,
        # A map is an array of pairs on the wire; no key may come twice.
        "qualifiers": sorted({key.lower(): unquote(value) for key, _, value in pairs}.items()),
    }


def send(**frame):
    """Writes a frame. Keyword arguments keep their order, so `type` comes first if it is given first."""
    try:
        sys.stdout.write(json.dumps(frame) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)  # Nobody reads any more.


def give_up(reason):
    """Ends the process from any thread, whatever the others wait for."""
    sys.stderr.write(f"purls: {reason}\n")
    sys.stderr.flush()
    os._exit(1)


def read_ahead(inputs):
    """Reads until `end`, and never waits for the output: the connector may send a whole window before it reads
    anything, and its end has to be seen while the output is blocked. The window bounds the queue."""
    try:
        for line in sys.stdin.buffer:
            frame = json.loads(line)
            if frame["type"] == "in":
                inputs.put(frame)
            elif frame["type"] == "end":
                inputs.put(None)
                return
            else:
                give_up(f"unknown frame {frame['type']!r}")
        give_up("standard input ended without 'end': the connector is gone")
    except Exception as error:
        give_up(f"standard input can't be understood: {error}")


def greet(open_frame):
    """Answers `open`, or refuses it. Returns the names of the columns that are wanted."""
    if open_frame["version"] != 1:
        sys.exit(f"purls: no version {open_frame['version']} of the protocol, only 1")
    if open_frame["table"] != "purls":
        sys.exit(f"purls: no table '{open_frame['table']}', only 'purls'")
    types = {name: type_ for name, type_, _, _ in COLUMNS}
    for name in open_frame["columns"]:
        if name not in types:
            sys.exit(f"purls: no column '{name}', only {', '.join(types)}")
    send(
        type="hello",
        version=1,
        name=DESCRIPTION["name"],
        worker_version=DESCRIPTION["version"],
        columns=[{"name": name, "type": types[name]} for name in open_frame["columns"]],
        window={"inputs": 256, "bytes": 4 << 20},
    )
    return open_frame["columns"]


def run():
    """One conversation."""
    columns = greet(json.loads(sys.stdin.buffer.readline() or sys.exit("purls: no 'open' frame")))
    inputs = queue.Queue()
    threading.Thread(target=read_ahead, args=(inputs,), daemon=True).start()
    ended = errors = 0
    while (frame := inputs.get()) is not None:
        ended += 1
        try:
            values = parse(frame["input"].get("purl"))
        except ValueError as error:
            errors += 1
            send(type="error", id=frame["id"], code="BAD_INPUT", message=str(error), retryable=False, rows=0)
        else:
            row = [values[name] for name in columns]
            send(type="rows", id=frame["id"], rows=[row], done={"status": "SUCCEEDED", "rows": 1})
    send(type="bye", inputs=ended, rows=ended - errors, errors=errors)


if __name__ == "__main__":
    if sys.argv[1:] == ["describe"]:
        print(json.dumps(DESCRIPTION))
    elif sys.argv[1:] == ["run"]:
        run()
    else:
        sys.exit("usage: purls.py describe|run")
