// The pictures of a state: the network, the slope, the surface, the pulls and the courses.

const MOST_UNITS = 12; // of a layer with more, the chosen unit is shown
const MOST_LABELS = 12; // of weights on the lines; if there are more, those of the chosen unit

function made(tag, attributes, children, space) {
  const node = space ? document.createElementNS(space, tag) : document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children);
  return node;
}

/** Make an element of HTML; all that is not an element is text. */
const element = (tag, attributes = {}, ...children) => made(tag, attributes, children);

/** Make an element of SVG. */
const drawn = (tag, attributes = {}, ...children) =>
  made(tag, attributes, children, "http://www.w3.org/2000/svg");

const word = (x, y, text, kind = "ink") => drawn("text", { x, y, class: kind }, text);
const line = (x1, y1, x2, y2, kind) => drawn("line", { x1, y1, x2, y2, class: kind });
const signed = (value) => (value < 0 ? "negative" : "positive");

/** Put a picture of this size and description into a box. */
function show(box, width, height, label, parts) {
  const settings = { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label };
  box.querySelector("svg")?.remove();
  box.prepend(drawn("svg", settings, ...parts));
}

/** Return which of `count` things are shown, where `chosen` has to be. */
const shownOf = (count, chosen) =>
  count > MOST_UNITS ? [Math.min(chosen, count - 1)] : [...Array(count).keys()];

// -- the network ----------------------------------------------------------------------------------

/** Draw the network on one row; `choose(cell)` is called for a node or a line that is clicked. */
function drawNetwork(box, view, choose) {
  const { sizes } = view.training;
  const width = Math.max(390, 130 * sizes.length);
  const shown = sizes.map((size, k) => shownOf(size, view.units[k]));
  const gap = view.thumbnails ? 92 : 64;
  const height = Math.max(...shown.map((units) => units.length)) * gap + 44;
  const x = (k) => 44 + ((width - 88) * k) / view.last;
  const y = (k, j) => height / 2 + (shown[k].indexOf(j) - (shown[k].length - 1) / 2) * gap + 4;
  const layout = { shown, x, y, width, height };
  const parts = [...drawEdges(view, layout, choose), ...drawNodes(view, layout, choose)];
  show(box, width, height, WORDS.network, parts);
  return layout;
}

/** Return the weights as lines, the labels of some, and the chosen one above the others. */
function drawEdges({ state, unit, weight }, { shown, x, y }, choose) {
  const [lines, labels] = [[], []];
  const count = shown.slice(1).reduce((sum, units, k) => sum + units.length * shown[k].length, 0);
  const largest = Math.max(...state.weights.flat(2).map(Math.abs), 1e-9);
  const draw = (k, i, j) => {
    const value = state.weights[k][i][j];
    const isChosen = weight.name === `weights[${k}]` && weight.i === i && weight.j === j;
    const kind = `edge ${signed(value)}${isChosen ? " chosen" : ""}`;
    const edge = line(x(k), y(k, i), x(k + 1), y(k + 1, j), kind);
    edge.setAttribute("stroke-width", 0.8 + (4.2 * Math.abs(value)) / largest);
    edge.addEventListener("click", () => choose(cell(`weights[${k}]`, i, j)));
    (isChosen ? labels : lines).push(edge);
    const isOfUnit = unit.k === k + 1 ? unit.j === j : unit.k === k && unit.j === i;
    if (count > MOST_LABELS && !isOfUnit && !isChosen) return;
    const part = unit.k === k && count > MOST_LABELS ? 0.66 : 0.34;
    const at = (from, to) => from + (to - from) * part;
    const place = [at(x(k), x(k + 1)), at(y(k, i), y(k + 1, j)) + 4];
    labels.push(word(...place, short(value), "over"));
  };
  state.weights.forEach((_, k) =>
    shown[k].forEach((i) => shown[k + 1].forEach((j) => draw(k, i, j))),
  );
  return [...lines, ...labels];
}

/** Return the units as circles, with their outputs, and the names and targets beside them. */
function drawNodes({ training, state, row, unit, names, last }, { shown, x, y }, choose) {
  const nodeOf = (k, j) => {
    const value = state.activations[k][row][j];
    const isChosen = unit.k === k && unit.j === j;
    const place = { cx: x(k), cy: y(k, j), r: 22 };
    const opacity = 0.32 * Math.min(1, Math.abs(value));
    const fill = { ...place, class: signed(value), "fill-opacity": opacity };
    const group = drawn("g", { class: `node${isChosen ? " chosen" : ""}` });
    group.append(drawn("circle", { ...place, class: "back" }), drawn("circle", fill));
    group.append(word(x(k), y(k, j) + 4, short(value)));
    group.addEventListener("click", () => choose(cell(layerName(k), row, j)));
    const inputName = k === 0 && training.inputNames?.[j].slice(0, 14);
    const below = k === last ? `${WORDS.target} ${short(training.y[row][j])}` : inputName;
    return [group, ...(below ? [word(x(k), y(k, j) + 37, below, "quiet")] : [])];
  };
  return shown.flatMap((units, k) => {
    const name = word(x(k), 16, renamed(layerName(k), names), "quiet");
    const more = training.sizes[k] - units.length;
    const rest = more
      ? [word(x(k), y(k, units[0]) - 32, "⋮"), word(x(k), y(k, units[0]) + 80, `⋮ +${more}`)]
      : [];
    return [name, ...units.flatMap((j) => nodeOf(k, j)), ...rest];
  });
}

/** Draw what each hidden unit sees over two inputs, under its node. */
function drawThumbnails(box, { shown, x, y, width, height }, grid) {
  const places = shown.slice(1, -1).flatMap((units, n) => units.map((j) => [n + 1, j]));
  const canvases = [...box.querySelectorAll("canvas")];
  canvases.slice(places.length).forEach((canvas) => canvas.remove());
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  places.forEach(([k, j], n) => {
    const canvas = canvases[n] ?? element("canvas", { class: "thumbnail", "aria-hidden": "true" });
    if (!canvases[n]) box.append(canvas);
    canvas.style.left = percent(x(k) - 19, width);
    canvas.style.top = percent(y(k, j) + 26, height);
    canvas.style.width = percent(38, width);
    paint(canvas, grid, (ofRow) => ofRow[k][j], grid.ranges[k]);
  });
}

// -- the surface ----------------------------------------------------------------------------------

/** Return all activations over a grid of two inputs, the others being those of a row. */
function gridOf(view, size) {
  const { training, axes, row } = view;
  const spans = axes.map((input) => {
    const values = training.X.map((inputs) => inputs[input]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = (high - low || 2) * 0.3;
    return [low - margin, high + margin];
  });
  const at = ([low, high], n) => low + ((high - low) * (n + 0.5)) / size;
  const points = [];
  for (let n = 0; n < size * size; n++) {
    const inputs = [...training.X[row]];
    inputs[axes[0]] = at(spans[0], n % size);
    inputs[axes[1]] = at(spans[1], size - 1 - Math.floor(n / size));
    points.push(view.network.activationsFor(inputs));
  }
  const ranges = training.sizes.map((_, k) => (k ? rangeOf(training, k, points) : [0, 1]));
  return { size, points, spans, ranges };
}

/** Return the range of a layer's outputs: in general, or on these points. */
function rangeOf({ activations, y }, k, points) {
  const bounded = { sigmoid: [0, 1], softmax: [0, 1], tanh: [-1, 1] };
  const values = k === activations.length ? y.flat() : points.flatMap((ofRow) => ofRow[k]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return bounded[activations[k - 1]] ?? [low, high > low ? high : low + 1];
}

const LOW = [13, 42, 94];
const HIGH = [250, 223, 70];

/** Paint a value over a grid: blue is low, yellow is high. */
function paint(canvas, grid, valueOf, [low, high]) {
  const { size, points } = grid;
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  const image = context.createImageData(size, size);
  points.forEach((ofRow, n) => {
    const part = Math.min(1, Math.max(0, (valueOf(ofRow) - low) / (high - low)));
    image.data.set([...LOW.map((low, c) => low + (HIGH[c] - low) * part), 255], 4 * n);
  });
  context.putImageData(image, 0, 0);
}

/** Return the path along which the values cross a level, in units of the grid's cells. */
function contour({ size, points }, valueOf, level) {
  const pieces = [];
  const endsIn = (x, y) => {
    const xs = [x, x + 1, x + 1, x, x];
    const ys = [y, y, y + 1, y + 1, y];
    const values = xs.map((each, n) => valueOf(points[ys[n] * size + each]) - level);
    return [0, 1, 2, 3].flatMap((n) => {
      const [a, b] = [values[n], values[n + 1]];
      if (a < 0 === b < 0) return [];
      const between = (places) => places[n] + ((places[n + 1] - places[n]) * a) / (a - b) + 0.5;
      return [`${between(xs).toFixed(2)} ${between(ys).toFixed(2)}`];
    });
  };
  for (let n = 0; n < size * (size - 1); n++) {
    const ends = n % size < size - 1 ? endsIn(n % size, Math.floor(n / size)) : [];
    for (let m = 0; m < ends.length; m += 2) pieces.push(`M${ends[m]}L${ends[m + 1]}`);
  }
  return pieces.join("");
}

/** Draw an output over two inputs, with the line where it is halfway, and the rows. */
function drawSurface(box, view, grid) {
  const { training, axes, output, last } = view;
  const valueOf = (ofRow) => ofRow[last][output];
  paint(box.querySelector("canvas"), grid, valueOf, grid.ranges[last]);
  const halfway = (grid.ranges[last][0] + grid.ranges[last][1]) / 2;
  const d = contour(grid, valueOf, halfway);
  const parts = [drawn("path", { d, class: "halo" }), drawn("path", { d, class: "halfway" })];
  const scale = training.X.length > 30 ? 0.4 : 0.8;
  training.X.forEach((inputs, r) => {
    const place = (input, [low, high]) => ((inputs[input] - low) / (high - low)) * grid.size;
    const [x, y] = [place(axes[0], grid.spans[0]), grid.size - place(axes[1], grid.spans[1])];
    const kind = r === view.row ? "chosen" : "";
    const shape =
      training.y[r][output] < halfway
        ? "M-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0"
        : "M-1.4 -1.4L1.4 1.4M-1.4 1.4L1.4 -1.4";
    const move = { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale})` };
    const marks = ["halo", `mark ${kind}`].map((each) => drawn("path", { d: shape, class: each }));
    parts.push(drawn("g", move, ...marks));
  });
  show(box, grid.size, grid.size, WORDS.surface, parts);
}

// -- the slope ------------------------------------------------------------------------------------

const STEEPEST = { sigmoid: 0.25, tanh: 1, relu: 1, leaky_relu: 1, linear: 1 };

/** Return the slope of an activation, taken from its output. */
const slopeAt = (activation, output) => FUNCTIONS[activation][1]([1], [output])[0];

/** Draw the rows as points on a unit's activation, each with its tangent. */
function drawSlope(box, view) {
  const { training, state, row } = view;
  const { k, j } = view.sloped;
  const activation = training.activations[k - 1];
  if (activation === "softmax") {
    box.replaceChildren();
    return WORDS.softmaxHasNoCurve;
  }
  const isFlat = activation === "sigmoid" || activation === "tanh";
  const reach = isFlat ? 8 : 4;
  const [low, high] = { sigmoid: [0, 1], tanh: [-1, 1] }[activation] ?? [-reach, reach];
  const x = (z) => 34 + ((Math.min(reach, Math.max(-reach, z)) + reach) / (2 * reach)) * 312;
  const y = (a) => 168 - ((Math.min(high, Math.max(low, a)) - low) / (high - low)) * 140;
  const steps = Array.from({ length: 81 }, (_, n) => -reach + (n * reach) / 40);
  const curve = FUNCTIONS[activation][0](steps).map((a, n) => `${x(steps[n])} ${y(a)}`);
  const parts = [
    ...[low, (low + high) / 2, high].flatMap((a) => [
      line(34, y(a), 346, y(a), "grid"),
      word(28, y(a) + 4, String(a), "quiet end"),
    ]),
    ...[-reach, -reach / 2, 0, reach / 2, reach].map((z) => word(x(z), 186, String(z), "quiet")),
    drawn("path", { d: `M${curve.join("L")}`, class: "curve" }),
  ];
  const scale = ((high - low) / 140) * (312 / (2 * reach)); // of a slope on the screen
  const labels = [];
  const others = shownRows(training, row).filter((r) => r !== row);
  [...others, row].forEach((r) => {
    const sums = view.network.weightedSums(state.activations[k - 1][r], view.network.layers[k - 1]);
    const output = state.activations[k][r][j];
    const slope = slopeAt(activation, output);
    const angle = Math.atan(slope / scale);
    const [dx, dy] = [26 * Math.cos(angle), 26 * Math.sin(angle)];
    const [px, py] = [x(sums[j]), y(output)];
    const kind = r === row ? " chosen" : "";
    parts.push(line(px - dx, py + dy, px + dx, py - dy, `tangent${kind}`));
    parts.push(drawn("circle", { cx: px, cy: py, r: r === row ? 6 : 4.5, class: `point${kind}` }));
    labels.push([px, py, r, kind]);
  });
  // The numbers of the rows stand side by side above, each with a line down to its point.
  let beside = 372;
  labels.sort((a, b) => b[0] - a[0]);
  labels.forEach(([px, py, r, kind], n) => {
    beside = Math.max(34 + 26 * (labels.length - 1 - n), Math.min(px, beside - 26));
    parts.push(line(beside, 14, px, py - 7, `leader${kind}`), word(beside, 10, r, `ink${kind}`));
  });
  show(box, 360, 196, WORDS.slope, parts);
  const slope = slopeAt(activation, state.activations[k][row][j]);
  const part = ((100 * slope) / STEEPEST[activation]).toPrecision(3);
  const most = STEEPEST[activation];
  return filled(WORDS.slopeOf, { row, slope: number(slope), most, part: Number(part) });
}

// -- courses over the iterations ------------------------------------------------------------------

/** Draw a value over the iterations, on a logarithmic axis, with a cursor at one of them. */
function drawCourse(box, view, { points, now, label, isLog, height }) {
  const scaled = (value) => (isLog ? Math.log10(value) : value);
  const before = view.training.history?.at(-1)[0] ?? 0; // the page has only what follows
  const here = [before + view.state.iteration, scaled(now)];
  const isKnown = ([, value]) => Number.isFinite(value);
  const shown = points.map(([at, value]) => [at, scaled(value)]).filter(isKnown);
  const known = [...shown, here].filter(isKnown);
  const values = known.map(([, value]) => value);
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (isLog) [low, high] = [Math.floor(low), Math.ceil(high)];
  if (!(high > low)) [low, high] = [low - 1, high + 1];
  const most = Math.log10(Math.max(10, ...known.map(([at]) => at)) + 1);
  const x = (at) => 46 + (Math.log10(at + 1) / most) * 420;
  const y = (value) => height - 24 - ((value - low) / (high - low)) * (height - 40);
  const places = shown.map(([at, value]) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
  const step = isLog ? Math.ceil((high - low) / 5) : (high - low) / 2;
  const ticks = [];
  for (let tick = low; tick <= high + step / 9; tick += step) ticks.push(tick);
  const powers = Array.from({ length: Math.floor(most) + 1 }, (_, n) => 10 ** n);
  show(box, 480, height, label, [
    ...ticks.flatMap((tick) => [
      line(46, y(tick), 466, y(tick), "grid"),
      word(40, y(tick) + 4, isLog ? `1e${tick}` : short(tick), "quiet end"),
    ]),
    drawn("path", { d: places.length > 1 ? `M${places.join("L")}` : "", class: "curve" }),
    ...[0, ...powers].map((at) => word(x(at), height - 8, grouped(at), "quiet")),
    line(x(here[0]), 10, x(here[0]), height - 24, "cursor"),
    drawn("circle", { cx: x(here[0]), cy: y(here[1]) || 0, r: 4.5, class: "point chosen" }),
  ]);
}

const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, WORDS.thousands);

/** Put values into a sentence, each in place of its name in braces. */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Draw a bar for each row's pull, to the right if up, to the left if down. */
function drawPulls(box, view) {
  const { shown, more } = view.pulls;
  const largest = Math.max(...shown.map(({ pull }) => Math.abs(pull)), 1e-300);
  const rows = shown.map(({ row, pull, text }) => {
    const size = (Math.abs(pull) / largest) * 58;
    const place = { x: pull < 0 ? 60 - size : 60, y: 2, width: size, height: 10 };
    const bar = drawn("rect", { ...place, class: signed(pull) });
    const settings = { viewBox: "0 0 120 14", class: "bar", "aria-hidden": "true" };
    const picture = drawn("svg", settings, line(60, 0, 60, 14, "grid"), bar);
    const way = pull > 0 ? WORDS.pullsUp : pull < 0 ? WORDS.pullsDown : WORDS.leaves;
    const head = `${filled(WORDS.row, { row })} ${way}: `;
    const pieces = renamed(text, view.names).match(/\S+( [*=] )?/g); // a line breaks between them
    const says = element("span", {}, head, ...pieces.map((piece) => element("code", {}, piece)));
    return element("li", row === view.row ? { "aria-current": "true" } : {}, picture, says);
  });
  if (more) rows.push(element("li", {}, filled(WORDS.weakerPulls, { more })));
  box.replaceChildren(...rows);
}
