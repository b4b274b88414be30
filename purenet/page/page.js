// The page: what is chosen, what moves it, and what is drawn for it.

const DATA = JSON.parse(document.getElementById("data").textContent);
const WORDS = DATA.words;

const at = (id) => document.getElementById(id);
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

// What is chosen. `choose` adds the training, the row, the number (`cell`), the weight that is
// followed, the unit of each layer, the axes and the step of the tour; `goTo` adds the frame, and
// `live`, a what-if.
const page = { names: "article", pointed: null };

// -- the state ------------------------------------------------------------------------------------

function choose(training) {
  const last = training.sizes.length - 1;
  const row = Math.min(2, training.X.length - 1);
  const units = training.sizes.map(() => 0);
  const [weight, delta] = [cell(`weights[${last - 1}]`, 0, 0), cell(`l${last}_delta`, row, 0)];
  Object.assign(page, { training, row, units, weight, cell: delta, axes: [0, 1], step: 0 });
  at("iteration").max = training.iterations.length - 1;
  at("iteration").parentElement.hidden = training.iterations.length === 1;
  at("rows").replaceChildren();
  name();
  goTo(0);
}

/** Write all that is not drawn for each state, with the names that are chosen. */
function name() {
  buildAxes();
  buildCode();
  draw();
}

/** Find all that the pictures show: the state that is chosen, and all that follows from it. */
function viewOf() {
  const { training, live, units } = page;
  const last = training.sizes.length - 1;
  const state = live ? liveState(training, live) : recorded(training, page.frame);
  const network = live ? live.network : networkFor(training, state);
  const matrices = matricesOf(training, state);
  const [rows, columns] = layersBeside(page.cell.name, last);
  if (rows !== null) units[rows] = page.cell.i;
  units[columns] = page.cell.j;
  // The unit that a weight is of is the one before it if there is one output alone.
  const isBefore = rows > 0 && columns === last;
  const k = isBefore ? rows : columns;
  const pulls = pullsOf(page.weight, matrices);
  const thumbnails = training.sizes[0] > 1 && last > 1;
  const unit = { k, j: units[k] };
  // The slope is that of the unit which a weight leads to; an input has none.
  const sloped = columns ? { k: columns, j: units[columns] } : { k: 1, j: 0 };
  const shown = { unit, sloped, pulls, output: units[last], thumbnails };
  return { ...page, last, state, network, matrices, ...shown };
}

const OF_ROWS = /^(X|y|l\d)/; // matrices with a row for each row of the data

/** Return the layers whose units are a matrix's rows and columns; null for rows of the data. */
function layersBeside(name, last) {
  if (OF_ROWS.test(name)) return [null, name === "y" ? last : layerOf({ name })];
  const k = layerOf({ name });
  return [name.includes("bias") ? null : k, k + 1];
}

/** Return the rows that are shown: all, or an even choice with the chosen one. */
function shownRows({ X }, row) {
  const count = X.length > MOST_UNITS ? MOST_UNITS - 1 : X.length;
  const even = Array.from({ length: count }, (_, n) => Math.floor((n * X.length) / count));
  return [...new Set([...even, row])].sort((a, b) => a - b);
}

/** Choose a number, its row and, if it is one, its weight. */
function pick(address) {
  page.cell = address;
  if (OF_ROWS.test(address.name)) page.row = address.i;
  else page.weight = { ...address, name: weightOf(address.name) };
  draw();
}

/** Return the weights or biases that a matrix is about. */
const weightOf = (name) =>
  name.replace(/^.*?_?(bias_gradients|gradients|weights|biases)/, (_, kind) =>
    kind.startsWith("bias") ? "biases" : "weights",
  );

function goTo(frame) {
  stop();
  page.live = null;
  page.frame = Math.max(0, Math.min(page.training.iterations.length - 1, frame));
  draw();
}

// -- drawing: at most once a frame, and nothing in a hidden tab -----------------------------------

let isWaiting = false;

function draw() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(drawNow);
}

function drawNow() {
  isWaiting = false;
  if (document.hidden) return;
  const view = viewOf();
  const { training, state } = view;
  drawHead(view);
  const layout = drawNetwork(at("network"), view, pick);
  const canSee = training.sizes[0] > 1;
  at("surface").closest("section").hidden = !canSee;
  if (canSee) {
    const grid = gridOf(view, training.sizes[0] > 8 ? 16 : 32);
    drawThumbnails(at("network"), layout, grid);
    drawSurface(at("surface"), view, grid);
  }
  drawCode(view);
  drawMatrices(view);
  drawSlopeSection(view);
  drawStory(view);
  const course = (_, n) => [training.iterations[n], recorded(training, n).loss];
  const own = training.history ?? training.iterations.map(course);
  const points = DATA.problems && page.live ? page.live.course : own;
  if (page.live && state.iteration >= page.live.course.at(-1)[0] * 1.01 + 1) {
    page.live.course.push([state.iteration, state.loss]);
  }
  const settings = { points, now: state.loss, label: WORDS.loss, isLog: true, height: 190 };
  drawCourse(at("loss"), view, settings);
  drawDiagnosis(view);
  drawTour(view);
  const lines = (address) => arithmeticOf(training, address, view.matrices);
  say("arithmetic", lines(page.pointed ?? page.cell).join("\n"));
  if (page.isPlaying || page.isTraining) return;
  const chosen = filled(WORDS.chosen, { number: lines(page.cell).join(" ") });
  say("live", `${headlineOf(view)}. ${chosen}`);
}

/** Write a text that has names of matrices. */
const say = (id, text) => setText(at(id), renamed(text, page.names));

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function headlineOf({ state, matrices, last }) {
  const errors = matrices[`l${last}_error`].flat();
  const error = number(errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length);
  const [iteration, loss] = [grouped(state.iteration), number(state.loss)];
  return filled(WORDS.headline, { iteration, loss, last: `l${last}`, error });
}

function drawHead(view) {
  say("headline", headlineOf(view));
  at("iteration").value = page.frame;
  const spoken = `${WORDS.iteration} ${grouped(view.state.iteration)}`;
  at("iteration").setAttribute("aria-valuetext", spoken);
  at("mark").hidden = at("undo").hidden = !page.live;
  setText(at("mark"), page.live?.isDiverged ? WORDS.diverged : WORDS.liveMark);
  setText(at("play"), page.isPlaying ? WORDS.pause : WORDS.play);
  setText(at("on"), page.isTraining ? WORDS.stop : WORDS.trainOn);
  const rows = shownRows(page.training, page.row);
  const buttons = at("rows").children;
  const isBuilt = buttons.length === rows.length && rows.every((row, n) => buttons[n].row === row);
  if (!isBuilt) at("rows").replaceChildren(...rows.map(rowButton));
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.row === page.row));
  }
}

function rowButton(row) {
  const inputs = page.training.X[row].map(short);
  const text =
    inputs.length > 3 || page.training.X.length > 8 ? String(row) : `${row}: ${inputs.join(" ")}`;
  const label = `${filled(WORDS.row, { row })}: ${inputs.join(", ")}`;
  return button(text, () => chooseRow(row), { row, ariaLabel: label });
}

function chooseRow(row) {
  page.row = row;
  if (OF_ROWS.test(page.cell.name)) page.cell = { ...page.cell, i: row };
  draw();
}

/** Make a button with a text. */
function button(text, press, properties) {
  const made = Object.assign(element("button", { type: "button" }, text), properties);
  made.addEventListener("click", press);
  return made;
}

// -- the lines of the program ---------------------------------------------------------------------

/** Return a line of the program in NumPy's notation, from the equation of its matrix. */
function lineOf(name, equation, training) {
  if (name === "X") return `${renamed("X", page.names)} = X`;
  const [, change, k] = /negative_(gradients|bias_gradients)\[(\d+)\]/.exec(equation) ?? [];
  const source = training.formulas.find((each) => each.name === `negative_${change}[${k}]`);
  const written = (source ?? { equation }).equation
    .replace(/([\w[\]]+)ᵀ · ([\w[\]]+)/, "$1.T.dot($2)")
    .replace(/([\w[\]]+) · ([\w[\]]+)ᵀ/, "$1.dot($2.T)")
    .replace(/([\w[\]]+) · ([\w[\]]+)/, "np.dot($1, $2)")
    .replace(/^sigmoid/, "nonlin")
    .replace(/\((l\d+) \* \(1 - \1\)\)/, "nonlin($1, deriv=True)")
    .replace(/column sums of (\w+)/, "$1.sum(axis=0)");
  const rate = training.rate === 1 ? "" : `${training.rateText} * `;
  const line = source ? `${weightOf(name)} += ${rate}${written}` : `${name} = ${written}`;
  return renamed(line, page.names);
}

/** Return in a sentence what a line of the program does. */
function sentenceOf(name, equation, last) {
  if (name === "X") return WORDS.saysInputs;
  if (name.startsWith("new_")) return WORDS.saysUpdate;
  if (name.endsWith("_delta")) return /[*]/.test(equation) ? WORDS.saysDelta : WORDS.saysDeltaPlain;
  if (!name.endsWith("_error")) return WORDS.saysForward;
  return name === `l${last}_error` ? WORDS.saysError : WORDS.saysBack;
}

function buildCode() {
  const { training } = page;
  const made = training.formulas.filter(({ name }) => /^(X|l\d|new_)/.test(name));
  const lines = made.map(({ name, equation }) => {
    const says = sentenceOf(name, equation, training.sizes.length - 1);
    const rows = () => viewOf().matrices[name].length;
    const choose = () => pick(cell(name, Math.min(page.row, rows() - 1), 0));
    const text = lineOf(name, equation, training);
    return element("li", {}, button(text, choose, { makes: name, says }));
  });
  at("code").replaceChildren(...lines);
}

function drawCode({ cell: { name }, last }) {
  const target = name === "y" ? `l${last}_error` : name;
  const made = OF_ROWS.test(target) ? target : `new_${weightOf(name)}`;
  for (const button of at("code").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.makes === made));
    if (button.makes === made) setText(at("says"), button.says);
  }
}

// -- the matrices ---------------------------------------------------------------------------------

let built = ""; // what the tables were built for
const cells = new Map(); // from an address to its cell

/** Return which rows and columns of a matrix are shown. */
function placesIn(name, view) {
  const [m, n] = [view.matrices[name].length, view.matrices[name][0].length];
  const [before, after] = layersBeside(name, view.last);
  const columns = shownOf(n, view.units[after]);
  if (OF_ROWS.test(name)) return [shownRows(view.training, view.row), columns, m, n];
  return [shownOf(m, view.units[before] ?? 0), columns, m, n];
}

function tableOf({ name, equation }, view) {
  const [rows, columns, m, n] = placesIn(name, view);
  const tr = (...boxes) => element("tr", {}, ...boxes);
  const cut = () => (columns.length < n ? [element("td", { class: "cut" }, "⋯")] : []);
  const heads = columns.map((j) => element("th", { scope: "col" }, headOf(view, name, j)));
  const boxOf = (i, j) => {
    const box = Object.assign(element("td", {}), { address: cell(name, i, j), tabIndex: -1 });
    cells.set(addressOf(box.address), box);
    return box;
  };
  const lines = rows.map((i) => {
    const head = element("th", { scope: "row" }, String(i));
    return tr(head, ...columns.map((j) => boxOf(i, j)), ...cut());
  });
  if (rows.length < m)
    lines.push(tr(element("td", { class: "cut", colspan: columns.length + 1 }, "⋮")));
  const title = element("b", {}, renamed(name, page.names));
  const caption = element("caption", {}, title, ` (${m} x ${n})`);
  if (equation) caption.append(element("br"), `= ${renamed(equation, page.names)}`);
  const parts = [
    caption,
    element("thead", {}, tr(element("td"), ...heads, ...cut())),
    element("tbody", {}, ...lines),
  ];
  if (/^(X|l\d+)$/.test(name)) {
    const boxes = columns.map((j) => Object.assign(element("td"), { column: [name, j] }));
    parts.push(element("tfoot", {}, tr(element("th", { scope: "row" }, "r"), ...boxes)));
  }
  return element("div", { class: "matrix" }, element("table", { role: "grid" }, ...parts));
}

function headOf({ training, last }, name, j) {
  const isOutput = name === "y" || name.startsWith(`l${last}`);
  const names = name === "X" ? training.inputNames : isOutput ? training.outputNames : null;
  return names ? names[j] : String(j);
}

function drawMatrices(view) {
  const { training, matrices } = view;
  const places = training.formulas.map(({ name }) => placesIn(name, view));
  const structure = JSON.stringify([DATA.trainings.indexOf(training), page.names, places]);
  const hadFocus = at("matrices").contains(document.activeElement);
  if (built !== structure) {
    cells.clear();
    at("matrices").replaceChildren(...training.formulas.map((formula) => tableOf(formula, view)));
  }
  built = structure;
  const shown = page.pointed ?? page.cell;
  const parts = new Set(partsOfNumber(training, shown, matrices).map(addressOf));
  const chosen = addressOf(page.cell);
  const largest = {};
  training.formulas.forEach(({ name }) => {
    largest[name] = Math.max(...matrices[name].map((row) => Math.max(...row.map(Math.abs))));
  });
  cells.forEach((box, address) => {
    const { name, i } = box.address;
    const value = valueIn(matrices, box.address);
    setText(box, short(value));
    const tint = value && largest[name] > 0 ? 0.34 * Math.sqrt(Math.abs(value) / largest[name]) : 0;
    box.style.backgroundColor = `rgb(var(--${signed(value)}) / ${tint.toFixed(2)})`;
    box.classList.toggle("part", parts.has(address));
    box.classList.toggle("of-row", i === page.row && OF_ROWS.test(name));
    box.setAttribute("aria-selected", String(address === chosen));
    box.tabIndex = address === chosen ? 0 : -1;
  });
  if (hadFocus && !at("matrices").contains(document.activeElement)) cells.get(chosen)?.focus();
  for (const box of at("matrices").querySelectorAll("tfoot td")) {
    const [name, j] = box.column;
    const r = correlation(transpose(matrices[name])[j], transpose(training.y)[view.output]);
    setText(box, Number.isFinite(r) ? (r + 1 - 1).toFixed(2) : "–"); // + 1 - 1: no -0.00
  }
}

/** Move the chosen number by keyboard: within its matrix, or to another one. */
function move(event) {
  const { formulas } = page.training;
  const { name, i, j } = page.cell;
  const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const way = ways[event.key];
  const turn = { n: 1, p: -1 }[event.key.toLowerCase()];
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!isPlain || !(way || turn)) return;
  event.preventDefault();
  const place = formulas.findIndex((formula) => formula.name === name);
  const next = turn ? formulas[(place + turn + formulas.length) % formulas.length].name : name;
  const matrix = viewOf().matrices[next];
  const within = (n, count) => Math.max(0, Math.min(count - 1, n));
  const [di, dj] = way ?? [0, 0];
  page.pointed = null;
  pick(cell(next, within(i + di, matrix.length), within(j + dj, matrix[0].length)));
  drawNow();
  cells.get(addressOf(page.cell)).focus();
}

// -- the slope, the pulls, the diagnosis ----------------------------------------------------------

function drawSlopeSection(view) {
  const { training, last } = view;
  const { k, j } = view.sloped;
  const unit = `${renamed(`l${k}`, page.names)}[·][${j}]`;
  setText(at("slope-hint"), filled(WORDS.slopeHint, { unit }));
  const says = drawSlope(at("slope"), view);
  const isCanceled = k === last && training.loss === "cross_entropy";
  setText(at("slope-says"), isCanceled ? WORDS.slopeCanceled : says);
}

function drawStory(view) {
  const { weight, matrices, training, pulls } = view;
  const value = valueIn(matrices, weight);
  say("pulls-title", filled(WORDS.pulls, { weight: addressOf(weight) }));
  drawPulls(at("pulls"), view);
  const numbers = {
    total: number(pulls.total),
    rate: training.rate === 1 ? "" : filled(WORDS.timesRate, { rate: training.rateText }),
    before: number(value),
    after: number(valueIn(matrices, { ...weight, name: `new_${weight.name}` })),
  };
  setText(at("together"), filled(WORDS.together, numbers));
  const points = training.iterations.map((iteration, n) => {
    const { weights, biases } = recorded(training, n);
    return [iteration, rowWith(weight, weights, biases)[weight.j]];
  });
  at("course").hidden = points.length === 1;
  drawCourse(at("course"), view, { points, now: value, label: WORDS.course, height: 110 });
  const reach = Math.max(40, Math.ceil(Math.abs(value)));
  Object.assign(at("what-if"), { min: -reach, max: reach });
  const spoken = `${renamed(addressOf(weight), page.names)} = ${number(value)}`;
  at("what-if").setAttribute("aria-valuetext", spoken);
  if (document.activeElement !== at("what-if")) at("what-if").value = value;
  if (document.activeElement !== at("what-if-number")) at("what-if-number").value = number(value);
}

/** Return the row of numbers in which a weight or bias is. */
function rowWith({ name, i }, weights, biases) {
  return name.startsWith("weights") ? weights[layerOf({ name })][i] : biases[layerOf({ name })];
}

function drawDiagnosis({ training, state }) {
  const isNow = ({ from, to }) => from <= page.frame && page.frame < to;
  const items = training.troubles.filter(isNow).map(({ from, text }) => {
    const iteration = grouped(training.iterations[from]);
    return element("li", { lang: "en" }, filled(WORDS.since, { iteration, text }));
  });
  at("diagnosis").closest("section").hidden = Boolean(state.isLive);
  at("diagnosis").replaceChildren(...(items.length ? items : [element("li", {}, WORDS.noTrouble)]));
}

// -- what if --------------------------------------------------------------------------------------

/** Begin a what-if from the state that is shown, unless one has begun. */
function goLive() {
  const { training, frame } = page;
  const state = recorded(training, frame);
  const { iteration, loss } = state;
  page.live ??= { network: networkFor(training, state), iteration, course: [[iteration, loss]] };
  return page.live;
}

function setWeight(value) {
  if (!Number.isFinite(value)) return;
  const { layers } = goLive().network;
  const [weights, biases] = ["weights", "biases"].map((key) => layers.map((layer) => layer[key]));
  rowWith(page.weight, weights, biases)[page.weight.j] = value;
  draw();
}

/** Train on for a number of iterations; stop before a weight is no longer finite. */
function trainOn(iterations) {
  const { network } = goLive();
  const { X, y, rate } = page.training;
  try {
    for (let n = 0; n < iterations; n++, page.live.iteration++) network.learn(X, y, rate);
  } catch {
    page.live.isDiverged = true;
    stop();
  }
}

/** Train on in each frame, but no longer than a part of it. */
function trainInFrame() {
  if (!page.isTraining) return;
  const end = performance.now() + 10;
  for (let n = Number(at("speed").value); n > 0 && performance.now() < end; n--) trainOn(1);
  drawNow();
  requestAnimationFrame(trainInFrame);
}

function stop() {
  page.isPlaying = page.isTraining = false;
}

// -- playing --------------------------------------------------------------------------------------

let shownSince = 0;

function playInFrame(time) {
  if (!page.isPlaying) return;
  if (time - shownSince >= (isCalm.matches ? 1000 : 90)) {
    shownSince = time;
    page.frame += 1;
    if (page.frame >= page.training.iterations.length - 1) stop();
    drawNow();
  }
  requestAnimationFrame(playInFrame);
}

function play() {
  const isPlaying = !page.isPlaying;
  const isAtEnd = page.frame === page.training.iterations.length - 1;
  goTo(isPlaying && isAtEnd ? 0 : page.frame);
  page.isPlaying = isPlaying;
  requestAnimationFrame(playInFrame);
}

// -- the tour: why a saturated weight does not learn ----------------------------------------------

const SURE = 40; // a weight that makes the output sure
const FURTHER = 1000; // iterations

/** Return the tour's row, which wants 0, and the weight from its largest input to the output. */
function subjectOf({ sizes, y }, { activations }) {
  const last = sizes.length - 1;
  const row = Math.max(0, y.map(([target]) => target < 0.5).indexOf(true));
  const inputs = activations[last - 1][row];
  const weight = cell(`weights[${last - 1}]`, inputs.indexOf(Math.max(...inputs)), 0);
  return { row, last, weight };
}

function takeStep(step) {
  const { training } = page;
  const { row, last, weight } = subjectOf(training, recorded(training, 0));
  const isOfWeight = step === 3 || step === 6;
  goTo(step === 4 ? training.iterations.length - 1 : 0);
  const chosen = isOfWeight ? weight : cell(step === 1 ? `l${last}` : `l${last}_delta`, row, 0);
  Object.assign(page, { step, row, weight, cell: chosen });
  if (step > 4) setWeight(SURE);
  if (step === 6) trainOn(FURTHER);
}

function drawTour(view) {
  const { training, matrices } = view;
  const isSigmoid = training.activations.at(-1) === "sigmoid" && training.loss === "squared_error";
  at("tour").hidden = !isSigmoid || training.iterations.length === 1;
  if (at("tour").hidden) return;
  const { row, last, weight } = subjectOf(training, recorded(training, 0));
  const output = matrices[`l${last}`][row][0];
  const value = valueIn(matrices, weight);
  const values = {
    row,
    output: number(output),
    target: number(training.y[row][0]),
    error: number(matrices[`l${last}_error`][row][0]),
    slope: number(slopeAt("sigmoid", output)),
    delta: number(matrices[`l${last}_delta`][row][0]),
    total: number(view.pulls.total),
    iteration: grouped(view.state.iteration),
    weight: number(value),
    moved: number(value - SURE),
  };
  // A sentence stays as it was while the reader looks around.
  const says = page.step ? filled(WORDS[`tour${page.step}`], values) : WORDS.intro;
  if (page.said !== page.step) setText(at("tour-says"), says);
  page.said = page.step;
  setText(at("tour-step"), `${page.step} / 6`);
  at("tour-back").disabled = page.step < 2;
  at("tour-next").disabled = page.step === 6;
}

// -- controls -------------------------------------------------------------------------------------

/** Fill a list with choices: each a value with its text. */
function fill(id, choices, chosen) {
  const options = choices.map(([value, text]) => element("option", { value }, text));
  at(id).replaceChildren(...options);
  at(id).value = chosen;
}

function buildAxes() {
  const { sizes, inputNames, X } = page.training;
  const name = (_, n) => [n, inputNames?.[n] ?? `${renamed("X", page.names)}[·][${n}]`];
  at("axes").hidden = sizes[0] < 3;
  ["across", "up"].forEach((id, n) => fill(id, X[0].map(name), page.axes[n]));
}

function listen() {
  const on = (id, event, action) => at(id).addEventListener(event, action);
  on("training", "change", () => choose(DATA.trainings[at("training").value]));
  on("names", "change", () => ((page.names = at("names").value), name()));
  on("iteration", "input", () => goTo(Number(at("iteration").value)));
  on("back", "click", () => goTo(page.frame - 1));
  on("forth", "click", () => goTo(page.frame + 1));
  on("play", "click", play);
  on("what-if", "input", () => setWeight(Number(at("what-if").value)));
  on("what-if-number", "change", () => setWeight(Number(at("what-if-number").value)));
  on("one", "click", () => (stop(), trainOn(1), draw()));
  on("on", "click", () => {
    const isTraining = !page.isTraining;
    stop();
    goLive();
    page.isTraining = isTraining;
    requestAnimationFrame(trainInFrame);
    draw();
  });
  on("undo", "click", () => goTo(page.frame));
  ["across", "up"].forEach((id, n) =>
    on(id, "change", () => ((page.axes[n] = Number(at(id).value)), draw())),
  );
  on("tour-next", "click", () => takeStep(page.step + 1));
  on("tour-back", "click", () => takeStep(page.step - 1));
  const addressAt = (event) => event.target.closest?.("td[tabindex]")?.address;
  const point = (pointed) => page.pointed !== pointed && draw(Object.assign(page, { pointed }));
  on("matrices", "pointerover", (event) =>
    point(event.pointerType === "mouse" ? addressAt(event) : null),
  );
  on("matrices", "pointerleave", () => point(null));
  on("matrices", "click", (event) => addressAt(event) && pick(addressAt(event)));
  on("matrices", "keydown", move);
  addEventListener("visibilitychange", draw);
  addEventListener("beforeprint", () => (goTo(Infinity), drawNow()));
}

function begin() {
  const { trainings, checks, problems } = DATA;
  const titles = trainings.map(({ title }, n) => [n, title]);
  fill("training", titles, 0);
  const isExact = Object.entries(checks).every((check) => hasPythonsBits(...check));
  const functions = Object.keys(checks).join(", ");
  setText(at("bits"), functions && filled(isExact ? WORDS.exact : WORDS.inexact, { functions }));
  const frames = trainings.map(({ iterations }) => iterations.length).join(" + ");
  setText(at("recorded"), problems ? WORDS.nothingRecorded : filled(WORDS.footer, { frames }));
  const notes = trainings.flatMap((training) => training.notes);
  at("notes").replaceChildren(...notes.map((note) => element("li", { lang: "en" }, note)));
  at("training").parentElement.hidden = Boolean(problems);
  listen();
  if (problems) beginPlaying();
  else choose(trainings[0]);
}

begin();
