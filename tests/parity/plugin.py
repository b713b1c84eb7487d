#!/usr/bin/env python3
"""An exec credential plugin: notes what it was given beside itself, and prints what PLUGIN_ANSWER says;
the first time what PLUGIN_ANSWER_FIRST says, where that is given."""

import json
import os
import pathlib
import sys

folder = pathlib.Path(__file__).parent
exec_info = os.environ.get("KUBERNETES_EXEC_INFO", "null")
note = {"info": json.loads(exec_info), "arguments": sys.argv[1:], "input": sys.stdin.read()}
if "PLUGIN_NOTED" in os.environ:
    note["noted"] = os.environ["PLUGIN_NOTED"]
is_first_run = not (folder / "plugin-runs").exists()
with (folder / "plugin-runs").open("a") as runs:
    runs.write(json.dumps(note) + "\n")
sys.stderr.write(os.environ.get("PLUGIN_SAYS", ""))
answer = os.environ.get("PLUGIN_ANSWER", "")
sys.stdout.write(os.environ.get("PLUGIN_ANSWER_FIRST", answer) if is_first_run else answer)
sys.exit(int(os.environ.get("PLUGIN_EXIT", "0")))
