// The fixed parts of an exported file, which run unchanged: see javascript.py.
//
// The exporter cuts this file at the comments with a name between dashes. A file has the parts "for"
// which the model fits, in this order, and so with the lines that end in such a comment. In them,
// the names in capitals that are assigned here become the model's own. For ES5, `const` and `let`
// become `var`, and a script returns what a module exports. So all parts but the last use nothing
// else that is newer than ES5.

const CLASSES = 0;
const SCALES = 0;
const LAYERS = 0;
const ACTIVATIONS = 0;
const DELTAS = 0;
const EXAMPLE = 0;
const INPUTS = 2;
const OUTPUTS = 2;
const RATE = 1;
const FORMULA = 0;
const SLOPE = 1;
const BODY = 0;
const EXPORTS = { selfTest };
const means = [0, 1];
const deviations = [1, 2];
const targetMeans = [0, 1];
const targetDeviations = [1, 2];
const classes = ["a", "b"];
const example = [0, 0];
const exampleOutputs = [0.5, 0.5];
const layers = [
  {
    weights: [[0.5, -1.5], [0.25, 1]],
    biases: [-0, -0],
    activation: softmax,
    deltas: errorsAlone,
  },
];

// -- taken --
// No name of a new global: reserved words, what a script uses, and what an engine or a page keeps.
// arguments await break case catch class const continue debugger default delete do else enum eval
// export extends false finally for function if implements import in instanceof interface let new
// null package private protected public return static super switch this throw true try typeof var
// void while with yield Error Infinity JSON Math NaN Object String isFinite module process require
// undefined caches closed console crypto document exports history location name navigator status
// top window Array Boolean Date Function Number RegExp decodeURI encodeURI eval globalThis parseFloat
// parseInt print self

// -- note of use for a module --
//     import { classes, predict, predictClass } from "./net.mjs"; // for a class
//     import { predict } from "./net.mjs"; // for no class
//
// -- note of use for no module --
//     var NAME = require(PATH);
//
// Where there is no module.exports, it sets the global NAME.
//
// -- note of bytes for int8 --
// Each weight is a whole number, in a byte, times the scale of its neuron.
//
// -- note of training for training --
// train(rows, targets, iterations) learns TARGET for each row, by plain gradient descent: each
// iteration is one step over all rows. trainRow(row, target) learns one row, in one step. Both take
// a learningRate as well, by default RATE, and change `layers`.
//
// -- note of an example for all --
// SHOWN
// -- note of a self-test for a self-test --
// selfTest() checks it, and so does --self-test in Node.js. // for no training
// selfTest() checks it before any training, and so does --self-test in Node.js. // for training

// -- code of classes for a class --
CLASSES;

// -- code of predict for all --
/** Return the probability of each class for one row of numbers, in the order of `classes`. */ // for a class
/** Return the prediction for one row of numbers. */ // for a number
/** Return the outputs for one row of numbers. */ // for numbers
export function predict(row) {
  return outputsFor(row); // for a class
  return outputsFor(row)[0]; // for a number
  return outputsFor(row); // for numbers
}

// -- code of classifier for a class --
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

// -- code of means for scales --
SCALES;

// -- code of scale back for outputs --
/** Return outputs on the scale of the targets. */
function scaledBack(outputs) {
  return outputs.map(function (x, j) {
    return x * targetDeviations[j] + targetMeans[j];
  });
}

// -- code of standardize for scales --
/** Return standardized numbers: each minus its mean, divided by its deviation. */
function standardized(values, means, deviations) {
  return means.map(function (mean, i) {
    return (values[i] - mean) / deviations[i];
  });
}

// -- code of layers for all --
LAYERS;

// -- code of forward for all --
function outputsFor(row) {
  const outputs = activationsFor(inputsFor(row, "row"))[layers.length];
  return outputs; // for no outputs
  return scaledBack(outputs); // for outputs
}

function inputsFor(row, name) {
  check(row, INPUTS, name);
  return row; // for no inputs
  return standardized(row, means, deviations); // for inputs
}

/** Return the inputs, and the outputs of each layer after them. */
function activationsFor(inputs) {
  const activations = [inputs];
  for (let k = 0; k < layers.length; k++) {
    activations.push(layers[k].activation(weightedSums(activations[k], layers[k])));
  }
  return activations;
}

/** Return a sum for each column of the weights, from left to right, plus its bias. */
function weightedSums(values, layer) {
  return layer.biases.map(function (bias, j) {
    let sum = -0; // adding to it changes nothing, not even the sign of -0
    for (let i = 0; i < values.length; i++) {
      sum += values[i] * layer.weights[i][j];
    }
    return sum + bias;
  });
}

function check(numbers, count, name) {
  const wanted = count + (count === 1 ? " number" : " numbers");
  if (!isArray(numbers)) refuse(name, "an array of " + wanted, shown(numbers));
  if (numbers.length !== count) refuse(name, wanted, numbers.length);
  for (let i = 0; i < count; i++) {
    if (!isNumber(numbers[i])) refuse(name + "[" + i + "]", "a finite number", shown(numbers[i]));
  }
}

function isArray(value) {
  return /Array\]$/.test(Object.prototype.toString.call(value)); // a Float32Array, too
}

function isNumber(value) {
  return typeof value === "number" && isFinite(value);
}

function refuse(name, wanted, came) {
  throw new Error(name + ": expected " + wanted + ", got " + came);
}

function shown(value) {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  return typeof value === "number" ? String(value) : typeof value;
}

// -- activation --
function activate(values) {
  return values.map(function (x) {
    return FORMULA;
  });
}

// -- linear --
function linear(values) {
  return values;
}

// -- softmax --
function softmax(values) {
  const largest = values.reduce(function (a, b) {
    return b > a ? b : a;
  });
  const powers = values.map(function (x) {
    return Math.exp(x - largest);
  });
  const total = powers.reduce(function (a, b) {
    return a + b;
  });
  return powers.map(function (power) {
    return power / total;
  });
}

// -- tanh in ES5 --
/** Return tanh(x), which ES5 lacks: -m / (m + 2) with m = exp(-2x) - 1, as W. Kahan finds m. */
function tanhOf(x) {
  if (Math.tanh) return Math.tanh(x);
  if (x < 0) return -tanhOf(-x);
  if (!(x < 20)) return x === x ? 1 : x;
  const power = Math.exp(-2 * x);
  const m = power === 1 ? -2 * x : ((power - 1) * -2 * x) / Math.log(power);
  return -m / (m + 2);
}

// -- code of activations for all --
ACTIVATIONS;

// -- code of float32 for float32 --
/** Return weights as rows: the float32 in each four bytes, the lowest byte first. */
function float32s(texts, columns) {
  const bytes = bytesOf(texts);
  const rows = [];
  for (let i = 0; i < bytes.length; i += 4) {
    if (i % (4 * columns) === 0) rows.push([]);
    rows[rows.length - 1].push(float32(bytes, i));
  }
  return rows;
}

/** Return the float32 in the four bytes from i on: a sign, an exponent and a fraction. */
function float32(bytes, i) {
  const high = bytes[i + 3] * 256 + bytes[i + 2];
  const exponent = (high >> 7) & 255;
  const fraction = (high & 127) * 65536 + bytes[i + 1] * 256 + bytes[i];
  const size = exponent ? fraction + 8388608 : fraction;
  return (high > 32767 ? -size : size) * Math.pow(2, (exponent || 1) - 150);
}

// -- code of int8 for int8 --
/** Return weights as rows: the whole number in each byte, times the scale of its column. */
function int8s(texts, scales) {
  const bytes = bytesOf(texts);
  const rows = [];
  for (let i = 0; i < bytes.length; i++) {
    if (i % scales.length === 0) rows.push([]);
    rows[rows.length - 1].push((bytes[i] - (bytes[i] & 128) * 2) * scales[i % scales.length]);
  }
  return rows;
}

// -- code of base64 for a pack --
/** Return the bytes of texts in base64. */
function bytesOf(texts) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const text = texts.join("");
  const bytes = [];
  let number = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    number = (number << 6) | digits.indexOf(text.charAt(i));
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(number >> bits);
      number &= (1 << bits) - 1;
    }
  }
  return bytes;
}

// -- code of learning for training --
/**
 * Learn a target for each row, in a number of steps, each over all rows. Before a step after which
 * a weight would not be finite, throw an Error.
 */
export function train(rows, targets, iterations, learningRate) {
  const rate = learningRate === undefined ? RATE : learningRate;
  if (!isNumber(rate)) refuse("learningRate", "a finite number", shown(rate));
  if (!isNumber(iterations) || iterations < 0 || iterations % 1 !== 0) {
    refuse("iterations", "a whole number of at least 0", shown(iterations));
  }
  if (!isArray(rows)) refuse("rows", "an array of rows", shown(rows));
  if (!isArray(targets)) refuse("targets", "an array with one for each row", shown(targets));
  if (targets.length !== rows.length) {
    refuse("targets", "one for each row, " + rows.length, targets.length);
  }
  const inputs = [];
  const wanted = [];
  for (let r = 0; r < rows.length; r++) {
    inputs.push(inputsFor(rows[r], "rows[" + r + "]"));
    wanted.push(classFor(targets[r], "targets[" + r + "]")); // for a class
    wanted.push(targetFor(targets[r], "targets[" + r + "]")); // for a number
    wanted.push(targetsFor(targets[r], "targets[" + r + "]")); // for numbers
  }
  for (let step = 0; step < iterations; step++) {
    learn(inputs, wanted, rate);
  }
}

/** Learn the target of one row, in one step. */
export function trainRow(row, target, learningRate) {
  train([row], [target], 1, learningRate);
}

/** Take one step: add to each weight minus its gradient, times the learning rate. */
function learn(inputs, targets, rate) {
  const activations = inputs.map(activationsFor);
  const deltas = activations.map(function (ofRow, r) {
    return deltasFor(ofRow, targets[r]);
  });
  const changed = layers.map(function (layer, k) {
    return changedLayer(layer, partsOf(activations, k), partsOf(deltas, k), rate);
  });
  for (let k = 0; k < layers.length; k++) {
    layers[k].weights = changed[k].weights;
    layers[k].biases = changed[k].biases;
  }
}

function partsOf(ofRows, k) {
  return ofRows.map(function (ofRow) {
    return ofRow[k];
  });
}

/** Return a layer's weights and biases after a step; minus a gradient is a sum over the rows. */
function changedLayer(layer, inputs, deltas, rate) {
  return {
    weights: layer.weights.map(function (row, i) {
      return row.map(function (weight, j) {
        let sum = -0;
        for (let r = 0; r < deltas.length; r++) {
          sum += inputs[r][i] * deltas[r][j];
        }
        return moved(weight, sum * rate);
      });
    }),
    biases: layer.biases, // for no biases
    biases: changedBiases(layer.biases, deltas, rate), // for biases
  };
}

function moved(weight, step) {
  if (!isFinite(weight + step)) {
    throw new Error("train: a weight is no longer finite; try a smaller learningRate");
  }
  return weight + step;
}

/** Return the deltas of each layer after the row. */
function deltasFor(activations, targets) {
  const outputs = activations[layers.length];
  let errors = outputs.map(function (output, j) {
    return targets[j] - output;
  });
  const deltas = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    deltas.unshift(layers[k].deltas(errors, activations[k + 1]));
    if (k > 0) errors = sentBack(deltas[0], layers[k].weights);
  }
  return deltas;
}

/** Return the errors of the layer before these weights: the deltas after them, times them. */
function sentBack(deltas, weights) {
  return weights.map(function (row) {
    let error = -0;
    for (let j = 0; j < row.length; j++) {
      error += deltas[j] * row[j];
    }
    return error;
  });
}

// -- code of biases for training and biases --
function changedBiases(biases, deltas, rate) {
  return biases.map(function (bias, j) {
    let sum = -0;
    for (let r = 0; r < deltas.length; r++) {
      sum += deltas[r][j];
    }
    return moved(bias, sum * rate);
  });
}

// -- code of targets for training and numbers --
/** Return the outputs that a row should give, as the network has them. */
function targetsFor(targets, name) {
  check(targets, OUTPUTS, name);
  return targets; // for no outputs
  return standardized(targets, targetMeans, targetDeviations); // for outputs
}

// -- code of target for training and a number --
/** Return the output that a row should give, as the network has it. */
function targetFor(target, name) {
  if (!isNumber(target)) refuse(name, "a finite number", shown(target));
  return [target]; // for no outputs
  return standardized([target], targetMeans, targetDeviations); // for outputs
}

// -- code of class for training and a class --
/** Return 1 for the class that a row should give, 0 for the others. */
function classFor(label, name) {
  if (classes.indexOf(label) < 0) refuse(name, "one of `classes`", shown(label));
  return classes.map(function (each) {
    return each === label ? 1 : 0;
  });
}

// -- deltas --
/** Return the errors of a layer times its slope, taken from its outputs. */
function activateDeltas(errors, outputs) {
  return errors.map(function (error, j) {
    const output = outputs[j];
    return error * (SLOPE);
  });
}

// -- errorsAlone --
/** Return the errors of a layer whose slope is 1, or cancels with that of the loss. */
function errorsAlone(errors) {
  return errors;
}

// -- softmaxDeltas --
/** Return the deltas of softmax, in which each output depends on every sum. */
function softmaxDeltas(errors, outputs) {
  let mean = -0;
  for (let j = 0; j < outputs.length; j++) {
    mean += errors[j] * outputs[j];
  }
  return outputs.map(function (output, j) {
    return output * (errors[j] - mean);
  });
}

// -- code of deltas for training --
DELTAS;

// -- code of self-test for a self-test --
EXAMPLE;

/** Return the answer for a row; throw an Error if it is not the model's own. */
export function selfTest() {
  const outputs = outputsFor(example);
  for (let j = 0; j < outputs.length; j++) {
    const wanted = exampleOutputs[j];
    if (!(Math.abs(outputs[j] - wanted) <= 1e-9 * (1 + Math.abs(wanted)))) {
      refuse("self-test", exampleOutputs, outputs);
    }
  }
  return outputs;
}

// -- script --
const NAME = (function () {
  "use strict";

  BODY;

  return EXPORTS;
})();

if (typeof module === "object" && module && module.exports) module.exports = NAME;

// -- tail of program for a self-test and no module --
// node this_file.js --self-test
if (typeof require === "function" && typeof process === "object" && require.main === module) {
  if (process.argv[2] === "--self-test") console.log("self-test passed: " + NAME.selfTest());
}

// -- tail of program for a self-test and a module --
// node this_file.mjs --self-test
const argv = globalThis.process?.argv ?? [];
if (argv[2] === "--self-test" && decodeURI(import.meta.url).endsWith(argv[1].replace(/\\/g, "/"))) {
  console.log(`self-test passed: ${selfTest()}`);
}
