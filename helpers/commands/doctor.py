"""Look at this machine, and say what to do where something is amiss: python -m helpers doctor.

Every line is one function that looks for itself. None may stop the others, whatever it meets.
"""

import importlib.metadata
import os
import shutil
import sys
import textwrap
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.requirements import Requirement

from helpers.commands.supported import NEWEST, OLDEST
from helpers.data import cache, download
from helpers.data.datasets import DATASETS

GIGABYTE = 1e9
MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
NEEDED_MEMORY = 2 * GIGABYTE  # a lesson with TensorFlow takes about 1.5
NEEDED_DISK = 0.5 * GIGABYTE  # all data sets, as the cache keeps them


@dataclass(frozen=True)
class Finding:
    """What was found about one thing: in words, and what to do if it is not as it should be."""

    topic: str
    words: str
    remedy: str = ""


def main() -> None:
    for finding in examine():
        print(as_text(finding))


def examine() -> list[Finding]:
    """Return all findings. Takes some seconds, most of them for TensorFlow."""
    checks = [
        python,
        packages,
        device,
        memory,
        disk,
        data,
        own_mirror,
        mirrors,
        proxy,
        certificates,
    ]
    return [finding for check in checks for finding in _safely(check)]


def as_text(finding: Finding) -> str:
    lines = textwrap.wrap(finding.words, 80)
    if finding.remedy:
        lines += textwrap.wrap(f"> {finding.remedy}", 80, subsequent_indent="  ")
    mark = "!" if finding.remedy else " "
    return "\n".join(
        f"{f'{mark} {finding.topic}' if number == 0 else '':16s}{line}"
        for number, line in enumerate(lines)
    )


def _safely(check) -> list[Finding]:
    try:
        return check()
    except Exception as error:
        words = f"could not be looked at ({type(error).__name__}: {error})"
        return [Finding(check.__name__.replace("_", " "), words)]


def python() -> list[Finding]:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    supported = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    if OLDEST <= tuple(sys.version_info[:2]) <= NEWEST:
        return [Finding("python", f"{version}, supported ({supported}), at {sys.prefix}")]
    remedy = f"Set up anew with another one: make clean, then make lab PYTHON=python{NEWEST[0]}.{NEWEST[1]}"
    return [Finding("python", f"{version} is not supported; {supported} are", remedy)]


def packages() -> list[Finding]:
    """Compare what is installed with what pyproject.toml asks for."""
    shown, wrong = [], []
    for line in importlib.metadata.requires("mnist-lessons"):
        requirement = Requirement(line)
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version}, needed is {requirement.specifier}")
        if requirement.name in ("tensorflow", "keras", "numpy"):
            shown.append(f"{requirement.name} {version}")
    if wrong:
        remedy = f"{sys.executable} -m pip install -r requirements.txt"
        return [Finding("packages", "; ".join(wrong), remedy)]
    findings = [Finding("packages", f"{', '.join(sorted(shown))}, and all others as needed")]
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        words = f"KERAS_BACKEND is {backend!r}, while the lessons use TensorFlow"
        findings.append(Finding("backend", words, "Unset KERAS_BACKEND and restart the kernel."))
    return findings


def device() -> list[Finding]:
    try:
        from helpers import quiet  # noqa: F401  TensorFlow, without its log
        from helpers.devices import training_device
    except ImportError as error:
        remedy = f"{sys.executable} -m pip install -r requirements.txt"
        return [Finding("device", f"TensorFlow cannot be imported: {error}", remedy)]
    found = training_device()
    words, *_ = str(found).splitlines()
    return [Finding("device", f"{words}. {found.reason}", found.next_step)]


def memory() -> list[Finding]:
    machine = psutil.virtual_memory()
    total, free, whose = machine.total, machine.available, ""
    limit = _memory_limit()
    if limit and limit < total:
        used = psutil.Process().memory_info().rss
        total, free, whose = limit, min(free, limit - used), ", the limit of this container"
    words = f"{free / GIGABYTE:.1f} of {total / GIGABYTE:.1f} GB free{whose}"
    if free < NEEDED_MEMORY:
        remedy = (
            "Shut down other kernels and programs: a lesson with TensorFlow takes up to 1.5 GB."
        )
        return [Finding("memory", words, remedy)]
    return [Finding("memory", words)]


def _memory_limit() -> int | None:
    for path in map(Path, MEMORY_LIMITS):
        if path.exists() and (text := path.read_text().strip()).isdigit():
            return int(text)
    return None


def disk() -> list[Finding]:
    folder = cache.cache_folder()
    existing = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    free = shutil.disk_usage(existing).free
    words = f"{free / GIGABYTE:.1f} GB free for the cache, {folder}"
    if not os.access(existing, os.W_OK):
        remedy = "Set MNIST_DATA_DIR to a folder that you may write."
        return [Finding("disk", f"the cache, {folder}, cannot be written", remedy)]
    if free < NEEDED_DISK:
        return [Finding("disk", words, "Make room, or set MNIST_DATA_DIR to a folder elsewhere.")]
    return [Finding("disk", words)]


def data() -> list[Finding]:
    findings = []
    for dataset in DATASETS.values():
        states = cache.states(dataset)
        counts = {
            state: list(states.values()).count(state) for state in sorted(set(states.values()))
        }
        if set(counts) == {"verified"}:
            findings.append(Finding("data", f"{dataset.title}: in the cache, verified"))
            continue
        words = ", ".join(f"{count} files {state}" for state, count in counts.items())
        if "damaged" not in counts and "verified" not in counts:
            words = "not in the cache"
        remedy = f"{sys.executable} -m helpers download {dataset.name}"
        is_needed = dataset.name == "mnist" or "damaged" in counts
        findings.append(Finding("data", f"{dataset.title}: {words}", remedy if is_needed else ""))
    return findings


def own_mirror() -> list[Finding]:
    place = cache.own_mirror()
    if not place:
        return [Finding("own mirror", "MNIST_MIRROR is not set; the public mirrors will be asked")]
    if download.is_url(place):
        words = _answer(place)
        remedy = "" if words == "answers" else "Check the address, and whether the server runs."
        return [Finding("own mirror", f"{download.without_password(place)} {words}", remedy)]
    there = [name for name in DATASETS if Path(place, name).is_dir()]
    if there:
        return [Finding("own mirror", f"{place} has folders for {', '.join(there)}")]
    remedy = f"Fill it on a machine with a network: python -m helpers download --to {place}"
    words = "has no folder of a data set" if Path(place).is_dir() else "is not a folder"
    return [Finding("own mirror", f"{place} {words}", remedy)]


def mirrors() -> list[Finding]:
    """Ask all public mirrors at the same time."""
    hosts = {}
    for dataset in DATASETS.values():
        for mirror in dataset.mirrors:
            hosts.setdefault(urllib.parse.urlsplit(mirror).netloc, mirror)
    with ThreadPoolExecutor(len(hosts)) as threads:
        answers = dict(zip(hosts, threads.map(_answer, hosts.values()), strict=True))
    findings = [Finding("mirror", f"{host} {answer}") for host, answer in answers.items()]
    if "answers" not in answers.values():
        remedy = (
            "Look at the network and the proxy, or use a USB stick or a class server: MNIST_MIRROR."
        )
        findings.append(Finding("network", "no public mirror answers", remedy))
    return findings


def _answer(url: str) -> str:
    try:
        download.reach(url)
    except OSError as error:
        return str(error)
    return "answers"


def proxy() -> list[Finding]:
    proxies = urllib.request.getproxies()
    used = [
        f"{scheme}: {download.without_password(proxies[scheme])}"
        for scheme in ("http", "https")
        if proxies.get(scheme)
    ]
    return [Finding("proxy", ", ".join(used) or "none")]


def certificates() -> list[Finding]:
    """Say where the list of trusted authorities comes from, as requests chooses it."""
    import requests

    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if path := os.environ.get(name):
            if os.path.exists(path):
                return [Finding("TLS", f"certificates are verified with {path} ({name})")]
            return [
                Finding("TLS", f"{name} names {path}, which is not there", f"Mend or unset {name}.")
            ]
    return [Finding("TLS", f"certificates are verified with {requests.certs.where()}")]


if __name__ == "__main__":
    main()
