// The page: what is chosen, what moves it, and what is drawn for it.

const DATA = JSON.parse(document.getElementById("data").textContent);
const WORDS = DATA.words;

const at = (id) => document.getElementById(id);
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

// What is chosen. A weight is followed until another one is chosen; `live` is a what-if.
const page = {
  training: null,
  frame: 0,
  row: 0,
  cell: null,
  pointed: null,
  weight: null,
  axes: [0, 1],
  units: [],
  names: "article",
  live: null,
  isPlaying: false,
  isTraining: false,
  step: 0, // of the tour
};

// -- the state ---------------------------------------------------------------------------------------------

function choose(training) {
  stop();
  training.formulas ??= formulasOf(training);
  const last = training.sizes.length - 2;
  Object.assign(page, {
    training,
    frame: 0,
    row: Math.min(2, training.X.length - 1),
    axes: [0, Math.min(1, training.sizes[0] - 1)],
    units: training.sizes.map(() => 0),
    live: null,
    step: 0,
  });
  page.weight = cell(`weights[${last}]`, 0, 0);
  page.cell = cell(`l${last + 1}_delta`, page.row, 0);
  at("iteration").max = training.iterations.length - 1;
  buildRows();
  buildAxes();
  buildCode();
  draw();
}

/** Return what the pictures show: the state that is chosen, and all that follows from it. */
function viewOf() {
  const { training, live } = page;
  const state = live ? liveState(training, live.network, live.iteration) : recorded(training, page.frame);
  const network = live
    ? live.network
    : networkOf(layersOf(training, state.weights, state.biases), training.biased);
  const matrices = matricesOf(training, state);
  const unit = unitOf(page.cell);
  page.units[unit.k] = unit.j;
  if (/(weights|_gradients)/.test(page.cell.name) && !page.cell.name.includes("bias")) {
    const k = layerOf(page.cell);
    [page.units[k], page.units[k + 1]] = [page.cell.i, page.cell.j];
  }
  return {
    ...page,
    state,
    network,
    matrices,
    unit,
    output: unit.k === training.sizes.length - 1 ? unit.j : page.units[training.sizes.length - 1],
    pulls: pullsOf(page.weight, matrices),
    thumbnails: training.sizes[0] > 1 && training.sizes.length > 2,
  };
}

/** Return the layer and the place in it of the unit that a number is about. */
function unitOf({ name, j, i }) {
  const last = page.training.sizes.length - 1;
  if (name === "X") return { k: 0, j };
  if (name === "y") return { k: last, j };
  const k = Number(/\d+/.exec(name)[0]);
  if (name.startsWith("l")) return { k, j };
  return k + 1 === last && last > 1 && !name.includes("bias") ? { k, j: i } : { k: k + 1, j };
}

/** Return the rows that are shown: all, or an even choice with the chosen one. */
function shownRows(training, row) {
  const count = training.X.length;
  if (count <= MOST_UNITS) return Array.from({ length: count }, (_, n) => n);
  const even = Array.from({ length: MOST_UNITS - 1 }, (_, n) => Math.floor((n * count) / (MOST_UNITS - 1)));
  return [...new Set([...even, row])].sort((a, b) => a - b);
}

/** Choose a number, its row and, if it is one, its weight. */
function pick(address) {
  page.cell = address;
  if (/^(X|y|l\d)/.test(address.name)) page.row = address.i;
  const weight = /^(?:new_|negative_)?(weights|biases|gradients|bias_gradients)(\[\d+\])/.exec(address.name);
  if (weight) {
    const kind = weight[1].replace("bias_gradients", "biases").replace("gradients", "weights");
    page.weight = cell(kind + weight[2], address.i, address.j);
  }
  draw(true);
}

function goTo(frame) {
  page.live = null;
  page.frame = Math.max(0, Math.min(page.training.iterations.length - 1, frame));
  draw();
}

// -- drawing: at most once a frame, and nothing in a hidden tab ----------------------------------------------

let isWaiting = false;

function draw() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(drawNow);
}

function drawNow() {
  isWaiting = false;
  const view = viewOf();
  const { training, state } = view;
  drawHead(view);
  const layout = drawNetwork(at("network"), view, pick);
  const canSee = training.sizes[0] > 1;
  const grid = canSee ? gridOf(view, view.training.sizes[0] > 8 ? 16 : 40) : null;
  if (grid) {
    drawThumbnails(at("network"), layout, grid);
    drawSurface(at("surface"), view, grid);
  }
  at("surface").closest("section").hidden = !canSee;
  drawCode(view);
  drawMatrices(view);
  drawNumber(view);
  drawSlopeSection(view);
  drawStory(view);
  const points = training.history ?? training.iterations.map((iteration, n) => [iteration, lossAt(training, n)]);
  drawCourse(at("loss"), { ...view, now: state.loss }, { points, label: WORDS.loss, isLog: true, height: 190 });
  drawDiagnosis(view);
  drawTour(view);
  if (!page.isPlaying && !page.isTraining) {
    const says = [headlineOf(view), filled(WORDS.chosen, { number: arithmeticOf(training, page.cell, view.matrices).join(" ") })];
    setText(at("live"), renamed(says.join(". "), page.names));
  }
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function lossAt(training, frame) {
  training.numbers ??= doublesOf(training.recorded);
  const width = training.numbers.length / training.iterations.length;
  return training.numbers[(frame + 1) * width - 1];
}

function headlineOf({ training, state, matrices }) {
  const last = training.sizes.length - 1;
  const errors = matrices[`l${last}_error`].flat();
  const error = errors.reduce((sum, value) => sum + Math.abs(value), 0) / errors.length;
  const iteration = grouped(state.iteration);
  return filled(WORDS.headline, { iteration, loss: number(state.loss), last: `l${last}`, error: number(error) });
}

function drawHead(view) {
  setText(at("headline"), renamed(headlineOf(view), page.names));
  at("iteration").value = page.frame;
  at("iteration").setAttribute("aria-valuetext", `${WORDS.iteration} ${grouped(view.state.iteration)}`);
  at("mark").hidden = !view.state.isLive;
  setText(at("play"), page.isPlaying ? WORDS.pause : WORDS.play);
  setText(at("on"), page.isTraining ? WORDS.stop : WORDS.trainOn);
  at("undo").hidden = !page.live;
  at("rows").querySelectorAll("button").forEach((button, row) => {
    button.setAttribute("aria-pressed", String(row === page.row));
  });
  const select = at("rows").querySelector("select");
  if (select) select.value = page.row;
}

// -- the lines of the program ---------------------------------------------------------------------------------

/** Return the program's lines, each with the matrix that it makes and a sentence about it. */
function programOf(training) {
  const last = training.sizes.length - 1;
  const lines = [["X", "X = X", WORDS.saysInputs]];
  const slope = (k) => {
    const name = training.activations[k - 1];
    return name === "sigmoid" ? `nonlin(l${k}, deriv=True)` : `${name}_slope(l${k})`;
  };
  const rate = training.rate === 1 ? "" : `${training.rate} * `;
  for (let k = 1; k <= last; k++) {
    const name = training.activations[k - 1];
    const bias = training.biased ? ` + biases[${k - 1}]` : "";
    const sum = `np.dot(${layerName(k - 1)}, weights[${k - 1}])${bias}`;
    lines.push([`l${k}`, `l${k} = ${name === "sigmoid" ? "nonlin" : name}(${sum})`, WORDS.saysForward]);
  }
  lines.push([`l${last}_error`, `l${last}_error = y - l${last}`, WORDS.saysError]);
  for (let k = last; k > 0; k--) {
    if (k < last) {
      lines.push([`l${k}_error`, `l${k}_error = l${k + 1}_delta.dot(weights[${k}].T)`, WORDS.saysBack]);
    }
    const isPlain = !training.formulas.find(({ name }) => name === `l${k}_delta`).operands;
    const delta = isPlain ? `l${k}_error` : `l${k}_error * ${slope(k)}`;
    lines.push([`l${k}_delta`, `l${k}_delta = ${delta}`, isPlain ? WORDS.saysDeltaPlain : WORDS.saysDelta]);
  }
  for (let k = last - 1; k >= 0; k--) {
    const update = `weights[${k}] += ${rate}${layerName(k)}.T.dot(l${k + 1}_delta)`;
    lines.push([`new_weights[${k}]`, update, WORDS.saysUpdate]);
    if (training.biased) {
      const biases = `biases[${k}] += ${rate}l${k + 1}_delta.sum(axis=0)`;
      lines.push([`new_biases[${k}]`, biases, WORDS.saysUpdate]);
    }
  }
  return lines;
}

function buildCode() {
  const buttons = programOf(page.training).map(([name, text, says]) => {
    const written = name === "X" ? `${renamed("X", page.names)} = X` : renamed(text, page.names);
    const button = element("button", { type: "button" }, written);
    Object.assign(button, { makes: name, says });
    button.addEventListener("click", () => pick(cell(name, Math.min(page.row, rowsOf(name) - 1), 0)));
    return element("li", {}, button);
  });
  at("code").replaceChildren(...buttons);
}

/** Return how many rows a matrix has. */
function rowsOf(name) {
  if (/^(X|y|l\d)/.test(name)) return page.training.X.length;
  return name.includes("bias") ? 1 : page.training.sizes[layerOf({ name })];
}

function drawCode(view) {
  const name = view.cell.name.replace(/^negative_(bias_)?gradients/, (_, bias) => (bias ? "new_biases" : "new_weights"));
  const made = name.replace(/^(weights|biases)/, "new_$1");
  at("code").querySelectorAll("button").forEach((button) => {
    const isAtWork = button.makes === made;
    button.setAttribute("aria-current", String(isAtWork));
    if (isAtWork) setText(at("says"), button.says);
  });
  if (name === "y") setText(at("says"), WORDS.saysError);
}

// -- the matrices ------------------------------------------------------------------------------------------------

let built = ""; // what the tables were built for
const cells = new Map(); // from an address to its cell

/** Return which rows and columns of a matrix are shown. */
function placesIn(name, view) {
  const { sizes, X } = view.training;
  const rows = shownRows(view.training, view.row);
  const units = (k) => shownOf(sizes[k], view.units[k]);
  const last = sizes.length - 1;
  if (name === "X") return [rows, units(0), X.length, sizes[0]];
  if (name === "y") return [rows, units(last), X.length, sizes[last]];
  const k = layerOf({ name });
  if (name.startsWith("l")) return [rows, units(k), X.length, sizes[k]];
  if (name.includes("bias")) return [[0], units(k + 1), 1, sizes[k + 1]];
  return [units(k), units(k + 1), sizes[k], sizes[k + 1]];
}

function buildMatrices(view) {
  cells.clear();
  const { training } = view;
  const tables = training.formulas.map(({ name, equation }) => {
    const [rows, columns, m, n] = placesIn(name, view);
    const isCut = columns.length < n;
    const caption = element("caption", {}, element("b", {}, renamed(name, page.names)), ` (${m} x ${n})`);
    if (equation) caption.append(element("br"), `= ${renamed(equation, page.names)}`);
    const heads = columns.map((j) => element("th", { scope: "col" }, headOf(training, name, j)));
    if (isCut) heads.push(element("td", { class: "cut" }, "⋯"));
    const corner = element("td", {});
    const body = rows.map((i) => {
      const row = element("tr", {}, element("th", { scope: "row" }, String(i)));
      columns.forEach((j) => {
        const box = element("td", { tabindex: "-1" });
        box.address = cell(name, i, j);
        cells.set(addressOf(box.address), box);
        row.append(box);
      });
      if (isCut) row.append(element("td", { class: "cut" }, "⋯"));
      return row;
    });
    if (rows.length < m) {
      body.push(element("tr", {}, element("td", { class: "cut", colspan: columns.length + 1 }, "⋮")));
    }
    const foot = element("tfoot", {});
    if (/^(X|l\d+)$/.test(name)) {
      const boxes = columns.map(() => element("td", {}));
      foot.append(element("tr", {}, element("th", { scope: "row" }, "r"), ...boxes));
    }
    const head = element("thead", {}, element("tr", {}, corner, ...heads));
    const table = element("table", { role: "grid" }, caption, head, element("tbody", {}, ...body), foot);
    table.matrix = name;
    return element("div", { class: "matrix" }, table);
  });
  at("matrices").replaceChildren(...tables);
}

function headOf(training, name, j) {
  const last = training.sizes.length - 1;
  if (name === "X" && training.inputNames) return training.inputNames[j];
  const isOutput = name === "y" || name.startsWith(`l${last}`);
  return isOutput && training.outputNames ? training.outputNames[j] : String(j);
}

function drawMatrices(view) {
  const { training, matrices } = view;
  const structure = JSON.stringify([
    DATA.trainings.indexOf(training),
    page.names,
    training.formulas.map(({ name }) => placesIn(name, view).slice(0, 2)),
  ]);
  const hadFocus = at("matrices").contains(document.activeElement);
  if (built !== structure) buildMatrices(view);
  built = structure;
  const parts = new Set(partsOfNumber(training, shownCell(), matrices).map(addressOf));
  const chosen = addressOf(page.cell);
  const largest = Object.fromEntries(
    Object.entries(matrices).map(([name, matrix]) => [name, Math.max(...matrix.map((row) => Math.max(...row.map(Math.abs))))]),
  );
  cells.forEach((box, address) => {
    const { name, i } = box.address;
    const value = valueIn(matrices, box.address);
    setText(box, short(value));
    const size = largest[name] > 0 && value ? Math.sqrt(Math.abs(value) / largest[name]) : 0;
    box.style.backgroundColor = size ? `rgb(var(--${signed(value)}) / ${(0.34 * size).toFixed(2)})` : "";
    box.classList.toggle("part", parts.has(address));
    box.classList.toggle("of-row", i === page.row && /^(X|y|l\d)/.test(name));
    box.setAttribute("aria-selected", String(address === chosen));
    box.tabIndex = address === chosen ? 0 : -1;
  });
  if (hadFocus && !at("matrices").contains(document.activeElement)) cells.get(chosen)?.focus();
  const targets = training.y.map((row) => row[view.output]);
  at("matrices").querySelectorAll("table").forEach((table) => {
    const boxes = table.querySelectorAll("tfoot td");
    if (!boxes.length) return;
    placesIn(table.matrix, view)[1].forEach((j, n) => {
      const r = correlation(matrices[table.matrix].map((row) => row[j]), targets);
      setText(boxes[n], Number.isFinite(r) ? (Math.abs(r) < 5e-13 ? "0.00" : r.toFixed(2)) : "–");
    });
  });
}

const shownCell = () => page.pointed ?? page.cell;

function drawNumber(view) {
  const lines = arithmeticOf(view.training, shownCell(), view.matrices);
  setText(at("arithmetic"), renamed(lines.join("\n"), page.names));
}

/** Move the chosen number by keyboard: within its matrix, or to another one. */
function move(event) {
  const { formulas } = page.training;
  const { name, i, j } = page.cell;
  const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const turn = { n: 1, p: -1 }[event.key.toLowerCase()];
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!isPlain || !(way || turn)) return;
  event.preventDefault();
  const view = viewOf();
  const place = formulas.findIndex((formula) => formula.name === name);
  const next = turn ? formulas[(place + turn + formulas.length) % formulas.length].name : name;
  const matrix = view.matrices[next];
  const within = (n, count) => Math.max(0, Math.min(count - 1, n));
  const [di, dj] = way ?? [0, 0];
  page.pointed = null;
  pick(cell(next, within(i + di, matrix.length), within(j + dj, matrix[0].length)));
  drawNow();
  cells.get(addressOf(page.cell)).focus();
}

// -- the slope, the pulls, the diagnosis -----------------------------------------------------------------------

function drawSlopeSection(view) {
  const k = Math.max(1, view.unit.k);
  const unit = `${layerName(k)}[·][${view.unit.k ? view.unit.j : 0}]`;
  setText(at("slope-hint"), renamed(filled(WORDS.slopeHint, { unit: `l${k}` }), page.names).replace(renamed(`l${k}`, page.names), renamed(unit, page.names)));
  const says = drawSlope(at("slope"), view);
  const last = view.training.sizes.length - 1;
  const isCanceled = k === last && view.training.loss === "cross_entropy";
  setText(at("slope-says"), isCanceled ? WORDS.slopeCanceled : says);
}

function drawStory(view) {
  const { weight, matrices, training } = view;
  const name = addressOf(weight);
  setText(at("pulls-title"), renamed(filled(WORDS.pulls, { weight: name }), page.names));
  const total = drawPulls(at("pulls"), view);
  const after = { ...weight, name: `new_${weight.name}` };
  const numbers = {
    total: number(total),
    rate: training.rate === 1 ? "" : filled(WORDS.timesRate, { rate: training.rate }),
    before: number(valueIn(matrices, weight)),
    after: number(valueIn(matrices, after)),
  };
  setText(at("together"), filled(WORDS.together, numbers));
  const value = valueIn(matrices, weight);
  const points = training.iterations.map((iteration, n) => [iteration, valueOfWeight(training, weight, n)]);
  drawCourse(at("course"), { ...view, now: value }, { points, label: WORDS.course, height: 110 });
  const reach = Math.max(40, Math.ceil(Math.abs(value)));
  Object.assign(at("what-if"), { min: -reach, max: reach });
  if (document.activeElement !== at("what-if")) at("what-if").value = value;
  if (document.activeElement !== at("what-if-number")) at("what-if-number").value = number(value);
  at("what-if").setAttribute("aria-valuetext", `${renamed(name, page.names)} = ${number(value)}`);
}

/** Return a weight in a recorded frame, without the rest of the frame. */
function valueOfWeight(training, { name, i, j }, frame) {
  training.numbers ??= doublesOf(training.recorded);
  const { sizes } = training;
  const k = layerOf({ name });
  const counts = sizes.slice(1).map((size, n) => size * sizes[n]);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const start = (frame * training.numbers.length) / training.iterations.length;
  if (name.startsWith("weights")) return training.numbers[start + sum(counts.slice(0, k)) + i * sizes[k + 1] + j];
  return training.numbers[start + sum(counts) + sum(sizes.slice(1, k + 1)) + j];
}

function drawDiagnosis({ training, state }) {
  const now = state.isLive ? [] : training.troubles.filter(({ from, to }) => from <= page.frame && page.frame < to);
  const items = now.map(({ from, text }) => {
    const iteration = grouped(training.iterations[from]);
    return element("li", { lang: "en" }, filled(WORDS.since, { iteration, text }));
  });
  at("diagnosis").closest("section").hidden = state.isLive;
  at("diagnosis").replaceChildren(...(items.length ? items : [element("li", {}, WORDS.noTrouble)]));
}

// -- what if -----------------------------------------------------------------------------------------------------

/** Begin a what-if from the state that is shown, unless one has begun. */
function goLive() {
  if (page.live) return page.live;
  const { weights, biases, iteration } = recorded(page.training, page.frame);
  const network = networkOf(layersOf(page.training, weights, biases), page.training.biased);
  page.live = { network, iteration };
  return page.live;
}

function setWeight(value) {
  if (!Number.isFinite(value)) return;
  const { network } = goLive();
  const { name, i, j } = page.weight;
  const layer = network.layers[layerOf({ name })];
  if (name.startsWith("weights")) layer.weights[i][j] = value;
  else layer.biases[j] = value;
  draw();
}

/** Train on for a number of iterations; return whether all numbers stayed finite. */
function trainOn(iterations) {
  const { network } = goLive();
  const { X, y, rate } = page.training;
  try {
    for (let n = 0; n < iterations; n++) {
      network.learn(X, y, rate);
      page.live.iteration += 1;
    }
  } catch {
    stop(); // a weight is no longer finite
    return false;
  }
  return true;
}

/** Train on in each frame, but no longer than a part of it. */
function trainInFrame() {
  if (!page.isTraining) return;
  const end = performance.now() + 10;
  let left = Number(at("speed").value);
  while (left > 0 && performance.now() < end) {
    const part = Math.min(left, 50);
    if (!trainOn(part)) break;
    left -= part;
  }
  drawNow();
  if (page.isTraining) requestAnimationFrame(trainInFrame);
}

function stop() {
  page.isPlaying = page.isTraining = false;
}

// -- playing -----------------------------------------------------------------------------------------------------

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
  const wasPlaying = page.isPlaying;
  stop();
  page.live = null;
  if (!wasPlaying) {
    if (page.frame >= page.training.iterations.length - 1) page.frame = 0;
    page.isPlaying = true;
    requestAnimationFrame(playInFrame);
  }
  draw();
}

// -- the tour: why a saturated weight does not learn --------------------------------------------------------------

const SURE = 40; // a weight that makes the output sure
const FURTHER = 1000; // iterations

/** Return the row and the weight of the tour: a row that wants 0, and the weight of its largest input. */
function subjectOf(training) {
  const last = training.sizes.length - 1;
  const row = Math.max(0, training.y.findIndex(([target]) => target < 0.5));
  const inputs = recorded(training, 0).activations[last - 1][row];
  return { row, last, weight: cell(`weights[${last - 1}]`, inputs.indexOf(Math.max(...inputs)), 0) };
}

const hasTour = ({ activations, loss, iterations }) =>
  activations[activations.length - 1] === "sigmoid" && loss === "squared_error" && iterations.length > 1;

function takeStep(step) {
  const { training } = page;
  const { row, last, weight } = subjectOf(training);
  stop();
  page.live = null;
  page.step = step;
  page.frame = step === 4 ? training.iterations.length - 1 : 0;
  page.weight = weight;
  const names = [`l${last}`, `l${last}_error`, `l${last}_delta`, weight.name, `l${last}_delta`, `l${last}_delta`, weight.name];
  const name = names[step];
  page.cell = name === weight.name ? weight : cell(name, row, 0);
  page.row = row;
  if (step > 4) setWeight(SURE);
  if (step === 6) trainOn(FURTHER);
  draw();
}

function drawTour(view) {
  const { training, matrices } = view;
  at("tour").hidden = !hasTour(training);
  if (at("tour").hidden) return;
  const { row, last, weight } = subjectOf(training);
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
  if (page.said !== page.step) setText(at("tour-says"), page.step ? filled(WORDS[`tour${page.step}`], values) : WORDS.intro);
  page.said = page.step;
  setText(at("tour-step"), `${page.step} / 6`);
  at("tour-back").disabled = page.step < 2;
  at("tour-next").disabled = page.step === 6;
}

// -- controls ------------------------------------------------------------------------------------------------------

function buildRows() {
  const { X } = page.training;
  const label = (row) => filled(WORDS.row, { row });
  if (X.length > MOST_UNITS) {
    const options = X.map((_, row) => element("option", { value: row }, label(row)));
    const select = element("select", { "aria-label": WORDS.rows }, ...options);
    select.addEventListener("change", () => chooseRow(Number(select.value)));
    at("rows").replaceChildren(select);
    return;
  }
  const buttons = X.map((inputs, row) => {
    const text = inputs.length > 4 ? String(row) : `${row}: ${inputs.map(short).join(" ")}`;
    const button = element("button", { type: "button", "aria-label": `${label(row)}: ${inputs.map(short).join(", ")}` }, text);
    button.addEventListener("click", () => chooseRow(row));
    return button;
  });
  at("rows").replaceChildren(...buttons);
}

function chooseRow(row) {
  page.row = row;
  if (/^(X|y|l\d)/.test(page.cell.name)) page.cell = { ...page.cell, i: row };
  draw();
}

function buildAxes() {
  const { sizes, inputNames } = page.training;
  const names = Array.from({ length: sizes[0] }, (_, n) => inputNames?.[n] ?? renamed(`X[·][${n}]`, page.names));
  at("axes").hidden = sizes[0] < 3;
  ["across", "up"].forEach((id, n) => {
    at(id).replaceChildren(...names.map((name, value) => element("option", { value }, name)));
    at(id).value = page.axes[n];
  });
}

function listen() {
  const on = (id, event, action) => at(id).addEventListener(event, action);
  on("training", "change", () => choose(DATA.trainings[at("training").value]));
  on("names", "change", () => {
    page.names = at("names").value;
    buildCode();
    buildAxes();
    draw();
  });
  on("iteration", "input", () => {
    stop();
    goTo(Number(at("iteration").value));
  });
  [["back", -1], ["forth", 1]].forEach(([id, step]) => on(id, "click", () => (stop(), goTo(page.frame + step))));
  on("play", "click", play);
  on("what-if", "input", () => setWeight(Number(at("what-if").value)));
  on("what-if-number", "change", () => setWeight(Number(at("what-if-number").value)));
  on("one", "click", () => (stop(), trainOn(1), draw()));
  on("on", "click", () => {
    const wasTraining = page.isTraining;
    stop();
    goLive();
    page.isTraining = !wasTraining;
    if (page.isTraining) requestAnimationFrame(trainInFrame);
    draw();
  });
  on("undo", "click", () => (stop(), goTo(page.frame)));
  ["across", "up"].forEach((id, n) => on(id, "change", () => ((page.axes[n] = Number(at(id).value)), draw())));
  on("tour-next", "click", () => takeStep(page.step + 1));
  on("tour-back", "click", () => takeStep(page.step - 1));
  const addressAt = (event) => event.target.closest?.("td[tabindex]")?.address;
  const point = (address) => {
    if (page.pointed === address) return;
    page.pointed = address;
    draw();
  };
  on("matrices", "pointerover", (event) => point(event.pointerType === "mouse" ? addressAt(event) : null));
  on("matrices", "pointerleave", () => point(null));
  on("matrices", "click", (event) => addressAt(event) && pick(addressAt(event)));
  on("matrices", "keydown", move);
  addEventListener("beforeprint", () => {
    stop();
    page.live = null;
    page.frame = page.training.iterations.length - 1;
    drawNow();
  });
}

function begin() {
  const options = DATA.trainings.map(({ title }, n) => element("option", { value: n }, title));
  at("training").replaceChildren(...options);
  const names = [["article", WORDS.namesArticle], ["trace", WORDS.namesTrace], ["core", WORDS.namesCore]];
  at("names").replaceChildren(...names.map(([value, text]) => element("option", { value }, text)));
  page.names = DATA.names;
  at("names").value = page.names;
  const used = Object.entries(DATA.checks);
  const isExact = used.every(([name, numbers]) => hasPythonsBits(name, numbers));
  const functions = used.map(([name]) => name).join(", ");
  setText(at("bits"), filled(isExact ? WORDS.exact : WORDS.inexact, { functions }));
  const frames = DATA.trainings.map(({ iterations }) => iterations.length).join(" + ");
  setText(at("recorded"), filled(WORDS.footer, { frames }));
  const notes = DATA.trainings.flatMap(({ notes }) => notes);
  at("notes").replaceChildren(...notes.map((note) => element("li", { lang: "en" }, note)));
  listen();
  choose(DATA.trainings[DATA.first]);
}

begin();
