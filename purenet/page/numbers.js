// Every number of a training step. Recorded are weights, biases, activations and loss; the rest is
// computed from them here with + - * alone, which round the same everywhere, and in the order of
// `purenet/core`. So each number has Python's bits, and each text is that of `purenet trace`.

/** Return the float64 in each eight bytes of a text in base64, the lowest byte first. */
function doublesOf(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** Tell whether a function of this browser gives Python's bits on the recorded inputs. */
function hasPythonsBits(name, text) {
  const numbers = doublesOf(text);
  const half = numbers.length / 2;
  return numbers.slice(0, half).every((x, n) => Object.is(Math[name](x), numbers[half + n]));
}

/** Return the layers of a network, with the functions that its activations and loss need. */
function layersOf(training, weights, biases) {
  const last = weights.length - 1;
  return weights.map((matrix, k) => {
    const [activation, deltas] = FUNCTIONS[training.activations[k]];
    const canceled = k === last && training.loss === "cross_entropy";
    return {
      weights: matrix.map((row) => [...row]),
      biases: training.biased ? [...biases[k]] : matrix[0].map(() => -0),
      activation,
      deltas: canceled ? errorsAlone : deltas,
    };
  });
}

/** Return the recorded state of a training after `iterations[frame]` updates. */
function recorded(training, frame) {
  training.states ??= [];
  return (training.states[frame] ??= decoded(training, frame));
}

function decoded(training, frame) {
  training.numbers ??= doublesOf(training.recorded);
  let at = (frame * training.numbers.length) / training.iterations.length;
  const take = (rows, columns) =>
    Array.from({ length: rows }, () => [...training.numbers.slice(at, (at += columns))]);
  const { sizes } = training;
  const later = sizes.slice(1);
  const weights = later.map((size, k) => take(sizes[k], size));
  const biases = training.biased ? later.map((size) => take(1, size)[0]) : [];
  const activations = [training.X, ...later.map((size) => take(training.X.length, size))];
  const loss = training.numbers[at];
  return { iteration: training.iterations[frame], weights, biases, activations, loss };
}

/** Return a network in a state. */
const networkFor = (training, { weights, biases }) =>
  networkOf(layersOf(training, weights, biases), training.biased);

/** Return the state of a live network. */
function liveState(training, { network, iteration }) {
  const weights = network.layers.map((layer) => layer.weights);
  const biases = training.biased ? network.layers.map((layer) => layer.biases) : [];
  const ofRows = training.X.map(network.activationsFor);
  const activations = weights.concat([0]).map((_, k) => ofRows.map((ofRow) => ofRow[k]));
  const loss = lossOf(training, activations[weights.length]);
  return { iteration, weights, biases, activations, loss, isLive: true };
}

/** Return the loss, the mean over the rows, as core/losses.py adds it up. */
function lossOf({ y, loss, activations }, outputs) {
  const log = (x, least) => Math.log(Math.max(x, least));
  const isBinary = activations.at(-1) === "sigmoid";
  const lossAt = (target, output) => {
    if (loss === "squared_error") return (target - output) * (target - output);
    const rest = isBinary ? (1 - target) * log(1 - output, 2 ** -53) : 0;
    return -(target * log(output, 2 ** -1074) + rest);
  };
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const ofRow = (targets, r) => total(targets.map((target, j) => lossAt(target, outputs[r][j])));
  const share = loss === "squared_error" ? 0.5 : 1;
  return total(y.map((targets, r) => share * ofRow(targets, r))) / y.length;
}

/** Return A · B, each sum from left to right. */
function product(A, B) {
  return A.map((row) =>
    B[0].map((_, j) => {
      let sum = -0; // adding to it changes nothing, not even the sign of -0
      for (let t = 0; t < row.length; t++) sum += row[t] * B[t][j];
      return sum;
    }),
  );
}

const transpose = (A) => A[0].map((_, j) => A.map((row) => row[j]));
const paired = (A, B, f) => A.map((row, i) => row.map((a, j) => f(a, B[i][j])));

/** Return every matrix of a step by its name in `purenet trace`, in the order of computation. */
function matricesOf(training, state) {
  const { weights, biases, activations } = state;
  const last = weights.length;
  const network = networkFor(training, state);
  const of = { X: training.X, y: training.y };
  let errors = paired(training.y, activations[last], (y, output) => y - output);
  for (let k = last; k > 0; k--) {
    const layer = network.layers[k - 1];
    const deltas = errors.map((row, r) => layer.deltas(row, activations[k][r]));
    of[`l${k}`] = activations[k];
    of[`l${k}_error`] = errors;
    of[`l${k}_delta`] = deltas;
    of[`negative_gradients[${k - 1}]`] = product(transpose(activations[k - 1]), deltas);
    of[`negative_bias_gradients[${k - 1}]`] = product([deltas.map(() => 1)], deltas);
    errors = deltas.map((row) => network.sentBack(row, layer.weights));
  }
  const move = (value, change) => value + change * training.rate;
  const update = (kind, change, matrices) =>
    matrices.forEach((matrix, k) => {
      of[`${kind}[${k}]`] = matrix;
      of[`new_${kind}[${k}]`] = paired(matrix, of[`negative_${change}[${k}]`], move);
    });
  update("weights", "gradients", weights);
  const ofOneRow = biases.map((row) => [row]);
  update("biases", "bias_gradients", ofOneRow);
  return Object.fromEntries(training.formulas.map(({ name }) => [name, of[name]]));
}

// -- the terms of the formulas, whose equations are those of lessons/formulas.py ------------------

const layerName = (k) => (k ? `l${k}` : "X");

/** Return the address of a number; a layer's biases are a list, here a matrix of one row. */
function addressOf({ name, i, j }) {
  return name.includes("bias") ? `${name}[${j}]` : `${name}[${i}][${j}]`;
}

const cell = (name, i, j) => ({ name, i, j });

/** Return the terms that add up to a number: lists of text and of the numbers in them. */
function termsOf(equation, i, j, matrices) {
  const [, left, leftT, right, rightT] = /([\w[\]]+)(ᵀ?) · ([\w[\]]+)(ᵀ?)/.exec(equation) ?? [];
  if (left) {
    const shared = rightT ? matrices[right][0] : matrices[right];
    const products = shared.map((_, t) => [
      leftT ? cell(left, t, i) : cell(left, i, t),
      " * ",
      rightT ? cell(right, j, t) : cell(right, t, j),
    ]);
    const bias = /biases\[\d+\]/.exec(equation);
    return bias ? [...products, [cell(bias[0], 0, j)]] : products;
  }
  const [, summed] = /^column sums of (\w+)/.exec(equation) ?? [];
  if (summed) return matrices[summed].map((_, row) => [cell(summed, row, j)]);
  const [, error, output] = /row sums of (\w+) \* (\w+)/.exec(equation) ?? [];
  if (error) {
    const each = matrices[output][0].flatMap((_, t) => [
      ...(t ? [" + "] : []),
      ...[cell(error, i, t), " * ", cell(output, i, t)],
    ]);
    return [[cell(output, i, j), " * (", cell(error, i, j), " - (", ...each, "))"]];
  }
  // In all others, each name stands for its number in the same place.
  const pieces = equation.split(/((?:\b[a-z]\w*\[\d+\])|\bl\d\w*|\by\b)/);
  return [pieces.filter(Boolean).map((piece) => (piece in matrices ? cell(piece, i, j) : piece))];
}

// -- one number, as lessons/cells.py writes it ----------------------------------------------------

/** Return a number with eight digits, as Python's format .8g, and zero without a sign. */
function number(value) {
  if (value === 0 || !Number.isFinite(value)) return String(value + 0);
  const bare = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  const [digits, power] = rounded(value).toExponential(7).split("e");
  if (power >= -4 && power < 8) return bare(rounded(value).toFixed(7 - power));
  return `${bare(digits)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** Return a number whose eight digits are Python's: halfway, it rounds to the even digit. */
function rounded(value) {
  const [digits, power] = value.toExponential(90).split("e");
  const rest = digits.split(".")[1].slice(7);
  if (!/^50*$/.test(rest)) return value;
  const even = digits.slice(0, digits.length - rest.length);
  return Number(/[02468]$/.test(even) ? `${even}e${power}` : `${even}9e${power}`);
}

/** Return a number for a small cell: about three digits. */
function short(value) {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 0.001 || size >= 1e5) return value.toExponential(0).replace("e+", "e");
  if (Number.isInteger(value)) return String(value);
  return size < 1 ? value.toFixed(3) : value.toPrecision(Math.max(3, Math.ceil(Math.log10(size))));
}

const valueIn = (matrices, { name, i, j }) => matrices[name][i][j];

const productOf = (term, matrices) =>
  term.filter((piece) => piece.name).reduce((a, piece) => a * valueIn(matrices, piece), 1);

/** Return the lines of arithmetic that lead to one number. */
function arithmeticOf(training, address, matrices) {
  const { equation } = training.formulas.find((formula) => formula.name === address.name);
  const name = addressOf(address);
  const value = number(valueIn(matrices, address));
  if (!equation) return [`${name} = ${value} ${WORDS.given}`];
  const terms = termsOf(equation, address.i, address.j, matrices);
  const isForward = /^l\d+$/.test(address.name);
  const activation = isForward ? training.activations[layerOf(address) - 1] : "";
  const symbols = (term) => term.map((piece) => (piece.name ? addressOf(piece) : piece)).join("");
  const numbers = (term) =>
    term.map((piece) => (piece.name ? number(valueIn(matrices, piece)) : piece)).join("");
  const start = " ".repeat(name.length);
  if (terms.length === 1 && !isForward) {
    const results = new Set([numbers(terms[0]), value]);
    return [`${name} = ${symbols(terms[0])}`, ...[...results].map((text) => `${start} = ${text}`)];
  }
  let total = -0;
  const lines = terms.map((term) => {
    const part = productOf(term, matrices);
    total += part;
    const result = term.length > 1 ? ` = ${number(part)}` : "";
    return `    ${symbols(term)} = ${numbers(term)}${result}`;
  });
  const isNamed = isForward && activation !== "linear";
  const head = isNamed ? `${activation} ${WORDS.ofTheSumOf}` : WORDS.theSumOf;
  const steps = isNamed ? activatedLines(activation, total) : [];
  return [`${name} = ${head}`, ...lines, ...[...steps, value].map((text) => `${start} = ${text}`)];
}

function activatedLines(activation, total) {
  const z = number(total);
  if (activation === "sigmoid") return [`sigmoid(${z})`, `1 / (1 + exp(${number(-total)}))`];
  return activation === "softmax" ? [`exp(${z}) / ${WORDS.powers}`] : [`${activation}(${z})`];
}

/** Return the cells that a number is made of. */
function partsOfNumber(training, address, matrices) {
  const { equation } = training.formulas.find(({ name }) => name === address.name);
  const terms = equation ? termsOf(equation, address.i, address.j, matrices) : [];
  return terms.flat().filter((piece) => piece.name);
}

// -- who pulls at a weight, as lessons/story.py tells it ------------------------------------------

const MOST_PULLS = 12;
const layerOf = ({ name }) => (name === "X" ? 0 : Number(/\d+/.exec(name)[0]));

/** Return each row's pull on a weight or bias, with its text; if many, the strongest. */
function pullsOf(address, matrices) {
  const k = layerOf(address);
  const pulls = matrices.X.map((_, row) => {
    const input = address.name.startsWith("w") ? [cell(layerName(k), row, address.i)] : [];
    const factors = [...input, cell(`l${k + 1}_delta`, row, address.j)];
    const pull = productOf(factors, matrices);
    const symbols = factors.map(addressOf).join(" * ");
    const numbers = factors.map((factor) => number(valueIn(matrices, factor))).join(" * ");
    const steps = factors.length > 1 ? [symbols, numbers] : [symbols];
    return { row, pull, text: [...steps, number(pull)].join(" = ") };
  });
  const strongest = [...pulls].sort((a, b) => Math.abs(b.pull) - Math.abs(a.pull));
  const shown = strongest.slice(0, MOST_PULLS).sort((a, b) => a.row - b.row);
  const total = pulls.reduce((sum, { pull }) => sum + pull, -0);
  return { shown, total, more: pulls.length - shown.length };
}

/** Return the correlation of two columns of numbers, NaN where one of them never changes. */
function correlation(a, b) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (u, mu, v, mv) => mean(u.map((value, n) => (value - mu) * (v[n] - mv)));
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}

// -- names ----------------------------------------------------------------------------------------

const NAMES =
  /\b(?:X|y|(new_)?(weights|biases)\[(\d+)\]|negative_(bias_)?gradients\[(\d+)\]|l(\d+)(_error|_delta)?)(?![\w])/g;

/** Return a text of `purenet trace` with the names of the article, or of the code in core. */
function renamed(text, style) {
  if (style === "trace") return text;
  const article = style === "article";
  return text.replace(NAMES, (word, isNew, kind, k, bias, g, layer, role) => {
    if (word === "X") return article ? "l0" : "activations[0]";
    if (kind && article) return `${isNew ?? ""}${kind === "weights" ? "syn" : "b"}${k}`;
    if (g && article) return `${bias ? "b" : "syn"}${g}_change`;
    if (layer && !article)
      return `${{ _error: "errors", _delta: "deltas" }[role] ?? "activations"}[${layer}]`;
    return word;
  });
}
