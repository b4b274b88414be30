"""The page as a file: what it records, how large it is, and that it is the same each time."""

import json
import re

import pytest
from command_line import purenet as purenet_command
from exported import NASTY
from hypothesis import given
from hypothesis import strategies as st
from support import bits, complaint, numbers_in

from purenet import Network, report
from purenet.datasets import digits, iris, xor
from purenet.export.layout import text_of
from purenet.page.document import LANGUAGES, SCRIPTS, all_words, lesson, page_of
from purenet.page.frames import FEWEST_FRAMES, Training, frame_of, iterations, record
from purenet.page.playground import ROWS, playground

MOST_BYTES = 1_000_000


def data_in(page):
    """Return the data of a page's script."""
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.html)
    return json.loads(text)


def one_hot(labels):
    return [[float(label == each) for each in sorted({*labels})] for label in labels]


@given(epochs=st.integers(0, 10**6), frames=st.integers(2, 200))
def test_all_of_the_first_iterations_and_the_last_are_recorded(epochs, frames):
    found = iterations(epochs, frames)
    few = min(20, frames // 2, epochs)
    assert found[:few] == [*range(few)]
    assert found[-1] == epochs and found == sorted({*found}) and len(found) <= frames + 1


def test_the_frames_are_those_of_plain_training_to_the_bit():
    training = lesson("three-layer", 300)
    data = record(training)
    numbers = numbers_in(data["recorded"])
    width = len(numbers) // len(data["iterations"])
    for frame, iteration in enumerate(data["iterations"]):
        network = Network([3, 4, 1], seed=1)
        if iteration:
            network.train(*xor(), epochs=iteration, engine="lists")
        expected = frame_of(network, training.X, training.y)
        assert bits([numbers[frame * width : (frame + 1) * width]]) == bits([expected])


def test_the_articles_trainings_take_at_most_200_kilobytes():
    page = report()
    assert [training["iterations"][-1] for training in data_in(page)["trainings"]] == [60000, 10000]
    assert len(page.html.encode()) <= 200_000


@pytest.mark.parametrize(
    ("sizes", "data", "frames", "rows"),
    [([4, 16, 3], iris, range(FEWEST_FRAMES, 151), 150), ([64, 32, 10], digits, range(2, 151), 12)],
)
def test_a_large_training_has_fewer_frames_and_then_fewer_rows(sizes, data, frames, rows):
    X, labels = data()
    page = report(Network(sizes, seed=1), X, one_hot(labels), epochs=100, learning_rate=0.001)
    [training] = data_in(page)["trainings"]
    assert len(training["X"]) == rows and len(training["iterations"]) in frames
    assert len(page.html.encode()) <= MOST_BYTES
    assert len(page.notes) == (rows < len(X))


def test_a_network_that_fits_on_no_page_is_refused():
    network = Network([300, 300, 1], init="zeros")
    said = complaint(report, network, [[0.0] * 300], [[1.0]], epochs=1)
    assert said == "report: expected a network that fits on a page, got 90,601 parameters"


def test_a_training_that_diverges_says_so_on_its_page():
    network = Network([1, 1], activation="linear", seed=1)
    page = report(network, [[3.0]], [[1.0]], epochs=10_000, learning_rate=1.0)
    assert len(page.notes) == 1 and "epoch" in page.notes[0]
    assert page.notes == data_in(page)["trainings"][0]["notes"]


def test_the_same_training_gives_the_same_bytes_and_the_network_is_unchanged():
    network = Network([3, 4, 1], seed=1)
    pages = [report(network, *xor(), epochs=50) for _ in range(2)]
    assert pages[0].html == pages[1].html
    assert network.weights == Network([3, 4, 1], seed=1).weights


def test_every_word_has_all_languages_and_is_used():
    words = all_words()
    scripts = "".join(text_of(f"page/{name}") for name in SCRIPTS)
    template = text_of("page/page.html")
    used = {*re.findall(r"WORDS\.(\w+)", scripts), *re.findall(r"{{(\w+)}}", template)}
    used |= {f"tour{n}" for n in range(1, 7)} | {f"data_{name}" for name in ["article", *ROWS]}
    used |= {word for word in words if word.removeprefix("playground_") in used}
    used -= {"recording", "heading", "lang", "last", "policy", "script", "style"}
    assert used == {*words}
    for key, texts in words.items():
        assert [*texts] == [*LANGUAGES] and all(texts.values()), key
        places = [sorted(re.findall(r"\{\w+\}", text)) for text in texts.values()]
        assert places[0] == places[1], key


def test_a_language_that_the_page_lacks_is_refused():
    assert complaint(page_of, [], "de") == 'lang: expected "en" or "ru", got \'de\' (str)'


@pytest.mark.parametrize("text", [*NASTY, "\ud800", "</script><script>", "<!--", "{{data}}"])
def test_names_are_text_in_the_file(text):
    training = lesson("two-layer", 5)._replace(title=text, input_names=[text] * 3)
    page = page_of([training])
    assert data_in(page)["trainings"][0]["inputNames"][0] == text.replace("\ud800", "\ufffd")
    assert page.html.count("<script") == page.html.count("</script>") == 2


def test_a_page_is_shown_in_a_notebook_in_a_frame_of_its_own():
    shown = report(Network([1, 1], seed=1), [[3.0]], [[1.0]], epochs=1)._repr_html_()
    assert shown.startswith('<iframe sandbox="allow-scripts" ') and shown.count("<") == 2


def test_a_state_has_one_frame_and_the_course_of_its_loss():
    network = Network([3, 4, 1], seed=1)
    history = network.train(*xor(), epochs=30)
    training = Training("net", network, *network.check_data(*xor()), 0, history=history)
    data = record(training)
    assert data["iterations"] == [0] and len(data["history"]) == len(history.loss)


def test_a_playground_is_small_and_always_the_same():
    page = playground()
    assert len(page.html.encode()) <= 200_000 and page.html == playground().html
    assert [*data_in(page)["problems"]] == ["article", *ROWS]


# -- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["two-layer", "three-layer", None])
def test_the_command_writes_lessons(what, tmp_path):
    given = [] if what is None else [what]
    result = purenet_command("report", *given, "--epochs", "5", "-o", "page.html", cwd=tmp_path)
    assert result.returncode == 0 and result.stdout == "page.html written\n"
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ("two-layer" in page, "three-layer" in page) == (
        what != "three-layer",
        what != "two-layer",
    )


def test_the_command_writes_a_saved_model_and_a_new_network(tmp_path):
    rows = "a,b,c,y\n0,0,1,0\n0,1,1,1\n1,0,1,1\n1,1,1,0\n"
    (tmp_path / "xor.csv").write_text(rows, encoding="ascii")
    purenet_command("article", "--epochs", "50", "--save", "net.json", cwd=tmp_path)
    for options in (["net.json"], ["--sizes", "3,2,1", "--epochs", "9", "--lang", "ru"]):
        command = ["report", *options, "--data", "xor.csv", "-o", "p.html"]
        result = purenet_command(*command, cwd=tmp_path)
        assert (result.returncode, result.stderr) == (0, "")
    assert '<html lang="ru">' in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_the_command_writes_a_playground(tmp_path):
    result = purenet_command("play", "-o", "play.html", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "play.html written\n")
    assert (tmp_path / "play.html").read_bytes() == playground().html.encode()
