// The network: the text of an exported trainer (export/template.js), for any layers.

/** Return a network that computes and learns; its layers have weights, biases and functions. */
function networkOf(layers, biased) {
  PARTS;

  return { layers, activationsFor, weightedSums, sentBack, learn, train };
}

ACTIVATIONS;

// Each activation forward, from sums to outputs, and backward, from errors to deltas.
const FUNCTIONS = {
  sigmoid: [sigmoid, sigmoidDeltas],
  tanh: [tanh, tanhDeltas],
  relu: [relu, reluDeltas],
  leaky_relu: [leakyRelu, leakyReluDeltas],
  linear: [linear, errorsAlone],
  softmax: [softmax, softmaxDeltas],
};
