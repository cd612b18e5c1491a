"""A lint report as SARIF, which code hosts and editors show beside the lines of the file.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) 2.1.0, §3.13, §3.14, §3.27.
"""

import json

from pipeline.captions.lint import LintReport

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def format_sarif(report: LintReport, uri: str, version: str) -> str:
    """Write a report as one SARIF run.

    Args:
        uri: the file's path as a URI reference: `/` between its parts, percent-encoded.
        version: of this program.
    """
    rules = sorted({found.rule for found in report.breaks})
    location = {"artifactLocation": {"uri": uri}}
    results = [
        {
            "ruleId": found.rule,
            "ruleIndex": rules.index(found.rule),
            "level": "warning",
            "message": {"text": f"cue {found.cue}: {found.rule}: {found.what}"},
            "locations": [
                {"physicalLocation": {**location, "region": {"startLine": found.line or 1}}}
            ],
        }
        for found in report.breaks
    ]
    driver = {"name": "cuecast", "version": version, "rules": [{"id": rule} for rule in rules]}
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"
