"""The command line: what each command prints, and how it ends, also as a process on a pipe."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ENV, process, purenet
from support import ARTICLE_X, ARTICLE_Y

import purenet as package
from purenet import Network, datasets, diagnose, engines, lessons, load, save
from purenet.formats import load_history
from purenet.lessons import trace
from purenet.lessons.checking import difference, prints_of
from purenet.lessons.programs import LESSONS
from purenet.lessons.questions import QUESTIONS, why
from purenet.pictures import (
    correlation_chart,
    decision_surface,
    loss_curve,
    network_graph,
    slope_curve,
)

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
    done = process()
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


@pytest.mark.exhaustive
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


def test_digits_are_learned_as_well_by_packed_integers():
    right = [
        json.loads(purenet("digits", "--json", "--epochs", "3", "--engine", engine).stdout)["right"]
        for engine in ("packed", "unrolled")
    ]
    assert right[0] == right[1] > 0.9 * 360


@pytest.mark.parametrize("command", ["article", "digits"])
def test_progress_is_shown_on_a_terminal_and_wiped_at_the_end(command):
    shown, *_ = on_a_terminal(command, "--epochs", "3").partition("purenet:")
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
        (["digit"], "there is no command digit; is it digits?"),
        (["xyz"], "there is no command xyz\n"),
        (
            ["trace", "--sizes", "2,2,2,1", "--activation", "tanh,Relu"],
            "linear, or one for each layer, such as tanh,relu, got 'tanh,Relu'; is it relu?",
        ),
        (["--nonsense"], "there is no option --nonsense\n"),
        (["--hiden", "3"], "there is no option --hiden; is it --hidden?"),
        (["--epoch", "3"], "there is no option --epoch; is it --epochs?"),
        (["--epochs", "3", "digits", "--hiden=3"], "digits has no option --hiden; is it --hidden?"),
        (["--learning-rate", "1", "digits"], "digits has no option --learning-rate"),
        (["train", "a.csv", "--targt", "y"], "train has no option --targt; is it --target?"),
        (["predict", "a", "b", "c"], "predict takes no more arguments, but got 'c'"),
        (["train", "a.csv", "--activation", "softmax"], "; softmax is for the output layer"),
        (["train", "a.csv", "--validation-fraction", "2"], "expected a number from 0 to 0.5, got"),
    ],
)
def test_wrong_usage_is_said_on_standard_error_and_ends_with_2(arguments, message):
    done = purenet(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    sentence, way = done.stderr.splitlines(True)
    assert message in sentence
    assert re.fullmatch("purenet: `purenet( [a-z]+)? --help` lists .*\n", way)


def test_a_command_loads_no_other():
    program = (
        "import sys; from purenet.cli import main; main(['why'])\n"
        "loaded = [name for name in sys.modules if name.startswith('purenet.')]\n"
        "from purenet.cli.commands import COMMANDS\n"
        "print(*[name for name in COMMANDS if f'purenet.cli.{name}' in loaded])\n"
        "print('concurrent.futures' in sys.modules, 'purenet.pictures' in loaded)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENV, check=True
    )
    assert done.stdout.splitlines()[-2:] == ["why", "False False"]


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
    assert done.stderr == "purenet: No space left on device\n"


def test_a_closed_standard_output_is_no_reason_to_complain():
    command = f"{sys.executable} -m purenet >&-"
    done = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_more_neurons_than_memory_is_one_sentence_and_1():
    limit = 100 * 2**20
    import resource

    done = process(
        "--hidden",
        "3000000",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (done.returncode, done.stderr) == (1, "purenet: not enough memory\n")


def test_import_purenet_opens_no_room_but_the_door_of_the_core():
    program = (
        "import sys; before = set(sys.modules); import purenet; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "['purenet', 'purenet._version', 'purenet.core']\n"


def test_the_source_command_prints_what_the_engine_runs():
    done = purenet("source")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == engines.source(Network([3, 4, 1]), ARTICLE_X, ARTICLE_Y) + "\n"
    tuned = engines.source(Network([3, 2, 1]), ARTICLE_X, ARTICLE_Y, tuned=True)
    assert purenet("source", "--hidden", "2", "--tuned").stdout == tuned + "\n"


def test_an_old_terminal_gets_a_transpose_with_escapes():
    done = process("trace", env={**ENV, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert r"weights[1]\u1d40" in done.stdout


def test_an_option_that_a_command_has_not_is_refused_wherever_it_stands():
    for arguments in (["--quiet", "source"], ["source", "--quiet"]):
        done = purenet(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--quiet" in done.stderr


# -- lesson, trace, why, picture, diagnose ---------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the article's network, trained and saved, and its data as CSV."""
    folder = tmp_path_factory.mktemp("saved")
    assert purenet("--quiet", "--save", str(folder / "net.json")).returncode == 0
    (folder / "xor.csv").write_text("a,b,c,out\n0,0,1,0\n0,1,1,1\n1,0,1,1\n1,1,1,0\n")
    (folder / "text.json").write_text("weights")
    return folder


def test_a_saved_network_is_the_trained_one_with_its_history(folder):
    network = load(folder / "net.json")
    trained = Network([3, 4, 1], seed=1)
    trained.train(ARTICLE_X, ARTICLE_Y, epochs=60_000)
    assert network.weights == trained.weights
    history = load_history(folder / "net.json")
    assert (history.epochs[0], history.epochs[-1]) == (0, 59_999)
    assert history.epochs == sorted(history.epochs)
    assert history.loss[-1] < history.loss[0]


def test_digits_can_be_saved_too(tmp_path):
    purenet("digits", "--epochs", "1", "--hidden", "4", "--save", "net.json", cwd=tmp_path)
    assert load(tmp_path / "net.json").sizes == [64, 4, 10]
    assert load_history(tmp_path / "net.json").epochs == [0]


def test_lesson_runs_a_program_and_says_where_to_look():
    done = purenet("lesson", "two-layer")
    program, places = done.stdout.split("\nPlaces to look\n\n")
    assert program.startswith("Output After Training:\n[[0.00966449]\n [0.00786506]\n")
    source = Path(lessons.__file__).with_name("two_layer.py").read_text(encoding="utf-8")
    commented = "".join(f"# {line}".rstrip() + "\n" for line in places.splitlines())
    assert source.endswith(f"\n# Places to look\n#\n{commented}")
    assert purenet("lesson", "two-layer", "--quiet").stdout == program
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_prints_the_program_where_its_source_is_asked_for(lesson):
    file = Path(lessons.__file__).with_name(f"{lesson.replace('-', '_')}.py")
    whole = file.read_text(encoding="utf-8")
    here = whole.replace('f"{sys.path[0]}/../.."', repr(str(Path(package.__file__).parents[1])))
    assert purenet("lesson", lesson, "--source").stdout == here
    assert (here != whole) == (lesson != "loops")


def test_the_source_of_a_lesson_runs_in_a_folder_of_ones_own_with_nothing_installed(tmp_path):
    (tmp_path / "mine.py").write_text(purenet("lesson", "two-layer", "--source").stdout)
    alone = [sys.executable, "-S", "-E", "mine.py"]  # without site-packages and PYTHONPATH
    done = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == purenet("lesson", "two-layer", "--quiet").stdout
    assert done.stderr == ""


def test_on_a_terminal_a_lesson_shows_how_far_it_is_and_wipes_that():
    shown = on_a_terminal("lesson", "two-layer")
    assert re.findall(r"\riteration [\d,]+ of 10,000", shown)[0] == "\riteration 250 of 10,000"
    assert shown.count("\riteration ") == 20
    assert re.search(r"\r +\r$", shown)
    assert on_a_terminal("lesson", "two-layer", "--quiet") == ""


TWO_LAYER = """\
import purenet.np as np
X, y = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]), np.array([[0, 0, 1, 1]]).T
np.random.seed(1)
syn0 = 2 * np.random.random((3, 1)) - 1
print("10000 iterations")
for j in range(10000):
    l1 = 1 / (1 + np.exp(-np.dot(X, syn0)))
    syn0 += np.dot(X.T, (y - l1) * (l1 * (1 - l1)))
"""


@pytest.mark.parametrize(
    ("program", "found"),
    [
        (f"{TWO_LAYER}print(l1)", ""),
        (f"{TWO_LAYER}print(l1)\nraise SystemExit(1)", ""),
        (f"{TWO_LAYER}print(l1.tolist())", ""),
        (f"{TWO_LAYER}print('%.3f %.2e %.1f' % tuple(l1.T.tolist()[0][:3]), l1[3][0])", ""),
        (
            f"{TWO_LAYER.replace('seed(1)', 'seed(2)')}print(l1)",
            "line 2, '[[0.00967148]': expected 0.00966449, got 0.00967148",
        ),
        (f"{TWO_LAYER}print(l1[:3])", "expected 0.99211957 after 3 numbers with a point, got no"),
        ("print(-.5)", "line 1, '-0.5': expected 0.00966449, got -0.5"),
        ("\n1 / 0", "ended with ZeroDivisionError: division by zero"),
    ],
)
def test_lesson_compares_a_program_of_ones_own_with_the_lesson(program, found, tmp_path):
    (tmp_path / "mine.py").write_text(program)
    done = purenet("lesson", "two-layer", "--check", "mine.py", cwd=tmp_path)
    printed = "" if found else "mine.py: prints the numbers of two-layer\n"
    assert (done.returncode, done.stdout) == (int(bool(found)), printed)
    assert not found or f"purenet: mine.py: {found}" in done.stderr


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_passes_its_own_check(lesson):
    assert difference(prints_of(lesson), lesson) == ""
    other = "two-layer" if lesson != "two-layer" else "loops"
    assert difference(prints_of(other), lesson).startswith(f"line {2 if other[0] == 't' else 1}, ")


def test_lesson_alone_lists_the_lessons():
    lines = purenet("lesson").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(LESSONS)
    assert all(line.endswith(".") for line in lines)


def test_trace_writes_out_the_step_that_the_library_gives():
    step = trace(Network([3, 4, 1], seed=1), ARTICLE_X, ARTICLE_Y)
    assert purenet("trace").stdout == f"{step}\n"
    for lesson in set(LESSONS) - {"two-layer"}:
        assert purenet("trace", lesson, "--at", "10").stdout == f"{step.after(10)}\n"
    assert json.loads(purenet("trace", "--json").stdout) == step.as_data()
    equation = "l1 = sigmoid(X · weights[0])   (4 x 3) · (3 x 4) = (4 x 4)"
    assert equation in purenet("trace").stdout


def test_trace_expands_a_cell_and_follows_a_weight():
    step = trace(Network([3, 4, 1], seed=1), ARTICLE_X, ARTICLE_Y)
    cell, weight = "l1_delta[2][1]", "weights[0][0][1]"
    assert purenet("trace", "--cell", cell).stdout == f"{step.cell(cell)}\n"
    assert purenet("trace", "--follow", weight).stdout == f"{step.follow(weight, 10_000)}\n"
    until = purenet("trace", "--follow", weight, "--until", "50", "--json").stdout
    assert json.loads(until) == step.follow(weight, 50).as_data()


def test_trace_takes_a_saved_network_and_one_described_on_the_command_line(folder):
    history = load_history(folder / "net.json")
    step = trace(load(folder / "net.json"), ARTICLE_X, ARTICLE_Y, history=history)
    assert step.iteration > 0
    saved = purenet("trace", "net.json", "--data", "xor.csv", cwd=folder).stdout
    assert saved == f"{step}\n"
    follow = ["trace", "net.json", "--data", "xor", "--at", "5", "--follow", "l2_error[0][0]"]
    course = step.after(5).follow("l2_error[0][0]", step.iteration + 50)
    assert purenet(*follow, "--until", "50", cwd=folder).stdout == f"{course}\n"
    options = ["--sizes", "3,2,1", "--seed", "7", "--bias", "--activation", "tanh"]
    xor = (folder / "xor.csv").read_text()
    described = purenet("trace", *options, "--data", "-", input=xor).stdout
    network = Network([3, 2, 1], seed=7, bias=True, activation="tanh")
    assert described == f"{trace(network, ARTICLE_X, ARTICLE_Y)}\n"


def test_each_hidden_layer_may_have_an_activation_of_its_own(folder):
    options = ["--sizes", "3,2,2,1", "--activation", "tanh,relu", "--data", "xor.csv"]
    described = purenet("trace", *options, cwd=folder).stdout
    network = Network([3, 2, 2, 1], seed=1, activation=["tanh", "relu"])
    assert described == f"{trace(network, ARTICLE_X, ARTICLE_Y)}\n"


@pytest.mark.parametrize(("no_color", "colors"), [("", True), ("1", False)])
def test_trace_has_color_on_a_terminal_unless_no_color_is_set(no_color, colors):
    terminal, end = pty.openpty()
    environment = {**ENV, "NO_COLOR": no_color, "TERM": "xterm"}
    subprocess.run([sys.executable, "-m", "purenet", "trace"], stdout=end, env=environment)
    os.close(end)
    assert ("\033[1m" in os.read(terminal, 4096).decode()) == colors
    os.close(terminal)
    assert "\033" not in purenet("trace").stdout


def test_why_xor_counts_over_as_many_seeds_as_it_is_told():
    assert purenet("why", "xor", "--seeds", "2").stdout == f"{why('xor', seeds=2)}\n"


def test_why_alone_lists_the_questions():
    lines = purenet("why").stdout.splitlines()
    assert [tuple(line.split(maxsplit=1)) for line in lines] == list(QUESTIONS.items())


def test_picture_writes_a_file_or_a_folder_of_all_or_standard_output(folder, tmp_path):
    net = str(folder / "net.json")
    graph = network_graph(load(net)).svg
    assert purenet("picture", net).stdout == graph
    assert purenet("picture", net, "-o", "net.svg", cwd=tmp_path).returncode == 0
    assert (tmp_path / "net.svg").read_text(encoding="utf-8") == graph
    done = purenet("picture", net, "-o", "all/", "--data", str(folder / "xor.csv"), cwd=tmp_path)
    kinds = ["graph", "loss", "surface", "correlation", "slope"]
    assert done.stdout.splitlines() == [f"all/{kind}.svg written" for kind in kinds]
    correlation = (tmp_path / "all/correlation.svg").read_text(encoding="utf-8")
    assert correlation == correlation_chart(load(net), ARTICLE_X, ARTICLE_Y).svg
    assert purenet("picture", net, "--kind", "slope").stdout == slope_curve("sigmoid").svg
    refused = purenet("picture", net, "--kind", "correlation")
    assert refused.returncode == 2 and "--data: expected rows to correlate" in refused.stderr
    loss = (tmp_path / "all/loss.svg").read_text(encoding="utf-8")
    assert loss == loss_curve(load_history(net)).svg
    surface = (tmp_path / "all/surface.svg").read_text(encoding="utf-8")
    assert surface == decision_surface(load(net), ARTICLE_X, ARTICLE_Y).svg


@pytest.mark.parametrize(("lesson", "epochs"), [("two-layer", 10_000), ("loops", 60_000)])
def test_picture_draws_a_lesson_after_its_training(lesson, epochs, tmp_path):
    X, y = datasets.article_two_layer() if lesson == "two-layer" else datasets.xor()
    network = Network([3, 1] if lesson == "two-layer" else [3, 4, 1], seed=1)
    history = network.train(X, y, epochs=epochs, every=1)
    assert purenet("picture", lesson, "-o", "all/", cwd=tmp_path).returncode == 0
    pictures = [network_graph(network), loss_curve(history), decision_surface(network, X, y)]
    for name, picture in zip(("graph", "loss", "surface"), pictures):
        assert (tmp_path / "all" / f"{name}.svg").read_text(encoding="utf-8") == picture.svg


@pytest.mark.parametrize("lesson", LESSONS)
def test_report_shows_each_lesson(lesson, tmp_path):
    done = purenet("report", lesson, "--epochs", "2", "-o", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f'"title": "{lesson}"' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_digits_draws_its_wrong_answers_and_its_hidden_units(tmp_path):
    document = json.loads(
        purenet("digits", "--epochs", "1", "--hidden", "5", "--json", "-o", tmp_path / "new").stdout
    )
    wrong = (tmp_path / "new" / "wrong.svg").read_text(encoding="utf-8")
    named = re.findall(r">(\d), read as (\d)<", wrong)
    assert len(named) == document["held_out"] - document["right"] > 0
    assert all(label != guess for label, guess in named)
    units = (tmp_path / "new" / "units.svg").read_text(encoding="utf-8")
    assert re.findall(r">(unit \d)<", units) == [f"unit {j}" for j in range(5)]
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_saved_article_has_a_history_for_a_log_axis(folder):
    epochs = load_history(folder / "net.json").epochs
    assert epochs[:11] == list(range(11))
    assert "epoch, from 1, log scale" in loss_curve(load_history(folder / "net.json")).svg


def test_picture_shows_values_and_the_largest_of_several_outputs(tmp_path):
    network = Network([2, 3], output_activation="softmax", seed=1)
    save(network, tmp_path / "net.json")
    picture = ["picture", str(tmp_path / "net.json")]
    values = purenet(*picture, "--row", "0.5,1").stdout
    assert values == network_graph(network, [0.5, 1]).svg
    classes = purenet(*picture, "--kind", "surface", "--inputs", "1,0").stdout
    assert classes == decision_surface(network, None, None, (1, 0), None).svg


def test_diagnose_says_what_the_library_says(folder, tmp_path):
    data = str(folder / "xor.csv")
    assert (
        purenet("diagnose", str(folder / "net.json"), "--data", data).stdout == "no trouble found\n"
    )
    of_xor = purenet("diagnose", str(folder / "net.json"), "--data", "xor", cwd=tmp_path)
    assert of_xor.stdout == "no trouble found\n"
    network = Network([3, 1], seed=1)
    network.weights = [[[50.0], [50.0], [50.0]]]
    save(network, tmp_path / "net.json")
    said = purenet("diagnose", str(tmp_path / "net.json"), "--data", data).stdout.splitlines()
    assert said == diagnose(network, ARTICLE_X, ARTICLE_Y)
    assert said


def test_a_training_that_went_badly_says_so_and_why():
    said = purenet("--learning-rate", "1000", "--epochs", "1000").stderr.splitlines()
    network = Network([3, 4, 1], seed=1)
    network.train(ARTICLE_X, ARTICLE_Y, epochs=1000, learning_rate=1000)
    troubles = diagnose(network, ARTICLE_X, ARTICLE_Y, learning_rate=1000)
    assert troubles
    assert said[0] == "purenet: 2 of 4 answers are on the wrong side of 0.5"
    assert said[1:-1] == [f"purenet: {sentence}" for sentence in troubles]
    assert said[-1].startswith("purenet: try more --epochs, more --hidden or another --seed; see ")


def test_a_training_that_went_badly_says_that_it_has_settled():
    said = purenet("--hidden", "2", "--seed", "3").stderr
    assert "purenet: Learning has settled, or crosses a plateau: the loss is 0.0" in said
    assert "try more --epochs, more --hidden or another --seed" in said
    said = purenet("digits", "--hidden", "1", "--epochs", "1").stderr
    assert said.startswith("purenet: fewer than 50% of the images held out are recognized\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lesson", "loop"], "raw-lists or loops, got 'loop'; is it loops?"),
        (["why", "slop"], "got 'slop'; is it slope?"),
        (["why", "slope", "--seeds", "3"], "--seeds: only for the topic xor; leave it out"),
        (["trace", "--cell", "y[0][0]", "--follow", "y[0][0]"], "expected one of them, got both"),
        (["lesson", "--check", "mine.py"], "--check: expected the lesson to compare with"),
        (["trace", "--until", "3"], "--until: only with --follow"),
        (
            ["trace", "none"],
            "none: expected eleven-lines, two-layer, three-layer, raw-lists, loops or",
        ),
        (["trace", "--data", "xor.csv"], "--data: a lesson has its own rows; give --sizes"),
        (
            ["trace", "--sizes", "2,1"],
            "--data: expected a CSV file with the rows to train on, got nothing",
        ),
        (
            ["trace", "net.json"],
            "--data: expected a CSV file with the rows to train on, got nothing",
        ),
        (["trace", "--bias"], "give --sizes too"),
        (
            ["trace", "net.json", "--sizes", "3,1", "--data", "-"],
            "--sizes: describes a new network; leave out net.json",
        ),
        (["trace", "--sizes", "2,0", "--data", "-"], "expected a whole number of at least 1"),
        (["trace", "--learning-rate", "0"], "expected a number above 0, got '0'"),
        (["trace", "--learning-rate", "x"], "expected a number above 0, got 'x'"),
        (["picture"], "required: MODEL"),
        (["picture", "net.json", "--row", "1,x"], "expected numbers such as 0,1,1, got '1,x'"),
        (
            ["picture", "net.json", "--kind", "surface", "--inputs", "1"],
            "expected two indices such as 0,1, got 1",
        ),
        (["diagnose", "net.json"], "--data: expected a CSV file with rows to diagnose on"),
    ],
)
def test_wrong_usage_of_the_readers_commands_names_what_is_wrong(folder, arguments, message):
    done = purenet(*arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    sentence, way = done.stderr.splitlines()
    assert message in sentence
    assert way == f"purenet: `purenet {arguments[0]} --help` lists the options"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "standard input: expected a table, got an empty file"),
        ("a,b,c,d\n", "standard input: expected rows after the header, got none"),
        ("0,0,1,0\n" * 2 + "1,2,3\n", "standard input: line 3 has 3 values, but most lines have 4"),
        ("1,2\n", "standard input: 2 columns, but the network has 3 inputs and 1 output"),
        ("0,0,1,0\n1,2,x,3\n", "standard input: line 2, column '3': expected a number, got 'x'"),
        ("0,0,nan,0\n", "standard input: line 1, column '3': expected a value, got 'nan'"),
        ("\xff\xfd", "standard input: line 1 is not text in UTF-8"),
    ],
)
def test_data_that_cannot_be_read_is_one_sentence(text, message):
    done = purenet("trace", "--sizes", "3,1", "--data", "-", input=text.encode("latin-1"))
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", ", "])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_data_may_have_any_usual_delimiter_a_header_and_a_byte_order_mark(delimiter, mark):
    rows = [["a", "b", "c", "d"], *[[*x, *y] for x, y in zip(ARTICLE_X, ARTICLE_Y)]]
    text = mark + "".join(delimiter.join(map(str, row)) + "\r\n" for row in rows)
    done = purenet("trace", "--sizes", "3,4,1", "--data", "-", input=text)
    assert done.stdout == purenet("trace").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["trace", "--cell", "l3[0][0]"],
            "purenet: cell: no matrix is called l3; the matrices are X, y, weights[0], ",
        ),
        (["diagnose", "net.json", "--data", "loop"], "No such file or directory: 'loop'"),
        (["picture", "none.json"], "purenet: No such file or directory: 'none.json'"),
        (["picture", "xor.csv"], "purenet: xor.csv: expected a name that ends in .json, "),
        (["picture", "text.json"], "purenet: text.json: not JSON"),
        (["picture", "net.json", "--row", "1"], "purenet: row: row 0 has 1 value"),
        (["picture", "net.json", "-o", "none/net.svg"], "No such file or directory"),
        (["--save", "none/net.json"], "No such file or directory"),
        (["--save", "net.pt"], "purenet: net.pt: expected a name that ends in .json, "),
        (["digits", "--save", "net.pt"], "purenet: net.pt: expected a name that ends in "),
    ],
)
def test_what_the_rooms_refuse_is_one_sentence_and_1(folder, arguments, message):
    done = purenet(*arguments, cwd=folder)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_picture_of_a_training_that_nobody_wrote_down_is_refused(tmp_path):
    save(Network([2, 1]), tmp_path / "net.json")
    done = purenet("picture", "net.json", "--kind", "loss", cwd=tmp_path)
    message = "expected a training history for the loss curve, got none"
    assert done.stderr == f"purenet: net.json: {message}\n"
    done = purenet("picture", "net.json", "-o", ".", cwd=tmp_path)
    assert done.stdout == "graph.svg written\nsurface.svg written\nslope.svg written\n"
