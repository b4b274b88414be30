"""The command line as a person meets it: in a process of its own, on a terminal or a pipe."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ARTICLE_X, ARTICLE_Y

from purenet import Network, engines

ARTICLE_ERRORS = """\
Error:0.496410031903
Error:0.00858452565325
Error:0.00578945986251
Error:0.00462917677677
Error:0.00395876528027
Error:0.00351012256786
"""
ARTICLE_PREDICTIONS = """\
[0, 0, 1] -> 0.00260570, target 0
[0, 1, 1] -> 0.99672212, target 1
[1, 0, 1] -> 0.99701713, target 1
[1, 1, 1] -> 0.00386756, target 0
"""


def purenet(*arguments, **options):
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "purenet", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


def on_a_terminal(*arguments):
    """Run the command with standard error on a terminal; return what that terminal got."""
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "purenet", *arguments], stdout=subprocess.DEVNULL, stderr=end
    ) as process:
        os.close(end)
        shown = b""
        try:
            while chunk := os.read(terminal, 4096):
                shown += chunk
        except OSError:  # Linux's way to say that the other end was closed
            pass
    os.close(terminal)
    assert process.returncode == 0
    return shown.decode()


def test_without_arguments_it_prints_the_articles_numbers_and_one_closing_line():
    done = purenet()
    assert done.returncode == 0
    assert done.stdout.startswith(ARTICLE_ERRORS + ARTICLE_PREDICTIONS)
    closing = done.stdout[len(ARTICLE_ERRORS + ARTICLE_PREDICTIONS) :]
    assert closing.startswith("60,000 iterations in ")
    assert closing.count("\n") == 1
    assert f" on {sys.implementation.name}".lower() in closing.lower()
    assert done.stderr == ""


def test_seed_epochs_and_hidden_change_the_run():
    outputs = {
        purenet("--quiet", "--epochs", "60", *options).stdout
        for options in ([], ["--seed", "2"], ["--hidden", "5"], ["--epochs", "61"])
    }
    assert len(outputs) == 4


def test_an_option_before_a_command_counts_as_one_after_it():
    before = purenet("--seed", "7", "--epochs", "3", "--quiet", "article")
    after = purenet("article", "--seed", "7", "--epochs", "3", "--quiet")
    assert before.stdout == after.stdout != purenet("--epochs", "3", "--quiet").stdout


@pytest.mark.parametrize(("epochs", "errors"), [("1", 1), ("5", 5), ("6", 6), ("100", 6)])
def test_a_short_run_prints_as_many_errors_as_it_has_iterations_up_to_six(epochs, errors):
    assert purenet("--epochs", epochs).stdout.count("Error:") == errors


def test_quiet_prints_the_results_alone():
    done = purenet("--quiet", "--epochs", "6")
    assert len(done.stdout.splitlines()) == 6 + 4
    assert done.stderr == ""


def test_json_is_one_document_with_every_number_in_full():
    done = purenet("--json", "--epochs", "60000")
    document = json.loads(done.stdout)
    errors = [f"Error:{entry['error']:.12g}\n" for entry in document["errors"]]
    assert "".join(errors) == ARTICLE_ERRORS
    assert [entry["iteration"] for entry in document["errors"]] == [*range(0, 60_000, 10_000)]
    assert document["sizes"] == [3, 4, 1]
    assert [len(matrix) for matrix in document["weights"]] == [3, 4]
    assert done.stderr == ""


def test_digits_reaches_96_percent_on_the_images_held_out():
    document = json.loads(purenet("digits", "--json").stdout)
    assert document["learned"] + document["held_out"] == 1797
    assert document["held_out"] == 360
    assert document["accuracy"] == document["right"] / 360
    assert document["accuracy"] >= 0.96


def test_digits_says_its_accuracy_and_how_long_it_took():
    lines = purenet("digits", "--epochs", "1").stdout.splitlines()
    assert lines[0].startswith("accuracy: ")
    assert lines[0].endswith(" of 360 images held out")
    assert lines[1].startswith("1 epoch of 1,437 images in ")


@pytest.mark.parametrize("command", ["article", "digits"])
def test_progress_is_shown_on_a_terminal_and_wiped_at_the_end(command):
    shown = on_a_terminal(command, "--epochs", "3")
    assert " of 3" in shown
    assert shown.endswith("\r")
    assert shown.split("\r")[-2].strip() == ""


def test_quiet_shows_no_progress_on_a_terminal():
    assert on_a_terminal("--quiet", "--epochs", "3") == ""


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["digits", "--help"]])
def test_help_goes_to_standard_output(arguments):
    done = purenet(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: purenet ")
    assert "--seed N" in done.stdout


def test_version_is_that_of_the_package():
    import purenet as package

    assert purenet("--version").stdout == f"purenet {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed", "-1"], "expected a whole number from 0 to 4294967295, got '-1'"),
        (["--seed", "4294967296"], "expected a whole number from 0 to 4294967295"),
        (["--epochs", "0"], "expected a whole number of at least 1, got '0'"),
        (["--epochs", "1e3"], "expected a whole number of at least 1, got '1e3'"),
        (["--hidden", "four"], "expected a whole number of at least 1, got 'four'"),
        (["--hidden"], "expected one argument"),
        (["digit"], "invalid choice: 'digit'"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_wrong_usage_is_said_on_standard_error_and_ends_with_2(arguments, message):
    done = purenet(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_it_with_one_line_and_130():
    process = subprocess.Popen(
        [sys.executable, "-m", "purenet", "--epochs", "10000000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell starts in the background ignores Ctrl-C, and so would what that starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout.readline().startswith("Error:")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "purenet: interrupted\n")


def test_a_reader_that_leaves_early_is_no_reason_to_complain():
    process = subprocess.Popen(
        [sys.executable, "-m", "purenet", "--epochs", "100000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=60)
    assert said == ""


def test_a_full_disk_is_one_sentence_and_1():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "purenet", "--epochs", "1"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == "purenet: [Errno 28] No space left on device\n"


def test_a_closed_standard_output_is_no_reason_to_complain():
    command = f"{sys.executable} -m purenet --epochs 1 >&-"
    done = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_more_neurons_than_memory_is_one_sentence_and_1():
    limit = 300 * 2**20
    import resource

    done = purenet(
        "--hidden",
        "100000000",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (done.returncode, done.stderr) == (1, "purenet: not enough memory\n")


def test_import_purenet_opens_no_room_but_the_door_of_the_core():
    program = (
        "import sys; before = set(sys.modules); import purenet; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "['purenet', 'purenet.core']\n"


def test_the_source_command_prints_what_the_engine_runs():
    done = purenet("source")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == engines.source(Network([3, 4, 1]), ARTICLE_X, ARTICLE_Y) + "\n"
    tuned = engines.source(Network([3, 2, 1]), ARTICLE_X, ARTICLE_Y, tuned=True)
    assert purenet("source", "--hidden", "2", "--tuned").stdout == tuned + "\n"


def test_an_old_terminal_gets_the_source_with_question_marks():
    done = purenet("source", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "sigmoid(activations[0] ? weights[0])" in done.stdout


def test_an_option_that_a_command_has_not_is_refused_wherever_it_stands():
    for arguments in (["--quiet", "source"], ["source", "--quiet"]):
        done = purenet(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--quiet" in done.stderr


def test_the_readme_shows_what_it_prints():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    block = "".join(f"    {line}\n" for line in (ARTICLE_ERRORS + ARTICLE_PREDICTIONS).splitlines())
    assert block in readme
