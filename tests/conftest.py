"""Which tests run, on how many examples, and what a missing library or interpreter means.

`pytest` alone runs the quick layer. `pytest --all` runs every layer on more examples, and fails
where something is not on the machine. What the layers are stands in tests/README.md.
"""

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
LAYERS = {HERE / "oracles", HERE / "runtimes"}

# The same examples each time, but for `long`, which looks further.
settings.register_profile("quick", derandomize=True, deadline=None, max_examples=15)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("long", deadline=None, max_examples=5000)

pytest.register_assert_rewrite(*(path.stem for path in (HERE / "helpers").glob("*.py")))

# Examples in docstrings that take seconds; tests/lessons checks the same once.
SLOW_EXAMPLES = {f"purenet.lessons.questions.{name}" for name in ("gradients.sum", "chance.xor")}

# Programs, and what the tests share: none of them has tests.
collect_ignore = ["helpers", "bits.py", "runtimes/wasm"]


def pytest_addoption(parser):
    """Add the option that runs everything."""
    parser.addoption(
        "--all",
        action="store_true",
        help="run all layers with the CI profile; what is not on this machine is a failure",
    )


def pytest_configure(config):
    """Choose how many examples hypothesis tries, unless the command line says it."""
    # Thousands of tests stay in memory, and the collector would go through them time and again.
    if hasattr(gc, "set_threshold"):  # PyPy's collector has none, and no need of it
        gc.set_threshold(100_000)
    if config.getoption("--hypothesis-profile", default=None) is None:
        settings.load_profile("ci" if config.getoption("--all") else "quick")


def pytest_ignore_collect(collection_path, config):
    """Leave out the layers that need more than Python, unless they are asked for."""
    if collection_path in LAYERS and not config.getoption("--all"):
        return not any(collection_path in [path, *path.parents] for path in _asked_for(config))
    return None


def pytest_collection_modifyitems(config, items):
    """Leave out exhaustive tests, unless all are asked for, or these by mark or by name."""
    if config.getoption("--all") or "exhaustive" in config.getoption("-m"):
        return
    for item in items:
        if item.name in SLOW_EXAMPLES:
            item.add_marker("exhaustive")
    named = tuple(argument for argument in config.args if "::" in argument)
    kept, left_out = [], []
    for item in items:
        wanted = not item.get_closest_marker("exhaustive") or item.nodeid.startswith(named)
        (kept if wanted else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def _asked_for(config):
    """Return the paths that the command line names."""
    start = config.invocation_params.dir
    return [(start / argument.split("::")[0]).resolve() for argument in config.args]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Let a library that a file of tests needs and has not be a failure where all is asked for."""
    report = yield
    return _loud(report, collector.config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let a test that is skipped be a failure where all is asked for."""
    report = yield
    return _loud(report, item.config)


def _loud(report, config):
    """Return a report, of a failure if it was skipped and all is asked for."""
    if report.skipped and config.getoption("--all"):
        report.outcome, report.longrepr = "failed", report.longrepr[2]
    return report


@pytest.fixture(scope="session")
def required():
    """Return a function that returns its argument, and skips the test if that is None."""

    def check(name, found):
        if found is None:
            pytest.skip(f"{name} is not on this machine")
        return found

    return check


@pytest.fixture(scope="session")
def on_wasm(required):
    """Return a function that returns the command of a Python on WebAssembly, or in JavaScript.

    The folder and the name of a program follow it.
    """
    runner = HERE / "runtimes/wasm/run.mjs"

    def command(name):
        node = required("node", shutil.which("node"))
        package = runner.parent / "node_modules" / {"micropython": "@micropython"}.get(name, name)
        required("npm install --prefix tests/runtimes/wasm", package if package.is_dir() else None)
        return [node, str(runner), name]

    return command


def pytest_terminal_summary(terminalreporter):
    """Say what the run took, on whatever machine: seconds of its processors."""
    spent = os.times()
    seconds = spent.user + spent.system + spent.children_user + spent.children_system
    terminalreporter.write_line(f"{seconds:.0f} s of processor time, with all processes started")
