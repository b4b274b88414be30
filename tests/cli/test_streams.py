"""What a command does with streams that are closed or of another encoding, and odd paths."""

import itertools
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import zipapp
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from command_line import ENV, IRIS, purenet
from support import CHECKOUT

from purenet import Classifier, Network, load, save
from purenet.cli.commands import COMMANDS
from purenet.formats.model import describe
from purenet.tables.columns import Column

EXAMPLES = {
    "article": "--epochs 10 --quiet",
    "digits": "--epochs 1 --hidden 2 --quiet",
    "train": f"{IRIS} --target species --epochs 2 -o made.json",
    "predict": f"iris.json {IRIS}",
    "evaluate": f"iris.json {IRIS}",
    "inspect": "iris.json",
    "diagnose": f"iris.json --data {IRIS}",
    "convert": "iris.json made.npz",
    "export": "iris.json -o made.py",
    "bundle": "--bare",
    "lesson": "two-layer --source",
    "trace": "two-layer --cell l1[0][0]",
    "why": "",
    "source": "",
    "picture": "iris.json",
    "report": "two-layer --epochs 1",
    "play": "",
}
CLOSED = ("<&-", ">&-", "2>&-", "<&- >&- 2>&-")
# Standard error that was opened for reading, and one on a full disk.
MORE = ("", "--restarts 2 --jobs 2", "--checkpoint saved.json")
UNWRITABLE = ("2</dev/null", "2>/dev/full")
ASCII = {**ENV, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LABELS = ["größe", "雪 \U0001f600"]


def first_quick(cases, quick):
    """Return the cases as parameters, of which the quick layer tries those."""
    return [
        pytest.param(*case, marks=() if case in quick else pytest.mark.exhaustive) for case in cases
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder with a model of a table."""
    path = tmp_path_factory.mktemp("streams")
    train = ("train", IRIS, "--target", "species", "--epochs", "5", "-o", "iris.json", "-q")
    assert purenet(*train, cwd=path).returncode == 0
    return path


def shell(command, folder, env=ENV):
    """Run `purenet` with the rest of a shell's line; return its code, output and complaints."""
    line = f"'{sys.executable}' -m purenet {command}"
    done = subprocess.run(line, shell=True, cwd=folder, env=env, capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr.decode()


def without_time(output):
    return re.sub(rb"\d+\.\d\d s", b"", output)


# -- closed streams --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("redirection", "command"),
    first_quick(
        list(itertools.product([">&-", "2>&-", "<&- >&- 2>&-"], COMMANDS)),
        [("2>&-", "train"), (">&-", "predict"), *(("<&- >&- 2>&-", name) for name in COMMANDS)],
    ),
)
def test_a_command_ends_as_ever_where_streams_are_closed(redirection, command, folder):
    line = f"{command} {EXAMPLES[command]}"
    code, printed, complaints = shell(f"{line} {redirection}", folder)
    assert (code, complaints) == (0, "")
    is_closed = ">&- " in f"{redirection} ".replace("2>&-", "")
    expected = (0, b"", "") if is_closed else shell(line, folder)
    assert expected[::2] == (0, "")
    assert without_time(printed) == without_time(expected[1])


@pytest.mark.parametrize("command", ["train - --target species", "predict iris.json -"])
def test_a_closed_standard_input_is_an_empty_table(command, folder):
    sentence = "purenet: standard input: expected a table, got an empty file\n"
    assert shell(f"{command} <&-", folder) == (1, b"", sentence)


@pytest.mark.parametrize(
    ("redirection", "more"),
    first_quick(
        list(itertools.product([*CLOSED, *UNWRITABLE], MORE)),
        [("2>&-", ""), ("2>&-", MORE[1]), ("2>/dev/full", MORE[2])],
    ),
)
def test_no_training_is_lost_because_a_stream_takes_nothing(redirection, more, folder):
    model = folder / "kept.json"
    model.unlink(missing_ok=True)
    # Two hidden neurons of few epochs do not learn the iris, so there are remarks to print.
    options = f"--target species --hidden 1 --epochs 2 -o kept.json {more}"
    shell(f"train '{IRIS}' {options} {redirection}", folder, {**ENV, "PYTHONUNBUFFERED": "1"})
    assert list(load(model).classes_) == ["setosa", "versicolor", "virginica"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("inspect iris.json >/dev/full", 1),
        (f"predict iris.json {IRIS} >/dev/full", 1),
        ("train --help >/dev/full", 1),
        ("inspect none.json 2>/dev/full", 1),
        ("train --bad 2>/dev/full", 2),
        (f"train {IRIS} --target species --hidden 1 --epochs 1 2>/dev/full", 0),
    ],
)
def test_a_full_disk_ends_a_command_with_its_code_and_in_one_sentence(line, expected, folder):
    env = {name: value for name, value in ENV.items() if name != "PYTHONUNBUFFERED"}
    code, _, complaints = shell(line, folder, env)
    sentence = "purenet: No space left on device\n"
    assert (code, complaints) == (expected, sentence if " >" in line else "")


@pytest.mark.parametrize("command", ["train --help", "train --bad", "predict none.json none.csv"])
@pytest.mark.parametrize("redirection", CLOSED)
def test_wrong_usage_and_errors_end_with_their_codes_where_streams_are_closed(
    command, redirection, folder
):
    code, _, complaints = shell(f"{command} {redirection}", folder)
    assert code == {"train --help": 0, "train --bad": 2}.get(command, 1)
    assert "Traceback" not in complaints


def test_a_terminal_that_hangs_up_loses_no_training(tmp_path):
    end, terminal = pty.openpty()
    command = ("train", IRIS, "--target", "species", "--epochs", "150", "-o", "kept.json", "-q")
    arguments = [sys.executable, "-c", HUNG_UP, *command]
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=ENV, stdout=subprocess.DEVNULL, stderr=terminal
    ) as running:
        os.close(terminal)
        os.close(end)
        assert running.wait(timeout=60) == 0
    assert (tmp_path / "kept.json").exists()


# A progress that is visible, on a terminal that is not there any more.
HUNG_UP = """\
import sys
from purenet.cli import main, terminal
terminal.Progress.__init__ = lambda self, quiet: self.__dict__.update(visible=True, width=0)
sys.exit(main(sys.argv[1:]))
"""


# -- encodings -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """Make a folder with a model whose labels and columns an ASCII terminal lacks."""
    path = tmp_path_factory.mktemp("named")
    rows = "".join(f"{i},{LABELS[i > 9]}\n" for i in range(20))
    (path / "table.csv").write_text(f"länge,art €\n{rows}", encoding="utf-8")
    train = ("train", "table.csv", "--target", "art €", "--epochs", "300", "-o", "m.json", "-q")
    assert purenet(*train, cwd=path).returncode == 0
    return path


DATA = [
    "predict m.json table.csv --probabilities",
    "export m.json",
    "picture m.json",
    "inspect m.json --json",
    "evaluate m.json table.csv --json",
    "source",
    "lesson two-layer --source",
    "bundle m.json",
    "report --sizes 1,2 --data table.csv",
    "play --lang ru",
]


@pytest.mark.parametrize("command", first_quick(zip(DATA), list(zip(DATA[:3]))))
def test_data_on_standard_output_is_utf_8_whatever_the_locale(command, named):
    expected = shell(command, named, {**ENV, "PYTHONUTF8": "1"})
    assert expected[1] or expected[0]
    expected[1].decode("utf-8")
    for env in (ASCII, {**ENV, "PYTHONIOENCODING": "latin-1"}):
        assert shell(command, named, env) == expected


def test_predictions_and_pictures_have_all_letters_of_the_labels(named):
    _, predictions, _ = shell("predict m.json table.csv", named, ASCII)
    assert predictions.decode().splitlines() == ["art €", *[LABELS[i > 9] for i in range(20)]]
    _, picture, _ = shell("picture m.json", named, {**ENV, "PYTHONIOENCODING": "latin-1"})
    assert "größe" in "".join(ElementTree.fromstring(picture.decode()).itertext())


def test_what_people_read_has_escapes_for_letters_that_the_terminal_lacks(named):
    _, facts, _ = shell("inspect m.json", named, ASCII)
    assert rb"gr\xf6\xdfe, \u96ea \U0001f600" in facts
    _, judgement, _ = shell(
        "evaluate m.json table.csv", named, {**ENV, "PYTHONIOENCODING": "latin-1"}
    )
    assert "größe".encode("latin-1") in judgement
    assert rb"\u96ea \U0001f600" in judgement
    code, _, complaints = shell("predict m.json table.csv --keep breite", named, ASCII)
    assert (code, r"the columns are 'l\xe4nge', 'art \u20ac'" in complaints) == (1, True)


# -- terminals -------------------------------------------------------------------------------------


def on_a_terminal(*arguments, folder, env=ENV):
    """Run a command with standard output on a terminal; return what that terminal got."""
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "purenet", *arguments], cwd=folder, env=env, stdout=end
    ) as running:
        os.close(end)
        shown = b""
        with suppress(OSError):  # Linux's way to say that the other end was closed
            while chunk := os.read(terminal, 4096):
                shown += chunk
    os.close(terminal)
    assert running.returncode == 0
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Make a folder with a model whose label clears the screen and turns the text around."""
    path = tmp_path_factory.mktemp("hostile")
    classifier = Classifier(epochs=300).fit([[i] for i in range(20)], [CLEARS] * 10 + ["z"] * 10)
    table = [Column("a", mean=0.0)], [Column(TURNS)]
    save(describe(classifier)._replace(table=table), path / "m.json")
    (path / "t.csv").write_text(f"a,{TURNS}\n1,{CLEARS}\n19,z\n", encoding="utf-8")
    return path


CLEARS, TURNS = "\x1b[2J\x07a", "\u202eb"
ESCAPED, TURNED = r"\x1b[2J\x07a", r"\u202eb"


def test_a_label_does_nothing_to_a_terminal(hostile):
    assert (
        on_a_terminal("predict", "m.json", "t.csv", folder=hostile) == f"{TURNED}\n{ESCAPED}\nz\n"
    )
    facts = on_a_terminal("inspect", "m.json", folder=hostile)
    assert f"{ESCAPED}, z\n" in facts
    assert f" {TURNED}\n" in facts
    assert ESCAPED in on_a_terminal("evaluate", "m.json", "t.csv", folder=hostile)
    for command in ("export m.json", "picture m.json"):
        assert not re.search("[\x1b\x07\u202e]", on_a_terminal(*command.split(), folder=hostile))


def test_a_label_forges_no_line_of_inspect(tmp_path):
    save(Classifier(epochs=1).fit([[0], [1]], ["a\nstopped: no", "b"]), tmp_path / "m.json")
    facts = purenet("inspect", "m.json", cwd=tmp_path).stdout
    assert r"a\nstopped: no, b" in facts


def test_data_in_a_pipe_is_unchanged(hostile):
    assert purenet("predict", "m.json", "t.csv", cwd=hostile).stdout == f"{TURNS}\n{CLEARS}\nz\n"
    assert json.loads(purenet("inspect", "m.json", "--json", cwd=hostile).stdout)["classes"] == [
        CLEARS,
        "z",
    ]


def test_a_remark_does_nothing_to_a_terminal(hostile):
    done = purenet("predict", "m.json", "t.csv", "--keep", f"a,{CLEARS}", cwd=hostile)
    assert (done.returncode, "\x1b" in done.stderr) == (1, False)
    done = purenet("convert", "m.json", f"{CLEARS}.json", cwd=hostile)
    assert done.stdout == f"{ESCAPED}.json written\n"


# -- inspect ---------------------------------------------------------------------------------------


def test_inspect_prints_null_for_a_loss_that_is_not_finite(tmp_path):
    network = Network([1, 1], seed=1)
    history = network.train([[1.0]], [[0.0]], epochs=2, every=1)
    history.loss[-1] = float("inf")
    history.validation_loss = []
    save(network, tmp_path / "net.onnx", history)
    done = purenet("inspect", "net.onnx", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout, parse_constant=pytest.fail)["last loss"] is None


def test_a_training_that_diverges_prints_valid_json(tmp_path):
    train = ("trace", "--sizes", "1,1", "--activation", "linear", "--learning-rate", "1e300")
    (tmp_path / "t.csv").write_text("1,1e200\n2,-1e200\n", encoding="ascii")
    done = purenet(*train, "--data", "t.csv", "--no-header", "--json", cwd=tmp_path)
    assert json.loads(done.stdout, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "command",
    [
        "inspect /dev/stdin",
        "inspect /dev/stdin --json",
        "trace /dev/stdin --data {data}",
        "report /dev/stdin --data {data}",
        f"predict /dev/stdin {IRIS}",
        "picture /dev/stdin",
        "export /dev/stdin",
        "convert /dev/stdin out.onnx",
    ],
)
def test_a_model_comes_through_a_pipe(command, folder):
    command = command.format(data=IRIS)
    code, printed, complaints = shell(f"{command} < iris.json", folder)
    assert code == 0
    through = f"'{sys.executable}' -m purenet {command}"
    done = subprocess.run(
        f"cat iris.json | {through}", shell=True, cwd=folder, env=ENV, capture_output=True
    )
    size = rb'"file size": \d+, |file size: .*\n'  # a pipe does not tell it
    assert (done.returncode, done.stderr.decode()) == (0, complaints)
    assert re.sub(size, b"", done.stdout) == re.sub(size, b"", printed)


# -- paths -----------------------------------------------------------------------------------------

OVERWRITING = [
    ("train data.csv --target y --checkpoint data.csv", "--checkpoint", "CSV"),
    ("train data.csv --target y --explain-svg {link}", "--explain-svg", "CSV"),
    ("train data.csv --target y --validation rows.csv -o rows.csv", "--out", "--validation"),
    ("train data.csv --target y --test rows.csv --checkpoint rows.csv", "--checkpoint", "--test"),
    ("train data.csv --target y --resume saved.json -o saved.json", "--out", "--resume"),
    ("train data.csv --target y -o new.json --checkpoint ./new.json", "--checkpoint", "--out"),
    ("train data.csv --target y -o new.json --checkpoint {here}/new.json", "--checkpoint", "--out"),
    ("train - --target y -o data.csv", "--out", "CSV"),
    ("predict m.json data.csv -o m.json", "--out", "MODEL"),
    ("predict m.json data.csv -o {link}", "--out", "CSV"),
    ("predict m.json {hard} -o data.csv", "--out", "CSV"),
    ("picture m.json -o m.json", "--out", "MODEL"),
    ("picture m.json --data data.csv -o data.csv", "--out", "--data"),
    ("export m.json -o m.json", "--out", "MODEL"),
    ("export m.json --data data.csv -o data.csv", "--out", "--data"),
    ("bundle m.json -o ./m.json", "--out", "MODEL"),
    ("report m.json --data data.csv -o m.json", "--out", "WHAT"),
    ("report --sizes 1,1 --data data.csv -o data.csv", "--out", "--data"),
]


@pytest.mark.parametrize(("command", "output", "other"), OVERWRITING)
def test_an_output_that_is_an_input_is_refused_before_anything_runs(
    command, output, other, tmp_path
):
    for name in ("data.csv", "rows.csv", "m.json", "saved.json"):
        (tmp_path / name).write_text("precious", encoding="ascii")
    (tmp_path / "link").symlink_to("data.csv")
    os.link(tmp_path / "data.csv", tmp_path / "hard")  # Path.hardlink_to is new in Python 3.10
    line = command.format(link="link", hard="hard", here=tmp_path)
    code, printed, complaints = shell(f"{line} < data.csv", tmp_path)
    assert (code, printed) == (2, b"")
    assert complaints.startswith(f"purenet: {output}: expected another file than for {other}, got ")
    assert {path.read_text() for path in tmp_path.iterdir()} == {"precious"}


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (f"train {CHECKOUT / IRIS} --target species -o -", "--out"),
        (f"train {CHECKOUT / IRIS} --target species --checkpoint -", "--checkpoint"),
        ("convert iris.json -", "OUT"),
        ("export iris.json -o -", "--out"),
        ("bundle -o -", "--out"),
    ],
)
def test_no_file_is_ever_called_like_standard_input(command, output, folder):
    code, printed, complaints = shell(command, folder)
    assert (code, printed) == (2, b"")
    message = "expected another name than -"
    assert complaints.startswith(f"purenet: {output}: {message}")
    assert not (folder / "-").exists()


def test_a_folder_of_pictures_that_has_an_input_is_refused(folder, tmp_path):
    data = tmp_path / "loss.svg"
    data.write_text((CHECKOUT / IRIS).read_text(encoding="utf-8"), encoding="utf-8")
    code, printed, complaints = shell(f"picture iris.json --data {data} -o {tmp_path}", folder)
    assert (code, printed, list(tmp_path.iterdir())) == (2, b"", [data])
    assert complaints.startswith("purenet: --out: expected another file than for --data, got ")
    assert "sepal" in data.read_text(encoding="utf-8")


def test_nothing_is_said_on_a_standard_output_that_is_the_file(folder):
    line = f"predict iris.json {IRIS}"
    assert shell(f"{line} -o /dev/stdout | cat", folder) == shell(line, folder)


def test_a_file_may_be_replaced_by_what_was_made_of_it(folder):
    (folder / "again.json").write_bytes((folder / "iris.json").read_bytes())
    assert purenet("convert", "again.json", "again.json", "--bare", cwd=folder).returncode == 0
    train = ("train", IRIS, "--target", "species", "--epochs", "3", "-q")
    first = purenet(*train, "--checkpoint", "part.json", cwd=folder)
    resume = ("--resume", "part.json", "--checkpoint", "part.json")
    assert purenet(*train, *resume, cwd=folder).stdout == first.stdout


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("picture m.json -o x.png", "x.png: expected a name for a picture, which ends in .svg"),
        (f"train {IRIS} --target species --explain-svg x.png", "a picture, which ends in .svg"),
        ("report two-layer -o x.svg", "x.svg: expected a name for a page, which ends in .html"),
        ("play -o x.js", "x.js: expected a name for a page, which ends in .html or .htm"),
        ("bundle -o c.js", "c.js: expected a name for Python source, which ends in .py"),
        ("export m.json -o x.onnx", "to write a model's file: convert m.json x.onnx"),
        ("convert m.json x.py", "to write source code: export m.json -o x.py"),
    ],
)
def test_a_name_of_another_kind_of_file_is_refused(command, message, tmp_path):
    save(Network([2, 1], seed=1), tmp_path / "m.json")
    done = purenet(*command.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert message in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


# -- sizes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "article --hidden 99999999999",
        "digits --hidden 99999999999",
        "source --hidden 99999999999",
        "trace --sizes 2,99999999999,1 --data xor",
        "report --sizes 2,99999999999,1 --data xor",
        f"train {IRIS} --target species --hidden 99999999999",
        f"train {IRIS} --target species --hidden 5000,5000",
    ],
)
def test_a_network_of_more_numbers_than_a_file_holds_is_refused_before_it_takes_memory(command):
    done = purenet(*command.split())
    assert done.returncode == 1
    assert "sizes: expected at most 16,777,216 numbers, got " in done.stderr


# -- odd places ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Make a zip file of the package, which nothing can write to."""
    path = tmp_path_factory.mktemp("archive")
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "purenet", path / "folder" / "purenet", ignore=without)
    zipapp.create_archive(path / "folder", path / "purenet.pyz", main="purenet.cli:program")
    shutil.rmtree(path / "folder")
    return path / "purenet.pyz"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_runs_from_a_zip_file(command, archive, folder):
    line = f"{command} {EXAMPLES[command]}"
    _, printed, _ = shell(line, folder)
    done = subprocess.run(
        [sys.executable, archive, *line.split()],
        cwd=folder,
        env={name: value for name, value in ENV.items() if name != "PYTHONPATH"},
        capture_output=True,
    )
    assert done.returncode == 0
    without = str(archive).encode(), str(CHECKOUT).encode()  # the place that a lesson names
    assert without_time(done.stdout.replace(*without)) == without_time(printed)


def test_a_zip_file_ends_with_the_code_of_an_error(archive, tmp_path):
    done = subprocess.run([sys.executable, archive, "inspect", "none.json"], capture_output=True)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"purenet: No such file or directory: 'none.json'\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_runs_where_the_working_directory_is_gone(command, folder, tmp_path):
    line = f"{command} {EXAMPLES[command]}".replace("iris.json", str(folder / "iris.json"))
    code, printed, complaints = shell(line, folder)
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        f"cd gone; rmdir ../gone; '{sys.executable}' -m purenet {line}",
        shell=True,
        cwd=tmp_path,
        env=ENV,
        capture_output=True,
    )
    if "made" in line:  # a file with no place to be
        assert done.returncode == 1
        assert re.fullmatch(b"purenet: No such file or directory.*\n", done.stderr)
    else:
        assert (done.returncode, done.stderr) == (code, complaints.encode())
        assert without_time(done.stdout) == without_time(printed)
