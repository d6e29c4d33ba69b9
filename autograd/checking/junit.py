"""A report as JUnit XML, which build servers show."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from autograd.checking.report import Report, Row


def junit_xml(report: Report, name: str) -> str:
    """One test case per claim; what is not ok is a failure.

    >>> print(junit_xml(Report(()), "claims"))
    <?xml version='1.0' encoding='utf-8'?>
    <testsuites><testsuite name="claims" tests="0" failures="0" /></testsuites>
    """
    failures = sum(not row.ok for row in report.rows)
    counts = {"tests": str(len(report.rows)), "failures": str(failures)}
    root = ET.Element("testsuites")
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts})
    for row in report.rows:
        _case(suite, report, row, name)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text.decode()


def _case(suite: ET.Element, report: Report, row: Row, name: str) -> None:
    claim = row.claim
    label = f"{claim.quantity} = {claim.printed}"
    case = ET.SubElement(suite, "testcase", classname=name, name=label)
    if not row.ok:
        reason = report.reason(row)
        failure = ET.SubElement(case, "failure", type=str(row.verdict), message=reason)
        where = f"{claim.where}: " if claim.where else ""
        failure.text = f"{where}printed {claim.printed}, computed {row.computed}"
