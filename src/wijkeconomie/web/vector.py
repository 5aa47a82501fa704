# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""SVG for readers that know less than a browser (print engine, word processor).

They do not resolve ``currentColor`` that is inherited, percentages inside a nested ``<svg>``, nor
links to pages of the site; :func:`flat` writes those out.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_ACROSS = ("x", "x1", "x2", "cx", "width", "dx")


def flat(svg: str, prefix: str) -> tuple[str, str]:
    """The same picture with everything written out and ids of its own, and its title."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
    if not root.tag.startswith("{"):
        raise ValueError("a picture that stands alone names its namespace")
    _written_out(root, "#000000", float(root.get("width", "0")))
    _unlinked(root)
    _renamed(root, prefix)
    root.set("role", "img")
    title = root.findtext(f"{{{_SVG}}}title") or ""
    return ET.tostring(root, encoding="unicode"), title


def _renamed(root: ET.Element, prefix: str) -> None:
    """Ids, and what points to them: url(#…) and aria-labelledby."""
    for node in root.iter():
        for key, value in node.attrib.items():
            if key == "id":
                node.set(key, f"{prefix}-{value}")
            elif key == "aria-labelledby":
                node.set(key, " ".join(f"{prefix}-{name}" for name in value.split()))
            elif value.startswith("url(#"):
                node.set(key, f"url(#{prefix}-{value[5:]}")


def _written_out(node: ET.Element, colour: str, width: float) -> None:
    colour = node.attrib.pop("color", colour)
    for key in ("fill", "stroke"):
        if node.get(key) == "currentColor":
            node.set(key, colour)
    for key in _ACROSS:
        if (value := node.get(key, "")).endswith("%"):
            node.set(key, f"{float(value[:-1]) * width / 100:.2f}")
    for child in node:
        _written_out(child, colour, _width_inside(child, width))
        if child.tag == f"{{{_SVG}}}svg":
            _as_group(child)


def _width_inside(node: ET.Element, width: float) -> float:
    own = node.get("width", "") if node.tag == f"{{{_SVG}}}svg" else ""
    return float(own) if own and not own.endswith("%") else width


def _as_group(nested: ET.Element) -> None:
    """A nested picture without a viewBox only moves what is in it."""
    x, y = nested.attrib.pop("x", "0"), nested.attrib.pop("y", "0")
    if nested.get("viewBox") is None:
        nested.tag = f"{{{_SVG}}}g"
        nested.attrib.pop("width", None)
        nested.attrib.pop("height", None)
    if (x, y) != ("0", "0"):
        nested.set("transform", f"translate({x} {y})")


def _unlinked(root: ET.Element) -> None:
    for node in root.iter(f"{{{_SVG}}}a"):
        node.tag = f"{{{_SVG}}}g"
        node.attrib.clear()
