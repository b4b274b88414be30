"""The page in a real Chromium: every number is Python's to the bit, and everybody can use it.

One browser opens all pages. Its numbers come back as the bytes that they are.
"""

import json
import re
import shutil
from html import unescape

import pytest
from exported import NASTY
from support import bits, numbers_in

from purenet import Network
from purenet.datasets import curved, iris, xor
from purenet.lessons import trace
from purenet.page import document
from purenet.page.document import lesson, page_of, report
from purenet.page.frames import Training
from purenet.page.playground import playground

playwright = pytest.importorskip("playwright.sync_api")

# Returns the matrices of each frame as one text: each number's bytes, in the order of the matrices.
MATRICES = """(n) => {
  const training = DATA.trainings[n];
  return training.iterations.map((_, frame) => {
    const state = recorded(training, frame);
    const matrices = matricesOf(training, state);
    const numbers = [...Object.values(matrices).flat(2), state.loss];
    const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
    return [Object.keys(matrices), btoa(String.fromCharCode(...bytes))];
  });
}"""
# Returns the arithmetic of each number in a frame, and the pulls at each weight and bias.
TEXTS = """([n, frame]) => {
  const training = DATA.trainings[n];
  const matrices = matricesOf(training, recorded(training, frame));
  const texts = {};
  const stories = {};
  for (const [name, matrix] of Object.entries(matrices)) {
    matrix.forEach((row, i) => row.forEach((_, j) => {
      const address = cell(name, i, j);
      texts[addressOf(address)] = arithmeticOf(training, address, matrices).join("\\n");
      if (/^(weights|biases)/.test(name)) {
        stories[addressOf(address)] = pullsOf(address, matrices).shown.map(({ pull }) => pull);
      }
    }));
  }
  return [texts, stories];
}"""
NEEDED_CONTRAST = 4.5


def training(title, network, X, y, epochs=400, learning_rate=1.0):
    return Training(title, network, *network.check_data(X, y), epochs, learning_rate)


def trainings():
    """Return the trainings whose numbers are compared."""
    flowers, species = iris()
    X = [[x / 5.0 for x in row] for row in flowers[::10]]
    classes = [[float(label == each) for each in sorted({*species})] for label in species[::10]]
    both = [[a, 1.0 - a] for [a] in xor()[1]]
    softmax = {"output_activation": "softmax", "loss": "cross_entropy"}
    return [
        lesson("three-layer"),
        lesson("two-layer"),
        training("biases", Network([3, 4, 1], bias=True, seed=2), *xor()),
        training("tanh", Network([3, 3, 1], activation="tanh", seed=3), *xor(), learning_rate=0.1),
        training("softmax", Network([4, 5, 3], **softmax, bias=True, seed=4), X, classes, 200, 0.1),
        training(
            "alone", Network([4, 3], output_activation="softmax", seed=7), X, classes, 100, 0.5
        ),
        training("binary", Network([3, 2, 1], loss="cross_entropy", seed=5), *xor(), epochs=90),
        training(
            "relu",
            Network([3, 4, 3, 1], activation=["leaky_relu", "relu"], seed=8),
            *xor(),
            90,
            0.1,
        ),
        training(
            "2-3-3-2",
            Network([2, 3, 3, 2], seed=6),
            [[0, 0], [0, 1], [1, 0], [1, 1]],
            both,
        ),
    ]


@pytest.fixture(scope="module")
def browser(required):
    path = required("chromium", shutil.which("chromium"))
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Return a function that opens a page from a file; errors and requests fail in the end."""
    folder, contexts, wrong = tmp_path_factory.mktemp("pages"), [], []

    def open_page(page, **options):
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        )
        tab = contexts[-1].new_page()
        path = folder / f"{len(contexts)}.html"
        page.save(path)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda message: wrong.append(message.text))
        tab.on("dialog", lambda dialog: wrong.append(dialog.message))
        tab.on("request", lambda asked: asked.url == path.as_uri() or wrong.append(asked.url))
        tab.goto(path.as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def compared():
    return trainings()


@pytest.fixture(scope="module")
def tab(opened, compared):
    return opened(page_of(compared))


@pytest.fixture(scope="module")
def article(opened):
    """The article's page, for tests of what a reader does."""
    return opened(report())


def settled(page):
    """Wait until what was asked for is drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def steps(training, iterations):
    """Go through a training's traces."""
    step = trace(training.network, training.X, training.y, learning_rate=training.learning_rate)
    for iteration in iterations:
        step = step.after(iteration - step.iteration)
        yield step


def numbers_of(step):
    """Return a step's numbers in the order of the page, as it has them."""
    loss = step.as_data()["loss"]
    return [value for matrix in step.matrices.values() for row in matrix for value in row] + [loss]


def different(tab, training, number):
    """Return the frames of a training whose numbers are not those of its traces, to the bit."""
    found = tab.evaluate(MATRICES, number)
    iterations = tab.evaluate("(n) => DATA.trainings[n].iterations", number)
    assert len(found) == len(iterations) > 1
    wrong = []
    for (names, text), step in zip(found, steps(training, iterations)):
        assert names == [*step.matrices]
        if bits([numbers_in(text)]) != bits([numbers_of(step)]):
            wrong.append(step.iteration)
    return wrong


# -- the truth -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(9))
def test_every_number_of_every_frame_is_that_of_trace_to_the_bit(number, tab, compared):
    assert different(tab, compared[number], number) == []


def test_the_comparison_sees_another_order_of_three_factors(opened, monkeypatch):
    right = document.script_of()
    wrong = right.replace("error * (output * (1.0 - output))", "error * output * (1.0 - output)")
    assert wrong != right
    monkeypatch.setattr(document, "script_of", lambda: wrong)
    one = lesson("three-layer", 30)
    assert different(opened(page_of([one])), one, 0) != []


@pytest.mark.parametrize("number", range(9))
def test_the_text_at_every_number_and_the_pulls_are_those_of_trace(number, tab, compared):
    iterations = tab.evaluate("(n) => DATA.trainings[n].iterations", number)
    for frame in (0, 40, len(iterations) - 1):
        [step] = steps(compared[number], [iterations[frame]])
        texts, stories = tab.evaluate(TEXTS, [number, frame])
        assert texts == {address: str(step.cell(address)) for address in texts}
        assert len(texts) == len(numbers_of(step)) - 1
        for address, pulls in stories.items():
            followed = step.follow(address)
            strongest = sorted(followed.pulls, key=abs)[-12:]
            assert sorted(pulls) == sorted(strongest)


def test_the_page_shows_these_texts(tab, compared):
    tab.select_option("#training", "2")
    tab.select_option("#names", "trace")
    tab.evaluate("goTo(30)")
    [step] = steps(compared[2], [tab.evaluate("page.training.iterations[30]")])
    for address in ("weights[0][2][1]", "biases[1][0]"):
        name = re.sub(r"(\[\d+\])(\[.*)", r"\1", address)
        i, j = (
            ([int(n) for n in re.findall(r"\d+", address)[1:]] + [0])[:2]
            if "w" in address
            else (0, 0)
        )
        tab.evaluate("([name, i, j]) => pick(cell(name, i, j))", [name, i, j])
        settled(tab)
        assert tab.inner_text("#arithmetic") == str(step.cell(address))
        story = str(step.follow(address)).split("\n")[1:]
        shown = tab.eval_on_selector_all("#pulls li", "all => all.map((li) => li.textContent)")
        assert [*shown, tab.text_content("#together")] == [line.strip() for line in story]


def test_numbers_are_written_as_python_writes_them_also_halfway_between_two(tab):
    halfway = [(2 * n + 1) * 2.0**-k for n in range(40) for k in range(1, 40)]
    values = [*halfway, 1e-5, 123456785.0, 99999999.5, 1e22, -2.5e-7, 9.99999995, 0.1, -0.0, 1e300]
    written = tab.evaluate("(values) => values.map(number)", values)
    assert written == [f"{value + 0.0:.8g}" for value in values]


def test_live_training_from_the_start_ends_on_pythons_weights(tab):
    exact = tab.evaluate(
        "() => Object.entries(DATA.checks).every((check) => hasPythonsBits(...check))"
    )
    if not exact:  # then the page says that a what-if may differ
        assert "differ" in tab.text_content("#bits")
        return
    tab.select_option("#training", "0")
    tab.evaluate("() => { goTo(0); trainOn(60000); }")
    live = tab.evaluate("() => page.live.network.layers.map((layer) => layer.weights)")
    network = Network([3, 4, 1], seed=1)
    network.train(*xor(), epochs=60_000)
    assert [bits(W) for W in live] == [bits(W) for W in network.weights]
    settled(tab)
    assert tab.is_visible("#mark")
    tab.click("#undo")


@pytest.mark.parametrize("number", [2, 3, 4, 6, 7])
def test_live_training_of_other_networks_and_its_loss_are_pythons(number, tab, compared):
    one = compared[number]
    tab.evaluate("(n) => { choose(DATA.trainings[n]); trainOn(60); }", number)
    state = tab.evaluate(
        "() => { const { weights, biases, loss } = liveState(page.training, page.live);"
        " return [weights, biases, loss]; }"
    )
    network = one.network.copy()
    network.train(one.X, one.y, epochs=60, learning_rate=one.learning_rate)
    expected = [network.weights, network.biases, network.loss_on(one.X, one.y)]
    assert json.loads(json.dumps(expected)) == state


# -- what a reader does --------------------------------------------------------------------------


def test_names_are_text_in_the_page(opened):
    text = "<img src=x onerror=alert(1)>\u2028</script>" + "".join(NASTY)
    one = lesson("three-layer", 5)
    names = {"title": text, "input_names": [text] * 3, "output_names": [text]}
    page = opened(page_of([one._replace(**names)]))
    settled(page)
    assert page.locator("img").count() == 0
    assert page.locator("#matrices th", has_text="<img src=x").count() > 2


def test_by_keyboard_a_reader_gets_everywhere(article):
    article.evaluate("choose(DATA.trainings[0])")
    settled(article)
    article.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(60):
        article.keyboard.press("Tab")
        reached.append(
            article.evaluate("document.activeElement.id || document.activeElement.tagName")
        )
    wanted = (
        "training names play back forth iteration tour-next what-if what-if-number on speed one"
    )
    assert {*wanted.split(), "across", "up", "arithmetic", "TD"} <= {*reached}
    assert reached.count("TD") <= 2  # all tables are one stop
    article.locator("#matrices td[aria-selected=true]").focus()
    assert article.evaluate("addressOf(page.cell)") == "l2_delta[2][0]"
    for key, expected in [
        ("ArrowUp", "l2_delta[1][0]"),
        ("n", "l1_error[1][0]"),
        ("ArrowRight", "l1_error[1][1]"),
        ("p", "l2_delta[1][0]"),
    ]:
        article.keyboard.press(key)
        assert article.evaluate("addressOf(page.cell)") == expected
        assert article.evaluate("document.activeElement.address.name") == expected.split("[")[0]
    article.locator("#iteration").focus()
    article.keyboard.press("End")
    settled(article)
    assert "60,000" in article.text_content("#headline")


def test_every_control_has_a_name_and_every_table_headers(article):
    nameless = article.eval_on_selector_all(
        "button, select, input",
        "all => all.filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() &&"
        " one.tagName === 'BUTTON' || one.closest('label')?.textContent.trim())).length",
    )
    assert nameless == 0
    bad = article.eval_on_selector_all(
        "#matrices table",
        """all => all.filter((table) => {
          const columns = table.tHead.querySelectorAll("th[scope=col]").length;
          return !table.caption || [...table.tBodies[0].rows].some((row) =>
            row.querySelector("th[scope=row]") === null ||
            row.querySelectorAll("td[tabindex]").length !== columns);
        }).length""",
    )
    assert bad == 0
    assert article.eval_on_selector_all("svg[role=img]", "all => all.every((s) => s.ariaLabel)")


def test_one_live_region_speaks_and_is_silent_while_playing(article):
    article.evaluate("() => { choose(DATA.trainings[0]); }")
    settled(article)
    assert article.locator("[aria-live]").count() == 1
    before = article.text_content("#live")
    article.click("#play")
    while article.evaluate("page.frame") < 4:
        article.wait_for_timeout(50)
    assert article.text_content("#live") == before
    article.click("#play")
    settled(article)
    assert article.text_content("#live") != before


def test_a_calm_page_plays_slowly(opened):
    page = opened(page_of([lesson("two-layer", 50)]), reduced_motion="reduce")
    page.click("#play")
    page.wait_for_timeout(400)
    assert page.evaluate("page.frame") <= 1


def test_many_changes_are_drawn_once_a_frame(article):
    count = article.evaluate(
        """() => new Promise((done) => {
          let count = 0;
          new MutationObserver(() => (count += 1)).observe(at("headline"), { childList: true });
          for (let n = 0; n < 50; n++) goTo(n);
          requestAnimationFrame(() => setTimeout(() => done(count)));
        })"""
    )
    assert count == 1


def test_nothing_is_drawn_in_a_hidden_tab_until_it_is_seen(article):
    # A browser without a window hides no tab, so the page is told what a hidden one is told.
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }"""
    pictures = "document.querySelector('main').innerHTML + at('headline').textContent"
    article.evaluate("() => { choose(DATA.trainings[0]); goTo(3); }")
    settled(article)
    article.evaluate(hide, True)
    seen = article.evaluate(pictures)
    for change in ["goTo(9)", "play()", "pick(cell('weights[0]', 1, 2))", "trainInFrame(stop())"]:
        article.evaluate(change)
        settled(article)
        article.wait_for_timeout(150)
        assert article.evaluate(pictures) == seen
    article.evaluate("goTo(9)")
    article.evaluate(hide, False)
    settled(article)
    assert article.evaluate(pictures) != seen
    assert "iteration 9:" in article.text_content("#headline")
    article.evaluate("delete document.hidden")


@pytest.mark.parametrize("step", [1, 4, 5])
def test_the_numbers_of_the_rows_do_not_overlap_in_the_slope_picture(step, article):
    article.evaluate("(step) => { choose(DATA.trainings[0]); takeStep(step); }", step)
    settled(article)
    boxes = article.eval_on_selector_all(
        "#slope text.ink", "all => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    boxes.sort(key=lambda box: box["left"])
    assert len(boxes) == 4
    assert all(a["right"] < b["left"] for a, b in zip(boxes, boxes[1:]))


def test_the_tour_shows_that_a_saturated_weight_does_not_learn(article):
    article.evaluate("() => choose(DATA.trainings[0])")
    settled(article)
    for step in range(1, 7):
        article.click("#tour-next")
        settled(article)
        assert article.text_content("#tour-step") == f"{step} / 6"
    moved = float(re.search(r"has moved by (\S+)\.", article.text_content("#tour-says")).group(1))
    assert 0 < abs(moved) < 1e-3
    # The picture shows the slope that stops the weight, not that of the unit before it.
    assert article.text_content("#slope-hint").count("l2[·][0]") == 1
    part = float(re.search(r"0.25: (\S+) %", article.text_content("#slope-says")).group(1))
    assert part < 1e-6
    assert article.evaluate("matricesOf(page.training, viewOf().state).l2_error[0][0]") < -0.999


# -- the playground -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def play(opened):
    return opened(playground())


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**32 - 1])
@pytest.mark.parametrize(
    ("data", "layers", "sizes"),
    [("article", "4", [3, 4, 1]), ("circles", "12,9", [2, 12, 9, 1]), ("moons", "0", [2, 1])],
)
def test_a_playground_begins_with_pythons_weights_and_learns_as_python_does(
    data, layers, sizes, seed, play
):
    settings = f"#data={data}&layers={layers}&activation=tanh&rate=0.05&seed={seed}"
    found = play.evaluate(
        """(settings) => {
          choose(trainingOf(settingsIn(settings)));
          const { weights } = recorded(page.training, 0);
          trainOn(50);
          const { layers } = page.live.network;
          const each = (key) => layers.map((layer) => layer[key]);
          return [page.training.X, page.training.y, weights, each("weights"), each("biases")];
        }""",
        settings,
    )
    X, y, first, weights, biases = found
    is_biased = data != "article"
    network = Network(
        sizes, activation="tanh", output_activation="sigmoid", bias=is_biased, seed=seed
    )
    assert [bits(W) for W in first] == [bits(W) for W in network.weights]
    network.train(X, y, epochs=50, learning_rate=0.05)
    assert [bits(W) for W in weights] == [bits(W) for W in network.weights]
    assert not is_biased or bits(biases) == bits(network.biases)


def test_every_number_of_a_playground_is_that_of_trace(play):
    texts = play.evaluate(
        """() => {
          choose(trainingOf(settingsIn("#data=xor&layers=3,2&activation=relu&rate=0.25&seed=2")));
          const matrices = matricesOf(page.training, recorded(page.training, 0));
          return page.training.formulas.flatMap(({ name }) => matrices[name].map((_, i) =>
            arithmeticOf(page.training, cell(name, i, 0), matrices).join("\\n")));
        }"""
    )
    network = Network(
        [2, 3, 2, 1], activation="relu", output_activation="sigmoid", bias=True, seed=2
    )
    X, y = curved("xor", 4)
    step = trace(network, X, [[target] for target in y], learning_rate=0.25)
    cells = [(name, i) for name, matrix in step.matrices.items() for i in range(len(matrix))]
    places = [f"{name}[0]" if "bias" in name else f"{name}[{i}][0]" for name, i in cells]
    assert texts == [str(step.cell(place)) for place in places]


def test_all_settings_stand_in_the_address_and_wrong_ones_are_the_usual(opened):
    page = opened(playground())
    page.select_option("#set-data", "spirals")
    page.fill("#set-layers", "8,8")
    page.fill("#set-rate", "0.5")
    page.locator("#set-seed").focus()
    settled(page)
    address = page.evaluate("location.hash")
    assert address == "#data=spirals&layers=8,8&activation=sigmoid&rate=0.5&seed=1"
    assert page.evaluate("page.training.sizes") == [2, 8, 8, 1]
    wrong = "#data=constructor&layers=99&activation=<img>&rate=-1&seed=1e9"
    page.evaluate("(wrong) => location.replace(wrong)", wrong)
    settled(page)
    assert page.evaluate("page.training.sizes") == [3, 4, 1]
    assert page.input_value("#set-seed") == "1" and page.locator("img").count() == 0


def test_the_buttons_of_rows_show_the_inputs_of_the_data_that_is_chosen(play):
    labels = []
    for data in ("article", "xor"):
        play.evaluate("(data) => choose(trainingOf({ ...DATA.usual, data }))", data)
        settled(play)
        labels.append(play.locator("#rows button").nth(1).text_content())
    assert labels == ["1: 0 1 1", "1: 0 1"]


def test_a_playground_trains_stops_and_begins_again(play):
    play.evaluate("choose(trainingOf(DATA.usual))")
    settled(play)
    play.click("#on")
    while play.evaluate("page.live.iteration") < 200:
        play.wait_for_timeout(20)
    play.click("#on")
    settled(play)
    assert play.text_content("#on") == "Train" and play.is_visible("#undo")
    assert play.evaluate("page.live.course.length") > 1
    play.click("#undo")
    settled(play)
    assert "iteration 0:" in play.text_content("#headline")


# -- for everybody -------------------------------------------------------------------------------

CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((c, n) => c * a + under[n] * (1 - a));
  const light = ([r, g, b]) => [r, g, b].reduce((sum, c, n) => {
    const part = c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
    return sum + [0.2126, 0.7152, 0.0722][n] * part;
  }, 0);
  const backOf = (node) => {
    const own = parse(getComputedStyle(node).backgroundColor);
    if (own.length === 3) return own;
    return node.parentElement ? over(own, backOf(node.parentElement)) : [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const isText = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!isText || !node.checkVisibility() || node.closest("script, noscript")) continue;
    const style = getComputedStyle(node);
    const isDrawn = node instanceof SVGElement;
    let back = backOf(isDrawn ? node.closest("div, li") : node);
    const circle = node.closest("g.node")?.querySelector("circle:not(.back)");
    if (circle) {
      const alpha = Number(circle.getAttribute("fill-opacity"));
      back = over([...parse(getComputedStyle(circle).fill).slice(0, 3), alpha], back);
    }
    const ink = over(parse(isDrawn ? style.fill : style.color), back);
    const [a, b] = [light(ink), light(back)];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent.slice(0, 40)]);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("frame", [0, 149])
def test_all_text_has_enough_contrast(scheme, frame, article):
    article.emulate_media(color_scheme=scheme)
    article.evaluate("(frame) => { choose(DATA.trainings[0]); goTo(frame); }", frame)
    settled(article)
    found = article.evaluate(CONTRASTS)
    assert len(found) > 150
    assert [text for contrast, text in found if contrast < NEEDED_CONTRAST] == []
    article.emulate_media(color_scheme="light")


@pytest.mark.parametrize("number", range(9))
def test_a_narrow_page_does_not_scroll_sideways(number, tab):
    tab.set_viewport_size({"width": 360, "height": 780})
    tab.evaluate("(n) => choose(DATA.trainings[n])", number)
    settled(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.set_viewport_size({"width": 1440, "height": 900})


def test_without_scripts_and_in_print_the_last_frame_is_shown(opened, article):
    still = opened(report(), java_script_enabled=False)
    text = unescape(still.content())
    assert "iteration 60,000: mean loss" in text and "iteration 10,000: mean loss" in text
    assert still.locator("noscript pre").count() == 2
    article.evaluate(
        "() => { choose(DATA.trainings[0]); dispatchEvent(new Event('beforeprint')); }"
    )
    assert "60,000" in article.text_content("#headline")
    article.emulate_media(media="print")
    assert not article.is_visible("#play") and article.is_visible("#matrices")
    article.emulate_media(media="screen")


def test_in_forced_colors_the_choice_can_be_seen(opened):
    page = opened(page_of([lesson("three-layer", 50)]), forced_colors="active")
    settled(page)
    style = page.eval_on_selector("td[aria-selected=true]", "(td) => getComputedStyle(td).outline")
    assert "3px" in style and "solid" in style


def test_a_layer_of_many_units_shows_the_chosen_one_and_an_ellipsis(opened):
    X = [[float((3 * r + i) % 7) / 7 for i in range(20)] for r in range(30)]
    y = [[float(r % 2)] for r in range(30)]
    page = opened(page_of([training("wide", Network([20, 15, 1], seed=1), X, y, 20, 0.1)]))
    settled(page)
    assert page.locator("#matrices td[tabindex]").count() < 250
    page.evaluate("pick(cell('weights[0]', 17, 13))")
    settled(page)
    assert page.evaluate("cells.has('weights[0][17][13]') && cells.has('l1[2][13]')")
    assert page.locator("#matrices td.cut").count() > 10
    assert page.locator("#pulls li").count() == 13
