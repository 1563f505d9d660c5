"""The demo city's register: who speaks, and where on loopback."""

from collections.abc import Mapping
from string import Template

from feedhub_demo.articles import HERE


def demo_register(ports: Mapping[str, int]) -> str:
    """The register in its TOML form. `ports` says where each department's site listens.

    >>> "http://127.0.0.1:4001/feed/" in demo_register({"dinkes": 4001, "bpbd": 2, "dinsos": 3, "diskominfo": 4})
    True
    """
    roots = {slug: f"http://127.0.0.1:{port}" for slug, port in ports.items()}
    return Template((HERE / "register.toml").read_text(encoding="utf-8")).substitute(roots)
