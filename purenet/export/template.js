// The fixed parts of an exported module, which run unchanged: see javascript.py.
//
// The exporter cuts this file at the comments with a name between dashes, and takes the parts that
// a model needs. In them, COUNT becomes the number of inputs, and FORMULA(x) an activation's formula.

const COUNT = 2;
const TOLERANCE = 1e-9;
const FORMULA = (x) => Math.tanh(x);
const means = [0, 1];
const deviations = [1, 2];
const classes = ["a", "b"];
const layers = [{ weights: [[0.5, -1.5], [0.25, 1]], biases: [-0, -0], activation: softmax }];
const example = [0, 0];
const exampleOutputs = [0.5, 0.5];

// -- network --
/** Return the outputs for one row of numbers. */
export function predict(row) {
  return outputsFor(row);
}

// -- classifier --
/** Return the probability of each class for one row of numbers, in the order of `classes`. */
export function predictProba(row) {
  return predict(row);
}

/** Return the most probable class for one row of numbers, the first if tied. */
export function predictClass(row) {
  const outputs = outputsFor(row);
  let best = 0;
  for (let j = 1; j < outputs.length; j++) {
    if (outputs[j] > outputs[best]) best = j;
  }
  return classes[best];
}

// -- forward --
function outputsFor(row) {
  check(row);
  let values = Array.from(row);
  for (const layer of layers) {
    values = layer.activation(weightedSums(values, layer));
  }
  return values;
}

function check(row) {
  if (!Array.isArray(row) && !ArrayBuffer.isView(row)) {
    throw new Error(`row: expected an array of NUMBERS, got ${typeof row}`);
  }
  if (row.length !== COUNT) {
    throw new Error(`row: expected NUMBERS, got ${row.length}`);
  }
  for (let i = 0; i < row.length; i++) {
    if (!Number.isFinite(row[i])) {
      const got = typeof row[i] === "number" ? row[i] : typeof row[i];
      throw new Error(`row[${i}]: expected a finite number, got ${got}`);
    }
  }
}

// -- weighted sums --
/** Return a sum for each column of the weights, from left to right, plus its bias. */
function weightedSums(values, { weights, biases }) {
  return biases.map((bias, j) => {
    let sum = -0; // adding to it changes nothing, not even the sign of -0
    for (let i = 0; i < values.length; i++) {
      sum += values[i] * weights[i][j];
    }
    return sum + bias;
  });
}

// -- weighted sums of bytes --
/** Return a sum for each column of whole numbers, times its scale, plus its bias. */
function weightedSumsOfBytes(values, { weights, scales, biases }) {
  return biases.map((bias, j) => {
    let sum = -0; // adding to it changes nothing, not even the sign of -0
    for (let i = 0; i < values.length; i++) {
      sum += values[i] * weights[i][j];
    }
    return sum * scales[j] + bias;
  });
}

// -- standardize --
/** Return the standardized row: each number minus its mean, divided by its deviation. */
function standardize(values) {
  return values.map((x, i) => (x - means[i]) / deviations[i]);
}

// -- activation --
function activate(values) {
  return values.map((x) => FORMULA(x));
}

// -- linear --
function linear(values) {
  return values;
}

// -- softmax --
function softmax(values) {
  const largest = values.reduce((a, b) => (b > a ? b : a));
  const powers = values.map((x) => Math.exp(x - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

// -- self-test --
/** Return the answer for a row; throw an Error if it is not the model's own. */
export function selfTest() {
  const outputs = outputsFor(example);
  const isOff = (x, j) => !(Math.abs(outputs[j] - x) <= TOLERANCE * (1 + Math.abs(x)));
  if (exampleOutputs.some(isOff)) {
    throw new Error(`self-test: expected ${exampleOutputs}, got ${outputs}`);
  }
  return outputs;
}

// node this_file.mjs --self-test
const argv = globalThis.process?.argv ?? [];
if (argv[2] === "--self-test" && decodeURI(import.meta.url).endsWith(argv[1].replace(/\\/g, "/"))) {
  console.log(`self-test passed: ${selfTest()}`);
}
