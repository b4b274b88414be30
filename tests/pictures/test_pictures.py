"""Pictures: well-formed whatever they show, readable without color, and true to the data."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawn import HOSTILE, SVG, found, parsed, points_of, reader, ticks, words_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support import any_float, complaint, finite_float, matrices, networks, thousandths

from purenet import History, Network, datasets, pictures, save
from purenet.cli import main
from purenet.pictures import (
    Picture,
    correlation_chart,
    decision_surface,
    image_tiles,
    loss_curve,
    network_graph,
    slope_curve,
)
from purenet.pictures.axes import Axis, Scale, drawable, extent, horizontal
from purenet.pictures.contours import contour
from purenet.pictures.curves import Series, line_chart
from purenet.pictures.marks import legend, mark
from purenet.pictures.regions import borders, clearest, patches, runs
from purenet.pictures.surface import SHADES, _color
from purenet.pictures.svg import STYLE
from purenet.pictures.words import digits, fitted, width_of, wrapped


def edges(root):
    """Return pairs (weight's name, element) of the lines of a graph."""
    return [(e[0].text.split(" = ")[0], e) for e in found(root, "path", "edge") if len(e)]


MINUS = "\u2212"


def history(loss, validation=(), every=1):
    past = History()
    past.epochs = [k * every for k in range(len(loss))]
    past.loss, past.validation_loss = list(loss), list(validation)
    return past


@pytest.fixture(scope="module")
def article():
    network = Network([3, 4, 1], seed=1)
    X, y = datasets.xor()
    return network, network.train(X, y, epochs=2000), X, y


@pytest.fixture(scope="module")
def classifier():
    return Network([2, 8, 3], output_activation="softmax", loss="cross_entropy", bias=True, seed=2)


# -- Picture -------------------------------------------------------------------------------------


def test_a_picture_shows_itself_in_a_notebook_and_says_little_in_a_terminal(article) -> None:
    picture = network_graph(article[0])
    assert picture._repr_svg_() == picture.svg
    assert repr(picture) == f"Picture('Network 3-4-1', {len(picture.svg):,} characters)"
    assert len(repr(Picture("", "x" * 1000))) < 100


def test_save_writes_utf_8_and_nothing_beside_it(tmp_path: Path) -> None:
    picture = network_graph(Network([1, 1]), title="Größe \u2212 大")
    picture.save(tmp_path / "net.svg")
    picture.save(str(tmp_path / "net.svg"))  # over it
    assert (tmp_path / "net.svg").read_bytes() == picture.svg.encode("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["net.svg"]
    ElementTree.parse(tmp_path / "net.svg")


def test_a_failed_save_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "net.svg"
    target.write_text("before")
    with pytest.raises(UnicodeEncodeError):
        Picture("half of it \ud800", "").save(target)
    assert target.read_text() == "before"
    with pytest.raises(OSError):
        Picture("", "").save(tmp_path)
    with pytest.raises(OSError):
        Picture("", "").save(tmp_path / "no folder" / "net.svg")
    with pytest.raises(OSError):
        Picture("", "").save(target / "net.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["net.svg"]


@pytest.mark.parametrize("name", ["net.png", "net.PDF", "net.svg.html", "net.json"])
def test_a_name_with_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    message = f"{tmp_path / name}: a picture's file ends in .svg, not {Path(name).suffix}"
    assert complaint(Picture("<svg/>", "").save, tmp_path / name) == message
    assert list(tmp_path.iterdir()) == []
    for fine in ("net.SVG", "net"):
        Picture("<svg/>", "").save(str(tmp_path / fine).encode())
        assert (tmp_path / fine).read_text() == "<svg/>"


def test_the_command_refuses_it_too(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    save(Network([2, 1]), "net.json")
    assert main(["picture", "net.json", "-o", "x.png"]) == 1
    said = capsys.readouterr()
    assert said.err == "purenet: x.png: expected a name for a picture, which ends in .svg\n"
    assert (said.out, [path.name for path in tmp_path.iterdir()]) == ("", ["net.json"])


def test_save_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.svg").write_text("before")
    try:
        (tmp_path / "link.svg").symlink_to(tmp_path / "real.svg")
    except OSError:
        pytest.skip("this system lets nobody make links")
    Picture("after", "").save(tmp_path / "link.svg")
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real.svg").read_text() == "after"


def test_the_room_has_its_names_and_no_other() -> None:
    assert {getattr(pictures, name).__name__ for name in pictures.__all__} == set(pictures.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pictures.nothing  # noqa: B018


def every_kind(article, classifier):
    network, past, X, y = article
    return [
        network_graph(network),
        network_graph(network, X[1]),
        loss_curve(past),
        decision_surface(network, X, y),
        decision_surface(classifier, output=None),
        decision_surface(Network([1, 2, 1], seed=1)),
        correlation_chart(network, X, y),
        slope_curve(),
        image_tiles("Rows", [("all", row) for row in X], width=3),
    ]


def test_each_picture_scales_has_a_panel_and_both_palettes(article, classifier) -> None:
    for picture in every_kind(article, classifier):
        root = parsed(picture)
        width, height = root.get("width"), root.get("height")
        assert root.get("viewBox") == f"0 0 {width} {height}" and root.get("role") == "img"
        panel = found(root, "rect", "panel")[0]
        assert (panel.get("width"), panel.get("height")) == (width, height)
        assert [each.tag for each in root[:2]] == [SVG + "title", SVG + "desc"]
        assert "@media(prefers-color-scheme:dark)" in picture.svg
        assert not [each for each in root.iter() if each.get("id")]  # they would clash in a page


def test_nothing_written_stands_outside_of_the_panel(article, classifier) -> None:
    for picture in every_kind(article, classifier):
        root = parsed(picture)
        width, height = float(root.get("width")), float(root.get("height"))
        for each in found(root, "text"):
            x, y, wide = float(each.get("x")), float(each.get("y")), width_of(each.text, 11)
            before = {"start": 0.0, "middle": 0.5, "end": 1.0}[each.get("text-anchor", "start")]
            if not each.get("transform"):
                assert x - before * wide >= 0 and x + (1 - before) * wide <= width, each.text
            assert 0 < y < height


@pytest.mark.parametrize("dark", [False, True])
def test_every_color_stands_out_and_the_first_two_differ_in_gray(dark) -> None:
    """The ratios are those of WCAG 2: 4.5 to 1 for words, 3 to 1 for lines."""

    def contrast(one, other):
        low, high = sorted(map(_luminance, (one, other)))
        return (high + 0.05) / (low + 0.05)

    rule = r"\.purenet \.(\w+)\{(fill|stroke):(#\w{6})\}"
    looks = STYLE.split("@media(prefers-color-scheme:dark)")[dark]
    shades = {(kind, what): color for kind, what, color in re.findall(rule, looks)}
    panel = shades["panel", "fill"]
    for words in ("ink", "quiet"):
        assert contrast(shades[words, "fill"], panel) > 4.5
    lines = [shades[f"s{k}", "stroke"] for k in range(6)]
    assert min(contrast(line, panel) for line in lines) > 3.0
    assert contrast(*lines[:2]) > 1.5


def _luminance(color):
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c < 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_long_names_in_capitals_end_before_the_panel_does() -> None:
    title = "THE TEMPERATURE OF THE COOLING WATER" * 3
    one = Network([1, 2, 1], seed=1)
    for picture in (
        decision_surface(one, title=title, input_names=[title], output_names=[title]),
        decision_surface(Network([2, 1]), input_names=[title] * 2, output_names=[title]),
        network_graph(one, title=title, input_names=[title], output_names=[title]),
    ):
        root = parsed(picture)
        width, height = float(root.get("width")), float(root.get("height"))
        assert words_of(root).count("\u2026") >= 3
        for each in found(root, "text"):
            x, y = float(each.get("x")), float(each.get("y"))
            wide = 0.7 * 12 * len(each.text)  # what a capital takes in a wide font
            before = {"start": 0.0, "middle": 0.5, "end": 1.0}[each.get("text-anchor", "start")]
            if each.get("transform"):
                x, width_there = y, height
            else:
                width_there = width
            assert x - before * wide >= 0 and x + (1 - before) * wide <= width_there


def test_the_same_network_gives_the_same_bytes(article, classifier) -> None:
    first, again = every_kind(article, classifier), every_kind(article, classifier)
    assert [picture.svg for picture in first] == [picture.svg for picture in again]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_words_of_a_caller_become_markup(title, classifier) -> None:
    names, three = [title, title], [title] * 3
    plain = ["a", "b"], ["c", "d", "e"]
    X, y = [[0, 1], [1, 0], [2, 2]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

    def drawn(heading, ins, outs):
        options = {"title": heading, "input_names": ins, "output_names": outs}
        one = Network([1, 3], output_activation="softmax")
        return [
            network_graph(classifier, **options),
            decision_surface(classifier, X, y, output=None, **options),
            decision_surface(classifier, X, y, output=1, **options),
            decision_surface(
                one, [[0]], [[1, 0, 0]], output=None, **{**options, "input_names": ins[:1]}
            ),
            loss_curve(history([1, 2]), title=heading),
        ]

    for hostile, tame in zip(drawn(title, names, three), drawn("T", *plain)):
        kinds = [Counter(e.tag for e in parsed(p).iter()) for p in (hostile, tame)]
        # Longer words may take more lines, in a legend or a note; nothing else.
        assert {**kinds[0], SVG + "text": 0} == {**kinds[1], SVG + "text": 0}
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", hostile.svg)


# -- the network as a graph ----------------------------------------------------------------------


@given(networks(width=20), st.data())
@settings(max_examples=40)
def test_any_network_makes_a_graph_true_to_its_weights(network, data) -> None:
    row = data.draw(
        st.none() | matrices(1, network.sizes[0], finite_float).map(lambda rows: rows[0])
    )
    picture = network_graph(network, row)
    root = parsed(picture)
    drawn = edges(root)
    shown = [n if n <= 16 else 12 for n in network.sizes]
    expected = sum(m * n for m, n in zip(shown, shown[1:]))
    every = found(root, "path", "edge")
    signs = {w < 0.0 for W in network.weights for r in W for w in r if w}
    assert len(every) == expected + len(signs)  # and the legend
    widths = []
    for name, line in drawn:
        k, i, j = map(int, re.findall(r"\d+", name))
        weight = network.weights[k][i][j]
        assert ("s1" in line.get("class")) == (weight < 0.0)
        widths.append((abs(weight), float(line.get("stroke-width"))))
    widths.sort()
    assert [width for _, width in widths] == sorted(width for _, width in widths)
    assert len(picture.svg.encode()) < 150_000


def test_the_widest_line_is_the_largest_weight_and_the_others_follow() -> None:
    network = Network([1, 4])
    network.weights = [[[4.0, -2.0, 1.0, 0.0]]]
    drawn = dict(edges(parsed(network_graph(network))))
    widths = [float(drawn[f"weights[0][0][{j}]"].get("stroke-width")) for j in range(4)]
    assert widths == [7.0, 3.5, 1.75, 0.5]


def test_signs_differ_without_color_and_the_legend_says_so(article) -> None:
    picture = network_graph(article[0])
    assert ".purenet .s1{stroke-dasharray:" in picture.svg
    assert ".purenet .s0{stroke-dasharray:" not in picture.svg
    words = words_of(parsed(picture))
    assert "positive weight" in words and "negative weight" in words


@pytest.mark.parametrize("sizes", [[3, 4, 1], [4, 3, 2], [1, 12, 1], [2, 6], [12, 1], [3, 3, 3, 4]])
def test_up_to_twelve_lines_have_their_weights_on_them_apart_from_each_other(sizes) -> None:
    network = Network(sizes, seed=1)
    root = parsed(network_graph(network))
    written = [
        (e.text, float(e.get("x")), float(e.get("y")) - 4) for e in found(root, "text", "under")
    ]
    weights = {
        f"weights[{k}][{i}][{j}]": w
        for k, W in enumerate(network.weights)
        for i, row in enumerate(W)
        for j, w in enumerate(row)
    }
    assert sorted(text for text, _, _ in written) == sorted(map(digits, weights.values()))
    ways = {name: points_of(edge) for name, edge in edges(root)}
    for name, w in weights.items():
        (left, start), (right, end) = ways[name]
        on = lambda x: start + (x - left) / (right - left) * (end - start)  # noqa: B023, E731
        assert any(
            text == digits(w) and left + 40 < x < right - 40 and abs(y - on(x)) < 0.05
            for text, x, y in written
        )
    places = sorted((x, y) for _, x, y in written)
    for (x, y), (next_x, next_y) in zip(places, places[1:]):
        assert next_x - x > 40 or next_y - y > 12


def test_more_than_twelve_lines_have_no_numbers() -> None:
    assert not found(parsed(network_graph(Network([13, 1]))), "text", "under")


def test_nodes_show_activations_or_names_and_biases_below(classifier) -> None:
    network = classifier.copy()
    network.biases[0][0] = -0.53
    layers = network.forward([[1, 2]])
    words = words_of(parsed(network_graph(network, [1, 2])))
    for layer in layers:
        for value in layer[0]:
            assert f" {digits(value)} " in words
    assert "b \u22120.53" in words and words.count("b 0 ") == 10
    named = words_of(parsed(network_graph(network, input_names=["length", "width"])))
    for name in ["x0", "x1", "h7", "y2", "length", "width", "softmax"]:
        assert name in named
    assert " b " not in words_of(parsed(network_graph(Network([2, 1]))))


def test_a_node_and_a_line_say_their_number_more_closely_where_the_mouse_rests() -> None:
    network = Network([1, 1])
    network.weights = [[[0.000123456789]]]
    root = parsed(network_graph(network, [0.000987654321]))
    hints = [each.text for each in root.iter(SVG + "title")]
    assert hints[1:] == ["weights[0][0][0] = 0.000123457", "x0 = 0.000987654", "y0 = 0.5"]
    assert len(list(parsed(network_graph(network)).iter(SVG + "title"))) == 2


def test_a_network_of_zeros_says_so() -> None:
    zeros = Network([2, 1], init="zeros")
    assert "Every weight is 0." in words_of(parsed(network_graph(zeros)))
    zeros.weights[0][0][0] = 1e-300
    assert "Every weight" not in words_of(parsed(network_graph(zeros)))


def test_a_large_network_stays_small_and_says_what_it_left_out() -> None:
    for sizes, drawn, whole in (([64, 32, 10], 264, "2,368"), ([784, 30, 10], 264, "23,820")):
        picture = network_graph(Network(sizes, seed=1))
        root = parsed(picture)
        assert len(edges(root)) == drawn
        words = words_of(root)
        assert f"{drawn} of {whole} weights are drawn" in words
        assert f"{sizes[0] - 12} more" in words and f"{sizes[1] - 12} more" in words
        assert len(picture.svg.encode()) < 50_000


def test_a_deep_network_shows_fewer_neurons_a_layer() -> None:
    picture = network_graph(Network([16] * 24, init="zeros"))
    assert len(found(parsed(picture), "path", "edge")) == 23 * 2 * 2
    dense = network_graph(Network([16] * 4, init="zeros"))  # too many for a hint each
    assert len(found(parsed(dense), "path", "edge")) == 3 * 16 * 16
    assert not edges(parsed(dense))


def test_weights_of_any_kind_can_be_drawn() -> None:
    network = Network([2, 3], bias=True)
    network.weights = [[[math.nan, math.inf, -math.inf], [0.0, 1e308, -5e-324]]]
    network.biases = [[math.nan, -1e308, -0.0]]
    words = words_of(parsed(network_graph(network, [1, 1])))
    assert "Not drawn because not finite: 3 weights." in words
    assert "b nan" in words and "b \u22121e308" in words and "b 0" in words
    network.weights = [[[math.nan] * 3] * 2]
    assert "not finite: 6 weights." in words_of(parsed(network_graph(network)))


def test_what_does_not_fit_the_graph_is_refused_in_a_sentence() -> None:
    network = Network([2, 1])
    assert complaint(network_graph, network, [1]) == (
        "row: row 0 has 1 value, but the network has 2 inputs"
    )
    assert complaint(network_graph, network, input_names=["a"]) == (
        "input_names: expected 2 names, one for each input, got 1"
    )
    assert complaint(network_graph, network, output_names="ab") == (
        "output_names: expected 1 name, one for each output, got 2"
    )


# -- the loss curve ------------------------------------------------------------------------------


@given(st.lists(any_float, min_size=1, max_size=40), st.data())
def test_any_history_makes_a_curve(loss, data) -> None:
    rest = data.draw(st.just([]) | st.lists(any_float, min_size=len(loss), max_size=len(loss)))
    root = parsed(loss_curve(history(loss, rest)))
    log = "log scale" in words_of(root)
    kept = [value for value in loss + rest if drawable(value, log)]
    note = re.search(r"(\d+) points? left out", words_of(root))
    assert (int(note.group(1)) if note else 0) == len(loss + rest) - len(kept)


@pytest.mark.parametrize("loss", [[0.5, 0.25, 0.125, 0.3], [1.0, 0.1, 0.001, 0.0001]])
def test_the_points_of_the_curve_are_the_history(loss) -> None:
    root = parsed(loss_curve(history(loss, every=10)))
    log = loss[0] == 1.0
    assert ("log scale" in words_of(root)) == log
    read_x = reader(ticks(root, "tick-x"))
    read_y = reader(ticks(root, "tick-y"), log)
    (line,) = found(root, "path", "line s0")
    points = points_of(line)
    assert [read_x(x) for x, _ in points] == pytest.approx([0, 10, 20, 30], abs=0.01)
    assert [read_y(y) for _, y in points] == pytest.approx(loss, rel=1e-3)
    assert "epoch" in words_of(root) and "loss (mean over the rows)" in words_of(root)


@pytest.mark.parametrize(
    ("epochs", "log"),
    [([0, 1, 201], True), ([0, 1, 199], False), ([0, 600, 60_000], False), ([0, 5, 60_000], True)],
)
def test_epochs_of_many_sizes_are_on_a_log_axis_which_counts_from_1(epochs, log) -> None:
    past = history([0.5, 0.4, 0.3])
    past.epochs = epochs
    root = parsed(loss_curve(past))
    to_epoch = reader(ticks(root, "tick-x"), log)
    read = [to_epoch(x) for x, _ in points_of(found(root, "path", "line s0")[0])]
    assert read == pytest.approx([epoch + log for epoch in epochs], rel=0.02, abs=2 * (not log))
    assert ("epoch, from 1, log scale" in words_of(root)) == log


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "linear"])
def test_a_slope_is_a_piece_of_the_tangent(activation) -> None:
    root = parsed(slope_curve(activation, at=(-2.0, 0.5, 1.0)))
    curve, *tangents = [points_of(path) for path in found(root, "path", "line") if path.get("d")][
        4:
    ]
    [marks] = found(root, "path", "open mark")[1:]
    to_x, to_y = reader(ticks(root, "tick-x")), reader(ticks(root, "tick-y"))
    read = lambda points: [(to_x(x), to_y(y)) for x, y in points]  # noqa: E731
    names = re.findall(r"slope (\S+) where the output is (\S+)", words_of(root))
    assert len(tangents) == len(names) == marks.get("d").count("M") == 3
    for x, tangent, (slope, output) in zip((-2.0, 0.5, 1.0), map(read, tangents), names):
        (x0, y0), (x1, y1) = tangent
        assert (x0 + x1) / 2 == pytest.approx(x, abs=0.02)
        near = {round(a, 2): b for a, b in read(curve)}
        measured = near[round(x + 0.05, 2)] - near[round(x - 0.05, 2)]
        assert (y1 - y0) / (x1 - x0) == pytest.approx(measured / 0.1, abs=0.25)
        number = lambda text: float(text.replace(MINUS, "-"))  # noqa: E731
        assert (y1 - y0) / (x1 - x0) == pytest.approx(number(slope), abs=0.02)
        assert (y0 + y1) / 2 == pytest.approx(number(output), abs=0.05)


def test_what_has_no_slope_of_its_own_is_refused() -> None:
    for name in ("softmax", "sigmod", None):
        said = complaint(slope_curve, name)
        assert said.startswith("activation: expected one with a curve, got ")


@given(st.lists(st.lists(finite_float, min_size=1, max_size=12), max_size=8), st.integers(1, 5))
def test_a_tile_has_a_square_for_each_number_solid_above_0_and_open_below(images, width) -> None:
    root = parsed(
        image_tiles("Title", [(f"image {k}", row) for k, row in enumerate(images)], width)
    )
    for look, sign in (("bar", 1), ("open mark s1", -1)):
        ways = [path.get("d") for path in found(root, "path", look)]
        drawn = [
            [n for n in row if sign * n > 0 and 11 * math.sqrt(abs(n) / max(map(abs, row))) > 0.5]
            for row in images
        ]
        assert [way.count("M") for way in ways] == [len(row) for row in drawn if row]
        sizes = [max(map(abs, image)) for image, row in zip(images, drawn) if row]
        for way, row, largest in zip(ways, filter(None, drawn), sizes):
            sides = [float(side) for side in re.findall(r"h([\d.]+)v", way)]
            assert sides == pytest.approx([11 * math.sqrt(abs(n) / largest) for n in row], abs=0.01)


def test_validation_is_a_second_line_with_a_legend() -> None:
    root = parsed(loss_curve(history([3, 2, 1], [4, 3, 3])))
    assert len(found(root, "path", "line s0")) == len(found(root, "path", "line s1")) == 2
    assert "training loss validation loss" in words_of(root)
    assert "validation loss 3" in words_of(root)
    assert "training loss" not in words_of(parsed(loss_curve(history([3, 2, 1]))))


def test_the_end_of_the_training_is_said_in_words() -> None:
    past = history([0.5, 0.00000123456])
    past.stopped = "all 2 epochs done"
    assert "Last entry: epoch 1, loss 1.235e-6; all 2 epochs done." in words_of(
        parsed(loss_curve(past))
    )


def test_entries_without_a_place_leave_a_gap_and_are_counted() -> None:
    root = parsed(loss_curve(history([1, 0.5, math.nan, 0.25, math.inf, 0.001, 0.0])))
    assert "3 points left out (NaN, infinite, or not above 0)." in words_of(root)
    assert found(root, "path", "line s0")[0].get("d").count("M") == 1
    root = parsed(loss_curve(history([1.0] * 30 + [math.nan, 1.0, math.inf])))
    assert "2 points left out (NaN or infinite)." in words_of(root)
    assert len(found(root, "path", "mark s0")) == 1  # the point between the gaps


def test_the_epochs_of_what_is_left_out_are_on_the_axis_too() -> None:
    losses = [math.nan, 0.5, 0.25, *[math.inf] * 7]
    read = reader(ticks(parsed(loss_curve(history(losses))), "tick-x"))
    left, right = _ends(parsed(loss_curve(history(losses))))
    assert read(left) < 0 and read(right) > 9
    assert ticks(parsed(loss_curve(history([math.nan] * 5))), "tick-x")[-1][1] == 4


@given(st.integers(3000, 20_000), st.integers())
@settings(max_examples=5)
def test_a_long_history_is_thinned_and_keeps_its_extremes(count, seed) -> None:
    chance = random.Random(seed)
    loss = [chance.uniform(0.1, 1.0) for _ in range(count)]
    loss[1234] = 3.0
    picture = loss_curve(history(loss))
    root = parsed(picture)
    points = points_of(found(root, "path", "line s0")[0])
    assert len(points) <= 4 * 560 and len(picture.svg.encode()) < 60_000
    to_epoch = reader(ticks(root, "tick-x"), log=True)
    to_loss = reader(ticks(root, "tick-y"))
    read = [(to_epoch(x), to_loss(y)) for x, y in points]
    assert max(value for _, value in read) == pytest.approx(3.0, rel=1e-2)
    assert max(read, key=lambda point: point[1])[0] == pytest.approx(1235, rel=0.01)
    assert (points[0][0], points[-1][0]) == (min(points)[0], max(points)[0])
    assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_thinning_keeps_the_lowest_and_the_highest_of_every_column() -> None:
    values = [math.sin(k * k) for k in range(20_000)]
    every = Series("s", enumerate(values))
    root = parsed(line_chart("T", [every], Axis("x"), Axis("y")))
    left, right = extent(range(20_000), margin=0.02)
    x = horizontal(Axis(), (left, right), *_ends(root))
    columns: dict[int, list[float]] = {}
    for k, value in enumerate(values):
        columns.setdefault(int(x(k)), []).append(value)
    read = reader(ticks(root, "tick-y"))
    drawn: dict[int, list[float]] = {}
    for a, b in points_of(found(root, "path", "line s0")[0]):
        drawn.setdefault(int(a), []).append(read(b))
    agree = [
        abs(min(drawn[c]) - min(columns[c])) < 0.01 and abs(max(drawn[c]) - max(columns[c])) < 0.01
        for c in columns
        if c in drawn
    ]
    # Rounding to two decimals may carry a point over the side of its column.
    assert agree.count(True) >= 0.97 * len(columns)


def _ends(root):
    """Return where the horizontal axis begins and ends, from the line that is drawn."""
    start, _, end = re.match(
        r"M([\d.]+) [\d.]+V([\d.]+)H([\d.]+)", found(root, "path", "axis")[0].get("d")
    ).groups()
    return float(start), float(end)


def test_a_history_with_nothing_in_it_is_refused() -> None:
    assert complaint(loss_curve, History()) == "history: expected at least one entry, got none"
    uneven = history([1, 2])
    uneven.validation_loss = [1]
    assert (
        complaint(loss_curve, uneven)
        == "history: expected one validation loss for each of 2 epochs, got 1"
    )
    uneven.loss = []
    assert (
        complaint(loss_curve, uneven)
        == "history: expected one training loss for each of 2 epochs, got 0"
    )


# -- axes, marks and legends ---------------------------------------------------------------------


@given(st.lists(any_float, max_size=5), st.booleans(), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=400)
def test_ticks_lie_on_the_axis_evenly_and_in_order(values, log, whole, zero, margin) -> None:
    low, high = extent(values, Axis(log=log, zero=zero), 0.1 if margin else 0.0)
    assert low < high
    for value in values:
        if drawable(value, log):
            assert low <= value <= high or math.isclose(value, low) or math.isclose(value, high)
    scale = horizontal(Axis(log=log, whole=whole), (low, high), 0, 500)
    assert all(low <= tick <= high for tick in scale.ticks) and len(scale.ticks) <= 12
    assert scale.ticks or whole
    assert len(set(scale.labels)) == len(scale.ticks)
    for tick, label in zip(scale.ticks, scale.labels):
        read = float(label.replace(",", "").replace("\u2212", "-"))
        assert math.isclose(read, tick, rel_tol=1e-9)
    if not log and len(scale.ticks) > 2:
        steps = [b - a for a, b in zip(scale.ticks, scale.ticks[1:])]
        assert max(steps) - min(steps) <= 1e-6 * max(steps) + 1e-15 * max(abs(low), abs(high))
    places = [scale(tick) for tick in scale.ticks]
    assert places == sorted(places) and all(-1e-6 <= place <= 500 + 1e-6 for place in places)


def test_an_axis_too_short_for_its_numbers_has_fewer() -> None:
    assert horizontal(Axis(), (0.0, 1e6), 0, 150).labels == ["0", "500,000", "1,000,000"]
    assert horizontal(Axis(), (0.0, 1e6), 0, 10).labels == ["0", "500,000", "1,000,000"]


def test_whole_ticks_are_whole() -> None:
    assert horizontal(Axis(whole=True), (0.0, 3.0), 0, 500).labels == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.5, 2000.0, ["1", "10", "100", "1,000"]),
        (0.9, 60.0, ["1", "2", "5", "10", "20", "50"]),
        (2.0, 3.1, ["2.0", "2.5", "3.0"]),
        (1e-9, 1e-1, ["1e-9", "1e-7", "1e-5", "0.001", "0.1"]),
    ],
)
def test_a_log_axis_has_powers_of_ten_where_there_are_enough(low, high, labels) -> None:
    assert Scale(Axis(log=True), (low, high), 0, 100).labels == labels


def test_a_chart_takes_several_series_on_log_axes() -> None:
    series = [Series(f"engine {k}", [(10**i, 2**i * (k + 1)) for i in range(5)]) for k in range(8)]
    series.append(Series("dots", [(50, 20), (-1, 3)], line=False))
    root = parsed(line_chart("T", series, Axis("rows", log=True), Axis("time (s)", log=True)))
    words = words_of(root)
    assert "rows, log scale" in words and "time (s), log scale" in words
    assert all(f"engine {k}" in words for k in range(8)) and "1 point left out" in words
    read_x, read_y = (reader(ticks(root, side), log=True) for side in ("tick-x", "tick-y"))
    points = points_of(found(root, "path", "line s1")[2])
    assert [read_x(x) for x, _ in points] == pytest.approx([10**i for i in range(5)], rel=1e-3)
    assert [read_y(y) for _, y in points] == pytest.approx([2**i * 2 for i in range(5)], rel=1e-3)


def test_dots_are_open_so_that_one_shows_through_another() -> None:
    same = [(1, 1), (2, 2)]
    dots = [Series("a", same, line=False), Series("b", same, line=False), Series("c", same)]
    root = parsed(line_chart("T", dots, Axis("x"), Axis("y")))
    for look, fill in (("s0", "open"), ("s1", "open"), ("s2", "panel")):
        marks = found(root, "path", f"mark {look}")
        assert len(marks) == 2 and all(fill in each.get("class") for each in marks)


def test_a_chart_without_anything_to_draw_is_empty() -> None:
    assert "1 point left out" in words_of(
        parsed(line_chart("T", [Series("", [(0, math.nan)])], Axis("x"), Axis("y")))
    )


def test_marks_differ_and_a_legend_breaks_its_lines() -> None:
    assert len({mark(k, 0, 0) for k in range(10)}) == 10 and mark(10, 0, 0) == mark(0, 0, 0)
    _, one = legend([("", "a")], 0, 0, 100)
    _, two = legend([("", "a"), ("", "a long name")], 0, 0, 100)
    assert two == one + 20


@given(st.text(max_size=60), st.floats(1, 500))
def test_words_are_cut_to_fit(words, width) -> None:
    cut = fitted(words, width, 10)
    assert width_of(cut, 10) <= width or cut in ("", "\u2026")
    assert all(
        width_of(line, 10) <= width or line == "\u2026" for line in wrapped(words, width, 10)
    )


@given(any_float)
def test_a_value_is_written_in_few_characters(value) -> None:
    written = digits(value)
    assert (len(written) <= 7 and "-" not in written[:1]) or value == -math.inf
    if 0.001 <= abs(value) < 1e300:
        assert float(written.replace("\u2212", "-")) == pytest.approx(value, rel=0.51)
    if 0.1 <= abs(value) < 999:
        assert float(written.replace("\u2212", "-")) == pytest.approx(value, rel=0.0051)


@given(st.floats(0.001, 99.0) | st.floats(-99.0, -0.001))
def test_a_rounded_value_does_not_look_like_a_whole_one(value) -> None:
    assert "." in digits(value) or value.is_integer()


# -- the decision surface ------------------------------------------------------------------------


def cells(root):
    """Return the fill of each cell by (row, column), as the picture paints them."""
    painted, fills = {}, {}
    ends = re.match(r"M([\d.]+) ([\d.]+)V", found(root, "path", "axis")[0].get("d")).groups()
    left, top = map(float, ends)
    for path in found(root, "path"):
        if path.get("fill"):
            runs_of = re.findall(r"M([\d.]+) ([\d.]+)h(\d+)v10h-\3z", path.get("d"))
            for x, y, wide in runs_of:
                for k in range(int(wide) // 10):
                    place = (round((float(y) - top) / 10), round((float(x) - left) / 10) + k)
                    assert place not in painted
                    painted[place] = path.get("fill")
                    fills[path.get("fill")] = fills.get(path.get("fill"), 0) + 1
    return painted


def at(span, k):
    return span[0] + (span[1] - span[0]) * (k + 0.5) / 40


SHADE = {_color((k + 0.5) / SHADES): k for k in range(SHADES)}


@given(networks(layers=3).filter(lambda n: n.sizes[0] > 1), st.data())
@settings(max_examples=25)
def test_a_cell_has_the_color_of_the_prediction_at_its_middle(network, data) -> None:
    first, second = data.draw(st.permutations(range(network.sizes[0])))[:2]
    output = data.draw(st.integers(0, network.sizes[-1] - 1))
    root = parsed(decision_surface(network, inputs=(first, second), output=output))
    painted = cells(root)
    assert len(painted) == 1600
    bar = ticks(root, "tick-bar")
    rows = []
    for i in range(40):
        for j in range(40):
            row = [1.0] * network.sizes[0]
            row[first], row[second] = at((0, 1), j), at((1, 0), i)
            rows.append(row)
    values = [row[output] for row in network.predict(rows)]
    limits = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1)}
    low, high = limits.get(network.output_activation, (None, None))
    order = sorted(zip(values, (SHADE[painted[i, j]] for i in range(40) for j in range(40))))
    assert [shade for _, shade in order] == sorted(shade for _, shade in order)
    if low is not None:
        for value, shade in order:
            assert abs((value - low) / (high - low) - (shade + 0.5) / SHADES) <= 0.5 / SHADES + 1e-9
    assert len(bar) >= 2


def test_the_axes_reach_a_tenth_beyond_the_data_and_the_rest_is_the_mean() -> None:
    network = Network([4, 1], seed=1)
    X = [[0, 10, 5, 1], [10, 30, 6, 1]]
    root = parsed(decision_surface(network, X, inputs=(1, 0)))
    read_x, read_y = reader(ticks(root, "tick-x")), reader(ticks(root, "tick-y"))
    left, right = _ends(root)
    assert (read_x(left), read_x(right)) == pytest.approx((8, 32), abs=0.01)
    marks = points_of(found(root, "path", "over filled")[0])[::1]
    assert [read_x(x + 4) for x, _ in marks[:1]] == pytest.approx([10], abs=0.1)
    assert [read_y(y) for _, y in marks[:1]] == pytest.approx([0], abs=0.1)
    words = words_of(root)
    assert "Fixed at the mean in X: input 2 = 5.5, input 3 = 1." in words
    assert "Output 0 over input 1 and input 0" in words and "row of X" in words


def test_what_is_fixed_is_said_for_none_one_and_many() -> None:
    one = words_of(parsed(decision_surface(Network([3, 1]))))
    assert "Fixed at 1: input 2 = 1." in one
    assert "Fixed at 1: the other 5 inputs." in words_of(parsed(decision_surface(Network([7, 1]))))
    assert "rest" not in words_of(parsed(decision_surface(Network([2, 1]))))


def test_the_article_has_its_half_line_and_a_shape_for_each_target(article) -> None:
    network, _, X, y = article
    root = parsed(decision_surface(network, X, y))
    words = words_of(root)
    assert "target 0 target 1" in words
    paths = [path.get("d") for path in found(root, "path", "over filled")]
    assert len(paths) == 2 and paths[0].count("a4 4") == 4 and paths[1].count("l8 8") == 2
    assert words.count(" 0.5 ") == 2  # on the line and on the bar
    lines = [path for path in found(root, "path", "over") if "2.6" in path.get("style", "")]
    read_x, read_y = reader(ticks(root, "tick-x")), reader(ticks(root, "tick-y"))
    for x, y_place in points_of(lines[0]):
        value = network.predict([[read_x(x), read_y(y_place), 1]])[0][0]
        assert value == pytest.approx(0.5, abs=0.03)


@given(st.integers(0, 999))
@settings(max_examples=10)
def test_a_map_of_classes_shows_the_largest_output_and_its_number(seed) -> None:
    network = Network([2, 6, 5], init="he", seed=seed, bias=True, output_activation="softmax")
    X = [[-3, -3], [3, 3]]
    root = parsed(decision_surface(network, X, output=None))
    painted = cells(root)
    rows = [[at((-3.6, 3.6), j), at((3.6, -3.6), i)] for i in range(40) for j in range(40)]
    winners = [row.index(max(row)) for row in network.predict(rows)]
    pairs = {(winner, painted[divmod(k, 40)]) for k, winner in enumerate(winners)}
    assert len(pairs) == len(set(winners)) == len(set(painted.values()))
    numbers = {e.text for e in found(root, "text", "title on")}
    large = {
        str(kind)
        for kind, region in patches([winners[i * 40 : i * 40 + 40] for i in range(40)])
        if len(region) >= 6
    }
    assert numbers == large
    for each in found(root, "text", "title on"):
        left, _ = _ends(root)
        top = float(
            re.match(r"M[\d.]+ ([\d.]+)V", found(root, "path", "axis")[0].get("d")).group(1)
        )
        j, i = (float(each.get("x")) - left) // 10, (float(each.get("y")) - 6 - top) // 10
        assert winners[int(i) * 40 + int(j)] == int(each.text)


def test_a_map_of_classes_has_borders_a_key_and_marks_by_class() -> None:
    network = Network(
        [2, 3], output_activation="softmax", loss="cross_entropy", init="zeros", bias=True
    )
    network.weights = [[[9.0, 0.0, -9.0], [0.0, 0.0, 0.0]]]
    X, y = [[-1, 0], [0, 0], [1, 0]], [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    root = parsed(decision_surface(network, X, y, output=None, output_names=["a", "b", "c"]))
    words = words_of(root)
    assert "target a target b target c" in words and " a " in words
    assert len(found(root, "path", "over filled")) == 3
    borders_drawn = [p for p in found(root, "path", "over") if "v400" in p.get("d")]
    assert len(borders_drawn) == 1
    one_class = parsed(decision_surface(Network([2, 2], init="zeros"), output=None))
    assert not found(one_class, "path", "over") and "class 0" in words_of(one_class)


def test_more_classes_than_the_key_has_room_for_are_counted() -> None:
    network = Network([2, 30], activation="linear")
    turns = [k * math.tau / 30 for k in range(30)]
    network.weights = [[list(map(math.cos, turns)), list(map(math.sin, turns))]]
    root = parsed(decision_surface(network, [[-1, -1], [1, 1]], output=None))
    words = words_of(root)
    assert "class 16 " in words and "class 17" not in words and "and 13 more" in words
    frame_ends = float(re.search(r"V([\d.]+)", found(root, "path", "axis")[0].get("d")).group(1))
    key = [e for e in found(root, "text") if e.text == "and 13 more"]
    assert float(key[0].get("y")) < frame_ends


def test_outputs_that_tie_are_counted() -> None:
    tied = Network([2, 3], init="zeros")
    assert "Outputs tie in 1,600 cells: the first is shown." in words_of(
        parsed(decision_surface(tied, output=None))
    )
    tied.weights[0][0][1] = 1.0
    assert "tie" not in words_of(parsed(decision_surface(tied, output=None)))


def test_the_picture_says_from_where_to_where_its_outputs_go(article) -> None:
    flat = words_of(parsed(decision_surface(Network([2, 1], init="zeros"))))
    assert "The output is 0.5 everywhere here." in flat
    network, _, X, y = article
    said = re.search(
        r"Outputs here: from (\S+) to (\S+)\.", words_of(parsed(decision_surface(network, X, y)))
    )
    corners = [[a, b, 1] for a in (-0.1, 1.1) for b in (-0.1, 1.1)]
    values = [row[0] for row in network.predict(corners)]
    assert float(said.group(1)) <= min(values) + 1e-3 and float(said.group(2)) >= max(values) - 1e-3


def test_a_name_of_a_caller_keeps_its_capitals() -> None:
    for sizes in ([2, 1], [1, 1]):
        picture = decision_surface(Network(sizes), output_names=["pH"])
        assert picture.title.startswith("pH over input")
    both = decision_surface(Network([1, 2]), output=None)
    assert both.title == "Outputs over input 0"


def test_targets_of_many_values_are_split_at_the_middle() -> None:
    X = [[k, k] for k in range(8)]
    y = [[k / 8] for k in range(8)]
    words = words_of(parsed(decision_surface(Network([2, 1]), X, y)))
    assert "target below 0.5 target 0.5 or more" in words


def test_many_rows_are_thinned_and_the_picture_says_so() -> None:
    X, y = [[k % 40, k // 40] for k in range(1000)], [[k % 2] for k in range(1000)]
    picture = decision_surface(Network([2, 1], seed=1), X, y)
    assert "Of 1,000 rows, one in 4 has a mark." in words_of(parsed(picture))
    assert len(picture.svg) < 60_000
    one = decision_surface(Network([1, 1], seed=1), [[k] for k in range(1000)], y)
    assert "one in 4 has a mark" in words_of(parsed(one))


def test_a_surface_stays_under_sixty_kilobytes(article, classifier) -> None:
    X, y = datasets.iris()
    X = [row[2:] for row in X]
    names = sorted(set(y))
    y = [[float(name == label) for name in names] for label in y]
    rough = Network([2, 30, 1], init="he", activation="tanh", seed=3)
    pictures_ = [
        decision_surface(article[0], *datasets.xor()),
        decision_surface(classifier, X, y, output=None),
        decision_surface(classifier, X, y, output=2),
        decision_surface(rough, [[-9, -9], [9, 9]]),
    ]
    assert max(len(picture.svg.encode()) for picture in pictures_) < 60_000


def test_one_input_is_a_curve_and_its_targets_are_dots() -> None:
    network = Network([1, 3, 2], seed=1)
    root = parsed(decision_surface(network, [[0], [10]], [[0, 1], [1, 0]], output=None))
    read_x, read_y = reader(ticks(root, "tick-x")), reader(ticks(root, "tick-y"))
    for k in (0, 1):
        line = points_of(found(root, "path", f"line s{k}")[1])
        for x, y in line[::20]:
            assert network.predict([[read_x(x)]])[0][k] == pytest.approx(read_y(y), abs=0.01)
    words = words_of(root)
    assert "output 0 output 1 target of output 0 target of output 1" in words
    alone = words_of(parsed(decision_surface(network, output=1)))
    assert "Output 1 over input 0" in alone


@given(networks(layers=3, width=3), st.data())
@settings(max_examples=30)
def test_any_finite_data_can_be_drawn_or_is_refused(network, data) -> None:
    X = data.draw(matrices(st.integers(1, 4), network.sizes[0], finite_float | thousandths))
    several = network.sizes[-1] > 1
    output = data.draw(st.sampled_from([0, None] if several else [0]))
    if any(abs(value) > 1e300 for row in X for value in row[:2]):
        assert "beyond 1e300" in complaint(decision_surface, network, X, output=output)
    else:
        parsed(decision_surface(network, X, output=output))


def test_cells_without_a_finite_output_are_left_empty_and_counted() -> None:
    network = Network([2, 2], activation="linear")
    network.weights = [[[1e308, 1.0], [1e308, 1.0]]]
    X = [[0, 0], [10, 10]]
    for output in (0, None):
        root = parsed(decision_surface(network, X, output=output))
        count = int(
            re.search(r"([\d,]+) cells without a finite", words_of(root)).group(1).replace(",", "")
        )
        assert 0 < count == 1600 - len(cells(root))
    network.weights = [[[math.nan, 1.0], [1.0, 1.0]]]
    assert "1,600 cells without" in words_of(parsed(decision_surface(network, X)))


def test_an_output_that_never_changes_has_one_color_and_no_line() -> None:
    network = Network([2, 1], activation="linear", init="zeros", bias=True)
    network.biases = [[-7.0]]
    root = parsed(decision_surface(network))
    assert len(set(cells(root).values())) == 1 and len(cells(root)) == 1600
    assert not [p for p in found(root, "path", "over") if p.get("d").count("L") > 1]


def test_a_level_in_a_corner_goes_without_a_number() -> None:
    network = Network([2, 1], init="zeros", bias=True)
    network.weights, network.biases = [[[40.0], [40.0]]], [[-79.5]]
    root = parsed(decision_surface(network))
    assert not found(root, "text", "tiny on")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"y": [[1, 0, 0]]}, "X: expected a sequence of rows, got None"),
        ({"X": [[1]]}, "X: row 0 has 1 value, but the network has 2 inputs"),
        ({"output": 3}, "output: expected a whole number from 0 to 2, got 3"),
        ({"output": -1}, "output: expected a whole number from 0 to 2, got -1"),
        ({"inputs": (0, 2)}, "inputs[1]: expected a whole number from 0 to 1, got 2"),
        ({"inputs": (1, 1)}, "inputs: expected two different indexes, got (1, 1) (tuple)"),
        ({"inputs": 1}, "inputs: expected two indexes, got 1"),
        ({"inputs": (0, 1, 2)}, "inputs: expected two indexes, got (0, 1, 2) (tuple)"),
        ({"input_names": []}, "input_names: expected 2 names, one for each input, got 0"),
    ],
)
def test_what_does_not_fit_the_surface_is_refused_in_a_sentence(
    classifier, options, message
) -> None:
    assert complaint(decision_surface, classifier, **options) == message


def test_one_output_cannot_be_compared() -> None:
    assert complaint(decision_surface, Network([2, 1]), output=None) == (
        "output: None compares outputs, but the network has 1 output"
    )


# -- contours and regions ------------------------------------------------------------------------


@given(matrices(st.integers(2, 6), st.integers(2, 6), thousandths), thousandths)
def test_a_contour_lies_on_the_sides_between_lower_and_higher_values(values, level) -> None:
    xs, ys = [float(j) for j in range(len(values[0]))], [float(i) for i in range(len(values))]
    assume(all(value != level for row in values for value in row))
    crossed = set()
    for line in contour(xs, ys, values, level):
        for x, y in line:
            i, j = int(y), int(x)
            i_too, j_too = (i, j + 1) if y == i and x != j else (i + 1, j)
            crossed.add((i, j, i_too, j_too))
            part = (x - j) + (y - i)
            between = values[i][j] * (1 - part) + values[i_too][j_too] * part
            assert between == pytest.approx(level, abs=1e-9)
    for i in range(len(ys)):
        for j in range(len(xs)):
            for a, b in ((i, j + 1), (i + 1, j)):
                if a < len(ys) and b < len(xs):
                    differ = (values[i][j] > level) != (values[a][b] > level)
                    assert ((i, j, a, b) in crossed) == differ


def test_a_contour_around_a_peak_is_closed_and_a_saddle_has_two_lines() -> None:
    three = [0.0, 1.0, 2.0]
    (ring,) = contour(three, three, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], 0.5)
    assert ring[0] == ring[-1] and len(ring) == 5
    for corner in (1.0, 1.5):  # the middle lies below 0.6, and above
        assert len(contour([0, 1], [0, 1], [[corner, 0.0], [0.0, corner]], 0.6)) == 2
    assert contour([0, 1], [0, 1], [[math.nan, 0.0], [0.0, 1.0]], 0.5) == []


@given(
    st.integers(1, 6).flatmap(
        lambda n: matrices(st.integers(1, 6), n, st.sampled_from([0, 1, 2, None]))
    )
)
def test_runs_and_patches_hold_each_cell_once(kinds) -> None:
    every = {
        (i, j): kind
        for i, row in enumerate(kinds)
        for j, kind in enumerate(row)
        if kind is not None
    }
    in_runs = [
        ((i, j + k), kind)
        for kind, each in runs(kinds).items()
        for i, j, n in each
        for k in range(n)
    ]
    in_patches = [(cell, kind) for kind, region in patches(kinds) for cell in region]
    assert sorted(in_runs) == sorted(in_patches) == sorted(every.items())
    ways = re.findall(r"[hv]([\d.]+)", borders(kinds, 10, 0, 0))
    differ = sum(a != b for row in kinds for a, b in zip(row, row[1:]))
    differ += sum(a != b for up, down in zip(kinds, kinds[1:]) for a, b in zip(up, down))
    assert sum(map(float, ways)) == 10 * differ


def test_the_clearest_place_is_away_from_the_frame_too() -> None:
    places = [(1.0, 50.0), (40.0, 50.0)]
    assert clearest(places, [(60.0, 50.0)], (0.0, 0.0), (100.0, 100.0)) == ((40.0, 50.0), 20.0)
