"""What the registry costs with 200 plugins installed, beside the standard library's own scan.

Every figure is the least of several fresh interpreters, so that other work on the machine counts
as little as it can.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PLUGINS = 200

_CLASS = """
from tinypt_core import Function
class Op(Function):
    def forward(self, x):
        return x + 1
    def backward(self, gy):
        return gy
"""

_START = """
import json, sys, time
import numpy
clock = time.perf_counter
"""

_MEASURES = {
    "core": """
start = clock()
import tinypt_core
print(json.dumps({"import": clock() - start}))
""",
    "lookup": """
from tinypt_core import ops, registry
start = clock()
ops.op7
first = clock()
registry.get("op7")
second = clock()
assert len([n for n in registry.names() if n.startswith("op")]) >= 200
print(json.dumps({"first": first - start, "second": second - first}))
""",
    "stdlib": """
start = clock()
from importlib.metadata import entry_points
found = entry_points(group="tinypt.ops")
entry = {e.name: e for e in found}["op7"]
import tinypt_core
middle = clock()
entry.load()
print(json.dumps({"scan": middle - start}))
""",
    "stdlib scan": """
import tinypt_core
start = clock()
from importlib.metadata import entry_points
{e.name: e for e in entry_points(group="tinypt.ops")}["op7"].load()
print(json.dumps({"scan": clock() - start}))
""",
    "importlib_metadata scan": """
import tinypt_core
start = clock()
from importlib_metadata import entry_points
{e.name: e for e in entry_points(group="tinypt.ops")}["op7"].load()
print(json.dumps({"scan": clock() - start}))
""",
}
