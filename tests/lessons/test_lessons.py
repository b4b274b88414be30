"""The lessons: the article's programs unchanged, the lesson files, and the step written out."""

import ast
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
import support
from command_line import purenet as run_command
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    CHECKOUT,
    ROUNDING,
    Rounded,
    assert_within,
    bits,
    complaint,
    networks,
    problems,
    state_of,
)

from purenet import Diverged, History, Network, lessons
from purenet.core.backpropagation import find_deltas, find_negative_gradients, forward
from purenet.lessons import trace
from purenet.lessons.checking import prints_of

FOLDER = CHECKOUT / "purenet" / "lessons"
LESSONS = ["eleven_lines", "two_layer", "three_layer", "raw_lists", "loops"]

# The programs of Andrew Trask, "A Neural Network in 11 lines of Python" (2015), without comments.
# The first neither imports nor seeds nor prints: those three lines have been added around it.
ELEVEN_LINES = """\
X = np.array([ [0,0,1],[0,1,1],[1,0,1],[1,1,1] ])
y = np.array([[0,1,1,0]]).T
syn0 = 2*np.random.random((3,4)) - 1
syn1 = 2*np.random.random((4,1)) - 1
for j in xrange(60000):
    l1 = 1/(1+np.exp(-(np.dot(X,syn0))))
    l2 = 1/(1+np.exp(-(np.dot(l1,syn1))))
    l2_delta = (y - l2)*(l2*(1-l2))
    l1_delta = l2_delta.dot(syn1.T) * (l1 * (1-l1))
    syn1 += l1.T.dot(l2_delta)
    syn0 += X.T.dot(l1_delta)
"""
TWO_LAYER = """\
import numpy as np

def nonlin(x,deriv=False):
    if(deriv==True):
        return x*(1-x)
    return 1/(1+np.exp(-x))

X = np.array([  [0,0,1],
                [0,1,1],
                [1,0,1],
                [1,1,1] ])

y = np.array([[0,0,1,1]]).T

np.random.seed(1)

syn0 = 2*np.random.random((3,1)) - 1

for iter in xrange(10000):

    l0 = X
    l1 = nonlin(np.dot(l0,syn0))

    l1_error = y - l1

    l1_delta = l1_error * nonlin(l1,True)

    syn0 += np.dot(l0.T,l1_delta)

print "Output After Training:"
print l1
"""
THREE_LAYER = """\
import numpy as np

def nonlin(x,deriv=False):
    if(deriv==True):
        return x*(1-x)

    return 1/(1+np.exp(-x))

X = np.array([[0,0,1],
            [0,1,1],
            [1,0,1],
            [1,1,1]])

y = np.array([[0],
            [1],
            [1],
            [0]])

np.random.seed(1)

syn0 = 2*np.random.random((3,4)) - 1
syn1 = 2*np.random.random((4,1)) - 1

for j in xrange(60000):

    l0 = X
    l1 = nonlin(np.dot(l0,syn0))
    l2 = nonlin(np.dot(l1,syn1))

    l2_error = y - l2

    if (j% 10000) == 0:
        print "Error:" + str(np.mean(np.abs(l2_error)))

    l2_delta = l2_error*nonlin(l2,deriv=True)

    l1_error = l2_delta.dot(syn1.T)

    l1_delta = l1_error * nonlin(l1,deriv=True)

    syn1 += l1.T.dot(l2_delta)
    syn0 += l0.T.dot(l1_delta)
"""
ARTICLE = {
    "eleven lines": f"import numpy as np\nnp.random.seed(1)\n{ELEVEN_LINES}print l2\n",
    "two-layer": TWO_LAYER,
    "three-layer": THREE_LAYER,
}
TWO_LAYER_PRINTS = """\
Output After Training:
[[0.00966449]
 [0.00786506]
 [0.99358898]
 [0.99211957]]
"""
THREE_LAYER_PRINTS = """\
Error:0.496410031903
Error:0.00858452565325
Error:0.00578945986251
Error:0.00462917677677
Error:0.00395876528027
Error:0.00351012256786
"""


def in_python_3(program, module):
    """Return an article's program in Python 3, with another module for NumPy."""
    program = re.sub(r"print (.+)", r"print(\1)", program.replace("xrange", "range"))
    assert program.count("import numpy as np") == 1
    return program.replace("import numpy as np", f"import {module} as np")


def as_python_2_prints(text):
    """Return a text with twelve digits in each number; Python 3 shows as many as it has."""
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.12g}", text)


def source(lesson):
    return (FOLDER / f"{lesson}.py").read_text(encoding="utf-8")


def assigned(lesson, name):
    """Return the value of a name that a lesson's source writes out."""
    values = [
        statement.value
        for statement in ast.parse(source(lesson)).body
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name
    ]
    return ast.literal_eval(values[0])


def places(lesson):
    return re.sub("^# ?", "", source(lesson).partition("\n# Places to look\n")[2], flags=re.M)


LINES = [line for lesson in LESSONS for line in places(lesson).splitlines()]
QUOTED = sorted({line.strip() for line in LINES if line.startswith("    ")})

# Questions to a lesson at its end, as if typed after `python -i`: all of its matrices.
QUESTION = """\
import json; print(json.dumps({name: value.tolist() if hasattr(value, "tolist") else value \
for name, value in list(globals().items()) if isinstance(value, list) or hasattr(value, "tolist")}))
"""


def run(command, folder, question=None):
    done = subprocess.run(command, cwd=folder, input=question, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(100, id="a hundredth"),
        pytest.param(1, id="in full", marks=pytest.mark.exhaustive),
    ],
)
def cut(request):
    """By what the 60,000 iterations are divided."""
    return request.param


def shortened(program, cut):
    """Return a program of 60,000 iterations with fewer, which prints six errors all the same."""
    if not re.search("60_?000", program):
        return program
    return re.sub("[61]0_?000", lambda number: str(int(number[0]) // cut), program)


def errors(cut):
    """Return the output of the programs of 60,000 iterations, the article's or the network's."""
    if cut == 1:
        return THREE_LAYER_PRINTS
    network, lines = Network([3, 4, 1], seed=1), []
    for _ in range(6):
        off = np.abs(np.array(ARTICLE_Y) - network.predict(ARTICLE_X)).mean()
        lines.append(f"Error:{off:.12g}\n")
        network.train(ARTICLE_X, ARTICLE_Y, epochs=10_000 // cut)
    return "".join(lines)


@pytest.fixture(scope="module")
def printed(tmp_path_factory, cut):
    """The output of each program in a separate process; as many at a time as there are cores."""
    elsewhere, jobs, folder = tmp_path_factory.mktemp("elsewhere"), {}, FOLDER
    if cut > 1:
        copied = shutil.copytree(FOLDER.parent, tmp_path_factory.mktemp("copy") / "purenet")
        folder = copied / "lessons"
    for lesson in LESSONS:  # without site-packages and PYTHONPATH, where purenet may be installed
        file = folder / f"{lesson}.py"
        if cut > 1:
            file.write_text(shortened(source(lesson), cut), encoding="utf-8")
        jobs[lesson] = [sys.executable, "-S", "-E", "-i", str(file)], elsewhere, QUESTION
    for name, program in ARTICLE.items():
        for module in ["purenet.np", "numpy"]:
            program_of_3 = in_python_3(shortened(program, cut), module)
            jobs[name, module] = [sys.executable, "-c", program_of_3], CHECKOUT
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {name: pool.submit(run, *job) for name, job in jobs.items()}


@cache
def shown(line):
    """Return the output of a command that a lesson quotes."""
    _, module, purenets, *arguments = shlex.split(line)
    assert (module, purenets) == ("-m", "purenet")
    few = ["--seeds", "1"] if arguments[-1:] == ["xor"] else []  # else it trains 600 networks
    done = run_command(*arguments, *few)
    assert done.returncode == 0
    return done.stdout


@pytest.fixture(scope="module")
def ended(printed):
    """Each lesson's matrices at its end."""
    answers = {lesson: printed[lesson].result().splitlines()[-1] for lesson in LESSONS}
    return {lesson: json.loads(answer) for lesson, answer in answers.items()}


# -- the article's programs, and the lessons as files --------------------------------------------


def test_the_articles_programs_print_what_the_article_prints(printed, cut):
    assert printed["two-layer", "purenet.np"].result() == TWO_LAYER_PRINTS
    assert as_python_2_prints(printed["three-layer", "purenet.np"].result()) == errors(cut)


@pytest.mark.parametrize("name", ARTICLE)
def test_the_articles_programs_print_what_they_print_with_numpy(name, printed):
    ours, numpys = (printed[name, module].result() for module in ["purenet.np", "numpy"])
    assert as_python_2_prints(ours) == as_python_2_prints(numpys)


def test_what_a_program_of_ones_own_is_checked_against_is_what_the_lesson_prints(printed, cut):
    for lesson in LESSONS if cut == 1 else ["two_layer"]:
        *lines, _ = printed[lesson].result().splitlines(keepends=True)
        assert "".join(lines) == prints_of(lesson.replace("_", "-"))


@pytest.mark.parametrize("lesson", ["two_layer", "three_layer", "raw_lists", "loops"])
def test_a_lesson_runs_from_anywhere_and_prints_what_the_article_prints(lesson, printed, cut):
    prints = TWO_LAYER_PRINTS if lesson == "two_layer" else errors(cut)
    assert "".join(printed[lesson].result().splitlines(keepends=True)[:-1]) == prints


def test_the_eleven_lines_print_what_the_articles_do(printed):
    *lines, _ = printed["eleven_lines"].result().splitlines()
    assert lines == printed["eleven lines", "purenet.np"].result().splitlines()


def test_with_less_and_less_notation_it_ends_on_the_bits_of_the_network(ended, cut):
    network = Network([3, 4, 1], seed=1)
    network.train(ARTICLE_X, ARTICLE_Y, epochs=60_000 // cut)
    ended["loops"]["syn1"] = [[weight] for weight in ended["loops"]["syn1"]]
    for lesson in ["eleven_lines", "three_layer", "raw_lists", "loops"]:
        syn0, syn1 = ended[lesson]["syn0"], ended[lesson]["syn1"]
        assert [bits(syn0), bits(syn1)] == list(map(bits, network.weights)), lesson


def test_the_loops_begin_with_numpys_weights_after_seed_1():
    chance = np.random.RandomState(1)
    assert assigned("loops", "syn0") == (2 * chance.random_sample((3, 4)) - 1).tolist()
    assert assigned("loops", "syn1") == (2 * chance.random_sample(4) - 1).tolist()


# -- what the lessons say ------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", ["two_layer", "three_layer", "raw_lists"])
def test_the_shape_behind_a_line_is_the_shape_of_what_it_makes(lesson, ended):
    lines = re.findall(r"^ *(\w+) \+?= .*  #.*\((\d+) x (\d+)\)", source(lesson), re.MULTILINE)
    assert {"syn0", "l0", "l1", "l1_error", "l1_delta"} <= {name for name, _, _ in lines}
    for name, *shape in lines:
        assert np.shape(ended[lesson][name]) == tuple(map(int, shape)), name


@pytest.mark.parametrize("lesson", ["two_layer", "three_layer", "raw_lists"])
def test_the_shapes_behind_a_line_fit_together(lesson):
    calculations = re.findall(r"  #\s+(\(.*) = (\(.* x .*\))", source(lesson))
    assert calculations
    for calculation, result in calculations:
        factors = re.findall(r"\((\d+) x (\d+)\)", calculation)
        (m, k), (k_too, n) = factors
        assert k == k_too if "·" in calculation else factors[0] == factors[1]
        assert result.startswith(f"({m} x {n})")


def test_the_eleven_lines_are_sixteen_of_which_the_article_has_eleven():
    program = ast.parse(source("eleven_lines")).body[1:]
    statements = [node for part in program for node in ast.walk(part) if isinstance(node, ast.stmt)]
    assert len(statements) == 16
    assert len(ELEVEN_LINES.splitlines()) == 11
    assert "sixteen lines of code: eleven are the article's" in places("eleven_lines")
    ours = "\n".join(map(ast.unparse, program)).replace("_ in range", "j in range")
    for line in ast.unparse(ast.parse(ELEVEN_LINES.replace("xrange", "range"))).splitlines():
        assert line in ours


@pytest.fixture(scope="module")
def two_layer():
    return trace(Network([3, 1], seed=1), ARTICLE_X, [[0], [0], [1], [1]])


@pytest.fixture(scope="module")
def three_layer():
    return trace(Network([3, 4, 1], seed=1), ARTICLE_X, ARTICLE_Y)


def test_the_lines_that_the_article_marks_are_marked():
    marked = re.findall(r"^ +(\w+ \S+) .*!!!$", source("two_layer"), re.MULTILINE)
    assert marked == ["l1_delta =", "syn0 +="]
    assert re.findall(r"^ +(\w+ =) .*!!!$", source("three_layer"), re.MULTILINE) == ["l1_error ="]


@pytest.mark.parametrize("file", ["two_layer.py", "README.ru.md"])
def test_who_meets_an_undefined_f_is_told_what_to_write(file):
    program = TWO_LAYER.replace("x*(1-x)", "f(x)*(1-f(x))").replace("10000", "1")
    with pytest.raises(NameError, match="'f'"):
        exec(in_python_3(program, "purenet.np"), {})
    text = " ".join((FOLDER / file).read_text(encoding="utf-8").replace(" ", "").split())
    assert "f(x)*(1-f(x))" in text and "returnx*(1-x)" in text
    assert "return x*(1-x)" in TWO_LAYER


def test_the_eleven_lines_say_what_the_notation_costs():
    assert "in this notation each *, - and np.exp is a call that" in source("eleven_lines")


def test_the_first_l1_delta_has_sixteen_numbers(three_layer):
    assert "the sixteen in l1_delta" in places("eleven_lines")
    assert np.size(three_layer["l1_delta"]) == 16


def test_the_two_layer_lesson_is_right_about_the_first_weight(ended, two_layer):
    text = " ".join(places("two_layer").split())
    assert "The first weight grows to 9.67, because its column equals the" in text
    assert "passes 9.5, the weight in the article's picture, after 8,448 updates" in text
    before, after = (two_layer.after(n)["syn0"][0][0] for n in (8447, 8448))
    assert before < 9.5 < after
    lesson = ended["two_layer"]
    assert f"{lesson['syn0'][0][0]:.2f}" == "9.67"
    assert [[row[0]] for row in lesson["X"]] == lesson["y"]
    (command,) = [line for line in QUOTED if line.endswith('trace two-layer --follow "syn0[0][0]"')]
    assert f"{lesson['syn0'][0][0]:.8g}" in shown(command)


def test_the_two_layer_lesson_is_right_about_the_error(two_layer):
    assert "it shrinks quickly at first, and then more and more slowly" in places("two_layer")
    iterations = [0, 10, 100, 1000, 9999]
    errors = [np.abs(two_layer.after(n)["l1_error"]).mean() for n in iterations]
    slopes = np.diff(errors) / np.diff(iterations)
    assert (slopes < 0).all()
    assert (np.diff(slopes) > 0).all()


def test_the_two_layer_lesson_is_right_about_its_rows(two_layer):
    assert np.sign(two_layer.follow("weights[0][1][0]").pulls).tolist() == [0, -1, 0, 1]
    assert "[0, 0, 1]" in places("two_layer")
    assert two_layer["X"][0] == [0, 0, 1]


def test_the_slope_is_at_most_a_quarter_where_the_lesson_says(two_layer):
    assert "At l1 = 0.5 the slope is largest: 0.25." in " ".join(places("two_layer").split())
    assert re.search(r"The slope is at most\s+# 0.25, where x is 0.5.", source("two_layer"))
    outputs = np.linspace(0.0, 1.0, 101)
    slopes = outputs * (1 - outputs)
    assert (slopes.max(), outputs[slopes.argmax()]) == (0.25, 0.5)


def test_the_three_layer_lesson_is_right_about_the_pulls_that_cancel(three_layer):
    story = three_layer.follow("weights[0][0][1]")
    assert abs(sum(story.pulls)) < 0.25 * max(map(abs, story.pulls))
    assert np.abs(three_layer["l2_error"]).min() > 0.4


@pytest.mark.parametrize("command", QUOTED)
def test_a_command_that_a_lesson_quotes_runs(command):
    assert command.startswith("python3 -m purenet")
    assert shown(command)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ('trace --cell "l1_delta[0][0]"', "l1_delta[0][0] = l1_error[0][0] * "),
        ("trace two-layer --at 9999", "\n [0.99211957]]\n"),
        ("trace --at 30000", "error"),
        ("why transpose", "dot: inner sizes differ: (4 x 1) · (4 x 1)"),
        ("--hidden 2", "[0, 1, 1] -> 0.4"),
        ("", THREE_LAYER_PRINTS),
        ("lesson eleven-lines --source", source("eleven_lines").partition("\nimport sys\n")[0]),
    ],
    ids=lambda text: text[:30],
)
def test_a_command_that_a_lesson_quotes_shows_the_answer(command, answer):
    assert answer in shown(f"python3 -m purenet {command}".strip())


# -- the equations -------------------------------------------------------------------------------

rates = st.sampled_from([1.0, 0.1, 1 / 3, 2.5e-05, 10.0])
any_problem = problems(networks(layers=5, width=4), most_rows=5)
small_problem = problems(networks(layers=4, width=3), most_rows=4)

ACTIVATIONS = {name: forward for name, (forward, _) in support._ACTIVATIONS.items()}
NAME = r"(?a:[A-Za-z_]\w*)(?:\[\d+\])?"  # for Python in whole, the ᵀ would be a letter of it


def choose(condition, yes, no):
    return Rounded(np.where(condition.value > 0.0, yes.value, no.value))


def in_numpys_notation(equation):
    """Return an equation as Python, for names that stand for `Rounded` arrays."""
    for pattern, python in [
        (r"(?<![\w.[])\d[\d.]*(e[-+]\d+)?", r"Rounded(\g<0>)"),
        (r"\((\S+) if (\w+) > \S+ else (\S+\))\)", r"choose(\2, \1, \3)"),
        (r"row sums of ([^)]+)", r"(\1).sum(1)"),
        (r"column sums of ([^)]+)", r"(\1).sum(0)"),
        (f"({NAME})ᵀ", r"\1.transposed()"),
        ("·", "@"),
    ]:
        equation = re.sub(pattern, python, equation)
    return equation


def add_name(names, name, value):
    """Put a matrix where Python looks for weights[0], or for l1."""
    stem, _, layer = name.partition("[")
    if layer:
        names.setdefault(stem, {})[int(layer[:-1])] = value
    else:
        names[stem] = value


@given(any_problem, rates)
def test_numpy_finds_each_matrix_by_its_equation_from_those_above_it(problem, rate):
    step = trace(*problem, learning_rate=rate)
    names = {"Rounded": Rounded, "choose": choose, **ACTIVATIONS}
    for formula in step.formulas:
        matrix = step[formula.name]
        if formula.equation:
            assert_within(matrix, eval(in_numpys_notation(formula.equation), names))
        add_name(names, formula.name, Rounded(matrix))


@given(any_problem, rates)
def test_what_has_no_equation_is_what_was_given(problem, rate):
    network, X, y = problem
    step = trace(network, X, y, learning_rate=rate)
    expected = {"X": X, "y": y}
    for k, weights in enumerate(network.weights):
        expected[f"weights[{k}]"] = weights
    for k, biases in enumerate(network.biases):
        expected[f"biases[{k}]"] = [biases]
    without = {formula.name: step[formula.name] for formula in step.formulas if not formula.terms}
    assert without == expected
    assert not any(formula.equation for formula in step.formulas if formula.name in expected)


@given(any_problem, rates)
def test_every_matrix_has_the_bits_of_training(problem, rate):
    network, X, y = problem
    step = trace(network, X, y, learning_rate=rate)
    activations, trained = forward(network, X), network.copy()
    deltas = find_deltas(network, activations, y)
    negative_gradients = find_negative_gradients(network, activations, deltas)
    trained.train(X, y, epochs=1, learning_rate=rate)
    layers = len(network.weights)
    for k in range(layers):
        assert bits(step[f"l{k + 1}"]) == bits(activations[k + 1])
        assert bits(step[f"l{k + 1}_delta"]) == bits(deltas[k + 1])
        assert bits(step[f"negative_gradients[{k}]"]) == bits(negative_gradients[k])
        assert bits(step[f"new_weights[{k}]"]) == bits(trained.weights[k])
    for k, biases in enumerate(trained.biases):
        assert bits(step[f"negative_bias_gradients[{k}]"]) == bits(negative_gradients[layers + k])
        assert bits(step[f"new_biases[{k}]"]) == bits([biases])


def test_the_equations_of_the_articles_network_are_the_articles(three_layer):
    equations = [f"{name} = {text}" for name, text, *_ in three_layer.formulas if text]
    assert equations == [
        "l1 = sigmoid(X · weights[0])",
        "l2 = sigmoid(l1 · weights[1])",
        "l2_error = y - l2",
        "l2_delta = l2_error * (l2 * (1 - l2))",
        "l1_error = l2_delta · weights[1]ᵀ",
        "l1_delta = l1_error * (l1 * (1 - l1))",
        "negative_gradients[1] = l1ᵀ · l2_delta",
        "negative_gradients[0] = Xᵀ · l1_delta",
        "new_weights[1] = weights[1] + negative_gradients[1]",
        "new_weights[0] = weights[0] + negative_gradients[0]",
    ]


@given(any_problem)
def test_the_shapes_are_those_of_the_first_two_matrices_in_the_equation(problem):
    step = trace(*problem)

    def shape(name, turned):
        m, n = np.shape(step[name])
        return f"({n} x {m})" if turned else f"({m} x {n})"

    for entry in step.as_data()["steps"]:
        expected = shape(entry["name"], "")
        sign = re.search("[·*+-]", entry["equation"])
        if sign:
            words = re.findall(f"({NAME})(ᵀ?)", entry["equation"])
            first, second, *_ = [shape(*word) for word in words if word[0] in step.matrices]
            expected = f"{first} {sign[0]} {second} = {expected}"
        assert entry["shapes"] == expected


# -- which step ----------------------------------------------------------------------------------


def in_full(step, iteration=None):
    """Return everything in a step, with every digit; as if it were of another iteration."""
    return repr({**step.as_data(), "iteration": step.iteration if iteration is None else iteration})


@given(small_problem, st.integers(0, 5), st.integers(0, 5), rates)
def test_a_later_step_is_that_of_a_network_trained_so_far(problem, at, more, rate):
    network, X, y = problem
    before, trained = state_of(network), network.copy()
    try:
        trained.train(X, y, epochs=at, learning_rate=rate)
        expected = in_full(trace(trained, X, y, learning_rate=rate), at)
        trained.train(X, y, epochs=more, learning_rate=rate)
    except Diverged:
        assume(False)
    step = trace(network, X, y, at=at, learning_rate=rate)
    assert in_full(step) == in_full(step.after(0)) == expected
    expected = in_full(trace(trained, X, y, learning_rate=rate), at + more)
    assert in_full(step.after(more)) == expected
    assert state_of(network) == before


def test_a_step_stays_what_it_was_when_its_network_trains_on():
    network = Network([3, 4, 1], seed=1, bias=True)
    step = trace(network, ARTICLE_X, ARTICLE_Y)
    before = str(step)
    network.train(ARTICLE_X, ARTICLE_Y, epochs=10)
    network.weights[0][0][0] = 9.0
    assert str(step) == before


def test_the_first_line_has_the_articles_errors(three_layer):
    for iteration, line in zip(range(0, 60_000, 10_000), THREE_LAYER_PRINTS.split()):
        headline = three_layer.after(iteration).headline()
        assert headline.startswith(f"3-4-1 network, 4 rows, iteration {iteration:,}: mean loss ")
        assert headline.endswith(f", mean |y - l2| {line.partition(':')[2]}")


def test_the_loss_is_that_of_the_network(three_layer):
    loss = Network([3, 4, 1], seed=1).loss_on(ARTICLE_X, ARTICLE_Y)
    assert three_layer.as_data()["loss"] == loss
    assert f"loss {loss:.8g}," in three_layer.headline()


def test_any_rows_that_training_takes_will_do(three_layer):
    rows = [np.array(ARTICLE_X), tuple(map(tuple, ARTICLE_Y))]
    assert str(trace(Network([3, 4, 1], seed=1), *rows)) == str(three_layer)


# -- one number ----------------------------------------------------------------------------------

ADDRESS = r"[A-Za-z_]\w*(?:\[\d+\]){2,3}|(?:negative_bias_gradients|(?:new_)?biases)(?:\[\d+\]){2}"
FUNCTIONS = {
    "": lambda z: z,
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: max(z, 0.01 * z),
}


def eight(number):
    """Return a number in eight digits, and no zero with a sign."""
    return f"{number + 0.0:.8g}"


def addressed(step):
    """Return the step's numbers where Python finds them by their addresses."""
    names = {"exp": math.exp}
    for name, matrix in step.matrices.items():
        add_name(names, name, matrix[0] if "bias" in name else matrix)
    return names


def addresses(step):
    for name, matrix in step.matrices.items():
        for i, row in enumerate(matrix):
            for j, value in enumerate(row):
                yield (f"{name}[{j}]" if "bias" in name else f"{name}[{i}][{j}]"), value


def calculated(symbols, names):
    """Return the result of an arithmetic with addresses, and its text with numbers."""
    written = re.sub(ADDRESS, lambda address: eight(eval(address[0], names)), symbols)
    return eval(symbols, names), written


def checked_sum(lines, names):
    """Return the total of a sum's lines, from left to right; each line has to be right itself."""
    total = -0.0
    for line in lines:
        symbols, *numbers = line[4:].split(" = ")
        product, written = calculated(symbols, names)
        assert numbers == list(dict.fromkeys([written, eight(product)]))
        total += product
    return total


def softmax_row(step, address, names):
    """Return the softmax of the sums of a row, by the words in the expansion."""
    stem = address.rpartition("[")[0]
    columns = range(len(eval(stem, names)))
    lines = [step.cell(f"{stem}[{j}]").lines[1:-2] for j in columns]
    totals = np.array([[checked_sum(each, names) for each in lines]])
    # core takes the largest sum off each first, which rounds
    powers = Rounded(totals, ROUNDING * (totals.max() - totals)).through(np.exp)
    return totals, powers / powers.sum(1)


@given(small_problem, rates)
def test_the_arithmetic_of_every_number_comes_to_its_last_bit(problem, rate):
    step = trace(*problem, learning_rate=rate)
    names = addressed(step)
    given_names = {formula.name for formula in step.formulas if not formula.equation}
    for address, value in addresses(step):
        expansion = step.cell(address)
        assert (str(expansion.cell), expansion.value) == (address, value)
        first, *lines = str(expansion).splitlines()
        left, _, right = first.partition(" = ")
        assert left == address
        if expansion.cell.name in given_names:
            assert (right, lines) == (f"{eight(value)} is given", [])
            continue
        results = [line.strip()[2:] for line in lines if line.startswith(" " * len(address) + " =")]
        assert results[-1] == eight(value)
        if right.endswith("the sum of"):
            activation = right.removesuffix("the sum of").removesuffix(" of ")
            total = checked_sum(lines[: -len(results)], names)
            check_activation(step, activation, total, address, results)
        else:
            number, written = calculated(right, names)
            assert number == value
            assert results == list(dict.fromkeys([written, eight(value)]))


def check_activation(step, activation, total, address, results):
    """Fail if the lines between a sum and a number do not lead from one to the other."""
    *between, _ = results
    names, value = addressed(step), step.cell(address).value
    if activation == "sigmoid":
        assert between == [f"sigmoid({eight(total)})", f"1 / (1 + exp({eight(-total)}))"]
        assert eval(f"1 / (1 + exp({-total!r}))", names) == value
    elif activation == "softmax":
        assert between == [f"exp({eight(total)}) / the sum of these powers over the row"]
        totals, row = softmax_row(step, address, names)
        column = totals[0].tolist().index(total)
        assert_within([[value]], Rounded(row.value[:, [column]], row.error[:, [column]]))
    else:
        assert between == ([f"{activation}({eight(total)})"] if activation else [])
        assert FUNCTIONS[activation](total) == value


def test_an_expansion_reads_as_one_would_write_it():
    step = trace(Network([2, 1], init="zeros", bias=True), [[3, 4]], [[1]], learning_rate=0.1)
    assert str(step.cell("l1[0][0]")).splitlines() == [
        "l1[0][0] = sigmoid of the sum of",
        "    X[0][0] * weights[0][0][0] = 3 * 0 = 0",
        "    X[0][1] * weights[0][1][0] = 4 * 0 = 0",
        "    biases[0][0] = 0",
        "         = sigmoid(0)",
        "         = 1 / (1 + exp(0))",
        "         = 0.5",
    ]
    assert str(step.cell("negative_bias_gradients[0][0]")).splitlines() == [
        "negative_bias_gradients[0][0] = l1_delta[0][0]",
        "                              = 0.125",
    ]
    assert str(step.cell("new_weights[0][1][0]")).splitlines() == [
        "new_weights[0][1][0] = weights[0][1][0] + 0.1 * negative_gradients[0][1][0]",
        "                     = 0 + 0.1 * 0.5",
        "                     = 0.05",
    ]


def test_a_number_without_a_limit_is_still_taken_apart():
    network = Network([1, 2, 1], activation="linear", init="zeros")
    network.weights = [[[1e200, -1e200]], [[1e200], [1e200]]]
    step = trace(network, [[1]], [[0]])
    assert str(step.cell("l2[0][0]")).splitlines()[1:] == [
        "    l1[0][0] * weights[1][0][0] = 1e+200 * 1e+200 = inf",
        "    l1[0][1] * weights[1][1][0] = -1e+200 * 1e+200 = -inf",
        "         = nan",
    ]
    assert "mean |y - l2| nan" in str(step)


@pytest.mark.parametrize("address", ["l1_delta[2][1]", " l1_delta [2] [1]", "l1_delta[ 2 ][ 1 ] "])
def test_blanks_in_an_address_do_not_matter(address, three_layer):
    assert str(three_layer.cell(address).cell) == "l1_delta[2][1]"


MATRICES = (
    "the matrices are X, y, weights[0], weights[1], l1, l2, l2_error, l2_delta, l1_error, "
    "l1_delta, negative_gradients[1], negative_gradients[0], new_weights[1], new_weights[0]"
)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("l1[4][0]", "l1[4][0]: expected a number from l1[0][0] to l1[3][3]"),
        ("l1[0][4]", "l1[0][4]: expected a number from l1[0][0] to l1[3][3]"),
        ("l1[0]", "l1[0]: expected a number from l1[0][0] to l1[3][3]"),
        ("l1[0][0][0]", "l1[0][0][0]: expected a number from l1[0][0] to l1[3][3]"),
        (
            "weights[1][0]",
            "weights[1][0]: expected a number from weights[1][0][0] to weights[1][3][0]",
        ),
        ("weights[2][0][0]", "no matrix is called weights[2]; is it weights[1]?"),
        ("l1_deltas[0][0]", "no matrix is called l1_deltas; is it l1_delta?"),
        ("gradient[0][0][0]", f"no matrix is called gradient; {MATRICES}"),
        ("syn2[0][0]", "no matrix is called weights[2]; is it weights[1]?"),
        ("syn00[0][0]", "no matrix is called weights[00]; is it weights[0]?"),
        ("syn0[3][0]", "syn0[3][0]: expected a number from weights[0][0][0] to weights[0][2][3]"),
        ("x[0][0]", f"no matrix is called x; {MATRICES}"),
        ("l1", "expected an address such as \"l1[0][0]\", got 'l1' (str)"),
        ("l1[-1][0]", "expected an address such as \"l1[0][0]\", got 'l1[-1][0]' (str)"),
        ("[0][0]", "expected an address such as \"l1[0][0]\", got '[0][0]' (str)"),
        ("", "expected an address such as \"l1[0][0]\", got '' (str)"),
        ("l1\n[0][0]", "expected an address such as \"l1[0][0]\", got 'l1\\n[0][0]' (str)"),
        (None, 'expected an address such as "l1[0][0]", got None'),
        (7, 'expected an address such as "l1[0][0]", got 7'),
        (b"l1[0][0]", "expected an address such as \"l1[0][0]\", got b'l1[0][0]' (bytes)"),
        (["l1[0][0]"], "expected an address such as \"l1[0][0]\", got ['l1[0][0]'] (list)"),
    ],
)
def test_a_wrong_address_is_refused_with_what_would_have_done(address, message, three_layer):
    assert complaint(three_layer.cell, address) == f"cell: {message}"
    assert complaint(three_layer.follow, address) == f"cell: {message}"


def test_the_numbers_of_a_bias_have_two_indices():
    step = trace(Network([3, 4, 1], bias=True, seed=1), ARTICLE_X, ARTICLE_Y)
    for name in ["biases[0]", "negative_bias_gradients[0]", "new_biases[0]"]:
        assert step.cell(f"{name}[3]").value == step[name][0][3]
        for address in [name, f"{name}[4]", f"{name}[0][0]"]:
            message = f"cell: {address}: expected a number from {name}[0] to {name}[3]"
            assert complaint(step.cell, address) == message


# -- one weight's story --------------------------------------------------------------------------


def weights_and_biases(step):
    for address, value in addresses(step):
        if address.startswith(("weights", "biases")):
            yield address, value


def negative_gradient_of(address):
    return address.replace("weights", "negative_gradients").replace(
        "biases", "negative_bias_gradients"
    )


@given(any_problem, rates)
def test_the_pulls_on_a_weight_add_up_to_its_negative_gradient(problem, rate):
    step = trace(*problem, learning_rate=rate)
    names = addressed(step)
    for address, value in weights_and_biases(step):
        story = step.follow(address)
        total = -0.0
        for pull in story.pulls:
            total += pull
        gradient = eval(negative_gradient_of(address), names)
        assert bits([[total]]) == bits([[gradient]])
        ((iteration, weight, up, down),) = story.moments
        assert (iteration, weight) == (0, value)
        assert up == support.last_of_running_sums([0.0, *(p for p in story.pulls if p > 0)])
        assert down == support.last_of_running_sums([0.0, *(p for p in story.pulls if p < 0)])


@given(small_problem, rates)
def test_a_story_says_of_each_row_where_it_pulls_and_how_hard(problem, rate):
    step = trace(*problem, learning_rate=rate)
    names = addressed(step)
    for address, value in weights_and_biases(step):
        story = step.follow(address)
        title, *lines, outcome = str(story).splitlines()
        assert title.startswith(f"{address}, ")
        assert len(lines) == len(story.pulls)
        for row, (line, pull) in enumerate(zip(lines, story.pulls)):
            says, symbols, *numbers = re.split(r": | = ", line)
            direction = {0.0: "leaves it", 1.0: "pulls it up", -1.0: "pulls it down"}
            assert says == f"  row {row} {direction[float(np.sign(pull))]}"
            number, written = calculated(symbols, names)
            assert number == pull
            assert numbers == list(dict.fromkeys([written, eight(pull)]))
        gradient = eval(negative_gradient_of(address), names)
        times = f", times the learning rate {rate!r}".removesuffix(".0") if rate != 1.0 else ""
        new = eight(eval(f"new_{address}", names))
        assert outcome == f"  together {eight(gradient)}{times}: {eight(value)} becomes {new}"


def test_a_story_goes_on_at_the_powers_of_ten_with_the_weights_of_training():
    network = Network([3, 2, 1], seed=1, bias=True)
    story = trace(network, ARTICLE_X, ARTICLE_Y, at=5).follow("biases[0][1]", until=250)
    assert [moment.iteration for moment in story.moments] == [5, 10, 100, 250]
    for moment in story.moments:
        twin = network.copy()
        twin.train(ARTICLE_X, ARTICLE_Y, epochs=moment.iteration)
        assert moment.weight == twin.biases[0][1]
        now = trace(twin, ARTICLE_X, ARTICLE_Y).follow("biases[0][1]")
        assert moment[1:] == now.moments[0][1:]
    assert story.pulls == trace(network, ARTICLE_X, ARTICLE_Y, at=5).follow("biases[0][1]").pulls


@pytest.mark.parametrize(
    ("at", "until", "iterations"),
    [
        (0, 0, [0]),
        (0, 1, [0, 1]),
        (0, 10, [0, 1, 10]),
        (1, 99, [1, 10, 99]),
        (10, 11, [10, 11]),
        (7, 7, [7]),
        (7, 3, [7]),
        (100, 0, [100]),
    ],
)
def test_a_story_ends_where_it_is_told_to_or_where_it_is(at, until, iterations, two_layer):
    story = two_layer.after(at).follow("weights[0][2][0]", until)
    assert [moment.iteration for moment in story.moments] == iterations
    header = [line.split() for line in str(story).splitlines() if "iteration  " in line]
    assert header == [["iteration", "weight", "up", "down", "together"]] * (len(iterations) > 1)


def test_the_articles_weight_grows_as_its_rows_pull_ever_less(two_layer):
    story = two_layer.follow("weights[0][0][0]", until=10_000)
    assert str(story).splitlines()[0] == (
        "weights[0][0][0], from input 0 to output 0, in iteration 0:"
    )
    weights = [moment.weight for moment in story.moments]
    ups = [moment.up for moment in story.moments]
    assert weights == sorted(weights)
    assert f"{weights[-1]:.2f}" == "9.67"
    assert ups == sorted(ups, reverse=True)
    assert {moment.down for moment in story.moments} == {0.0}
    *_, last = str(story).splitlines()
    assert last.split() == ["10,000", *map(eight, [weights[-1], ups[-1], 0.0, ups[-1]])]


def test_a_story_says_which_units_a_weight_joins_and_whose_a_bias_is():
    step = trace(Network([3, 4, 2, 1], seed=1, bias=True), ARTICLE_X, ARTICLE_Y)
    for address, words in [
        ("weights[0][2][3]", "from input 2 to unit 3 of layer 1"),
        ("weights[1][3][0]", "from unit 3 of layer 1 to unit 0 of layer 2"),
        ("weights[2][1][0]", "from unit 1 of layer 2 to output 0"),
        ("biases[1][1]", "the bias of unit 1 of layer 2"),
        ("biases[2][0]", "the bias of output 0"),
    ]:
        assert str(step.follow(address)).startswith(f"{address}, {words}, in iteration 0:\n")


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        (12, "  row 11 "),
        (13, "  and 1 more row with weaker or equal pulls"),
        (1500, "  and 1,488 more rows with weaker or equal pulls"),
    ],
)
def test_of_many_rows_the_twelve_that_pull_hardest_are_shown(rows, last):
    X = [[(7 * row) % rows - rows // 2] for row in range(rows)]
    story = trace(Network([1, 1], init="zeros"), X, [[1]] * rows).follow("weights[0][0][0]")
    _, *lines, _ = str(story).splitlines()
    shown = [int(line.split()[1]) for line in lines[:12]]
    assert shown == sorted(shown)
    strengths = np.abs(story.pulls)
    assert strengths[shown].min() >= np.delete(strengths, shown).max(initial=0.0)
    assert len(lines) == min(rows, 13)
    assert lines[-1].startswith(last)


@given(small_problem, rates, st.data())
def test_any_other_number_has_a_course_with_the_values_of_training(problem, rate, data):
    step = trace(*problem, learning_rate=rate)
    others = [each for each, _ in addresses(step) if not each.startswith(("weights", "biases"))]
    address = data.draw(st.sampled_from(others))
    try:
        course = step.follow(address, until=12)
    except Diverged:
        assume(False)
    assert course.values == [(n, step.after(n).cell(address).value) for n in (0, 1, 10, 12)]
    head, *arithmetic = str(step.after(0).cell(address)).splitlines()
    lines = str(course).splitlines()
    assert lines[:2] == ["In iteration 0:", head]
    assert [line.split() for line in lines[len(arithmetic) + 3 :]] == [
        ["iteration", "value"],
        *([f"{n:,}", eight(value)] for n, value in course.values),
    ]
    assert json.loads(json.dumps(course.as_data())) == {
        "cell": address,
        "iteration": 0,
        "values": [{"iteration": n, "value": value} for n, value in course.values],
    }


@pytest.mark.parametrize(
    ("other", "ours"),
    [
        ("syn0[2][3]", "weights[0][2][3]"),
        ("syn1[3][0]", "weights[1][3][0]"),
        ("l0[3][1]", "X[3][1]"),
        ("activations[0][3][1]", "X[3][1]"),
        ("activations[2][3][0]", "l2[3][0]"),
        ("deltas[1][0][2]", "l1_delta[0][2]"),
        (" syn0 [2] [3]", "weights[0][2][3]"),
    ],
)
def test_the_names_of_the_article_and_of_core_are_understood(other, ours, three_layer):
    for of in (three_layer.cell, three_layer.follow):
        assert str(of(other)) == str(of(ours))
    name = other.replace(" ", "")[:-6]
    assert three_layer[name] == three_layer[ours[:-6]]


def test_with_its_history_the_trace_of_a_trained_network_counts_from_the_beginning(three_layer):
    network = Network([3, 4, 1], seed=1)
    history = network.train(ARTICLE_X, ARTICLE_Y, epochs=100)
    step = trace(network, ARTICLE_X, ARTICLE_Y, at=7, history=history)
    assert str(step) == str(three_layer.after(107))
    assert step.iteration == 107
    assert "iteration 100:" in trace(network, ARTICLE_X, ARTICLE_Y, history=history).headline()
    assert "iteration 0:" in trace(network, ARTICLE_X, ARTICLE_Y, history=History()).headline()


@given(small_problem)
def test_a_notebook_shows_all_that_is_printed_in_whole_lines(problem):
    step = trace(*problem)
    story, course = step.follow("weights[0][0][0]"), step.follow("l1[0][0]")
    for part in [step, step.cell("l1[0][0]"), story, course]:
        html = ElementTree.fromstring(part._repr_html_())
        assert (html.tag, html.text, len(html)) == ("pre", str(part), 0)
        looks = dict(rule.split(":") for rule in html.get("style").split(";"))
        assert (looks["white-space"], looks["text-align"]) == ("pre", "left")
        assert looks["word-break"] == looks["overflow-wrap"] == "normal"


# -- as data, as HTML, in color -----------------------------------------------------------------


@given(small_problem, rates)
def test_as_data_everything_goes_through_json_to_the_same_bits(problem, rate):
    step = trace(*problem, learning_rate=rate)
    story = step.follow("weights[0][0][0]", until=1)
    for part in [step, story, *(step.cell(address) for address, _ in addresses(step))]:
        assert repr(json.loads(json.dumps(part.as_data()))) == repr(part.as_data())
    data = step.as_data()
    assert (data["sizes"], data["learning_rate"]) == (problem[0].sizes, rate)
    assert [(entry["name"], entry["equation"]) for entry in data["steps"]] == [
        (formula.name, formula.equation) for formula in step.formulas
    ]
    matrices = [(entry["name"], entry["matrix"]) for entry in data["steps"]]
    assert matrices == list(step.matrices.items())


def test_a_number_and_a_story_as_data_have_all_that_they_print(two_layer):
    number = two_layer.cell("l1_error[0][0]")
    assert number.as_data() == {
        "cell": "l1_error[0][0]",
        "value": two_layer["l1_error"][0][0],
        "lines": str(number).splitlines(),
    }
    story = two_layer.after(3).follow("weights[0][1][0]", until=10)
    assert story.as_data() == {
        "cell": "weights[0][1][0]",
        "iteration": 3,
        "pulls": story.pulls,
        "moments": [moment._asdict() for moment in story.moments],
    }
    assert list(story.as_data()["moments"][0]) == ["iteration", "weight", "up", "down"]


@given(small_problem)
def test_the_text_has_every_matrix_under_its_equation_and_shapes(problem):
    step = trace(*problem)
    head, *blocks = str(step).split("\n\n")
    assert head == step.headline()
    assert blocks == [
        f"{entry['name']}{' = ' * bool(entry['equation'])}{entry['equation']}   "
        f"{entry['shapes']}\n{np.array(entry['matrix'])}"
        for entry in step.as_data()["steps"]
    ]


@given(small_problem)
def test_colors_change_nothing_but_colors(problem):
    step = trace(*problem)
    colorful = step.text(color=True)
    assert re.sub(r"\x1b\[\d*m", "", colorful) == step.text() == str(step)
    for name in step.matrices:
        assert f"\x1b[1m{name}\x1b[0m" in colorful


def test_what_a_prompt_shows_is_short(two_layer):
    assert repr(two_layer.after(2)).startswith("<Trace of iteration 2 of Network([3, 1], ")
    assert repr(two_layer.cell("X[0][2]")) == "<Expansion of X[0][2], 1.0>"
    story = two_layer.follow("weights[0][0][0]")
    assert repr(story) == "<Story of weights[0][0][0] from iteration 0>"


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([[1]], [[1]]), {}, "X: row 0 has 1 value, but the network has 2 inputs"),
        (([[1, 2]], [[1, 2]]), {}, "y: row 0 has 2 values, but the network has 1 output"),
        (([[1, 2]], [[1], [0]]), {}, "y: 2 rows, but X has 1 row"),
        (([], []), {}, "X: expected at least one row, got none"),
        (([[1, math.nan]], [[1]]), {}, "X: row 0, column 1: expected a finite number, got nan"),
        (([[1, 2]], [[1]]), {"at": -1}, "at: expected a whole number of at least 0, got -1"),
        (([[1, 2]], [[1]]), {"at": 1.5}, "at: expected a whole number of at least 0, got 1.5"),
        (
            ([[1, 2]], [[1]]),
            {"learning_rate": 0},
            "learning_rate: expected a number above 0, got 0",
        ),
        (
            ([[1, 2]], [[1]]),
            {"learning_rate": math.nan},
            "learning_rate: expected a number above 0, got nan",
        ),
        (
            ([[1, 2]], [[1]]),
            {"learning_rate": "1"},
            "learning_rate: expected a number above 0, got '1' (str)",
        ),
    ],
)
def test_what_makes_no_step_is_refused_in_a_sentence(arguments, options, message):
    assert complaint(trace, Network([2, 1]), *arguments, **options) == message


@pytest.mark.parametrize("number", [-1, 0.5, None, True])
def test_only_whole_numbers_count_updates(number, two_layer):
    came = f"expected a whole number of at least 0, got {number!r}"
    message = complaint(two_layer.after, number).removesuffix(" (bool)")
    assert message == f"updates: {came}"
    message = complaint(two_layer.follow, "weights[0][0][0]", number).removesuffix(" (bool)")
    assert message == f"until: {came}"


def test_where_training_diverges_there_is_no_step_to_write_out():
    network = Network([3, 4, 1], activation="linear", seed=1)
    before = state_of(network)
    with pytest.raises(Diverged, match="diverged in epoch "):
        trace(network, ARTICLE_X, ARTICLE_Y, at=10_000)
    step = trace(network, ARTICLE_X, ARTICLE_Y)
    with pytest.raises(Diverged, match="diverged in epoch "):
        step.follow("weights[0][0][0]", until=10_000)
    assert state_of(network) == before


# -- the door ------------------------------------------------------------------------------------


def test_to_open_the_lessons_runs_none_of_them():
    program = (
        "import sys; import purenet.lessons as lessons; lessons.trace;"
        "print([name for name in sys.modules if name.startswith('purenet.lessons')])"
    )
    opened = ast.literal_eval(run([sys.executable, "-c", program], CHECKOUT))
    rooms = ["cells", "formulas", "story", "tracing"]
    assert sorted(opened) == ["purenet.lessons", *(f"purenet.lessons.{room}" for room in rooms)]


def test_a_name_that_the_lessons_have_not_is_refused_as_any_module_does():
    with pytest.raises(AttributeError, match="has no attribute 'tracer'"):
        lessons.tracer  # noqa: B018
