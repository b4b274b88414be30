/* The fixed parts of an exported header, which compile unchanged: see c_header.py.

   The exporter cuts this file at the comments with a name between dashes, and takes the parts that
   a model needs. In them, net_ becomes the header's own prefix, net_real and net_input its types of
   numbers, FORMULA(x) the formula of an activation, SLOPE(x) that of its slope, STEPS the calls of
   the layers, ROWS the table of layers, DEPTH their number, COUNT that of all neurons, and BIASED
   is 1 if biases are trained, else 0. In single precision, an f is added to numbers and functions.
   Parts and lines that name a condition after "for" are only in the headers for which it holds. */

#define FORMULA(z) tanh(z)
#define SLOPE(a) (1.0 - ((a) * (a)))
#define BUFFERS net_real even[NET_INPUTS]
#define STEPS net_layer(even, 2, outputs, 2, net_weights_0, net_biases_0)
#define DEPTH 1
#define COUNT 2
#define ROWS {2, 2, net_weights_0, net_biases_0, net_activation, net_activation_slope},
#define BIASED 1
#ifndef KIND
#define KIND 0 /* what a network trains, 1: a classifier, 2: a regressor */
#endif

typedef double net_real;
typedef double net_input;

/* -- note of use for all -- */
//     net_real probabilities[NET_OUTPUTS]; // for a class
//     net_predict(inputs, probabilities); // for a class
//     puts(net_classes[net_predict_class(inputs)]); // for a class
//     net_train(inputs, target, learning_rate); // for training and a classifier
//     net_real outputs[NET_OUTPUTS]; // for no class
//     net_predict(inputs, outputs); // for no class
//     net_train(inputs, targets, learning_rate); // for training and a network
//     net_train(inputs, targets, learning_rate); // for training and a regressor
//
// It computes in single precision. // for single precision and no whole numbers
// But inputs are doubles, and means are subtracted in double precision. These are too far from 0 // for far columns and no whole numbers
// for a float to tell rows apart: // for far columns and no whole numbers
// FAR // for far columns and no whole numbers
// Each weight is a whole number, in a byte, times the scale of its neuron. // for int8
// It computes in whole numbers of 32 bits. // for whole numbers
// Inputs are KIND. // for whole inputs
// An input outside of REACH counts as the nearest of these. // for whole numbers
// SHOWN
// net_selftest(), which NET_SELFTEST defines, checks it. // for a self-test

/* -- head of beginning with all for all -- */

#ifndef NET_H
#define NET_H

#include <math.h>
#include <stdint.h>
#ifdef __AVR__
#include <avr/pgmspace.h>
#endif

#define NET_INPUTS 2
#define NET_OUTPUTS 2

/* Outputs may not overlap inputs. A compiler that fuses products with sums changes the last digits;
   -ffp-contract=off keeps it from doing so, and with gcc also -std=c99.

   Each file that includes this has a copy of its own. To share one copy, define NET_IMPLEMENTATION
   before the #include in one file, and NET_EXTERN before it in the others. */
#if defined NET_IMPLEMENTATION || defined NET_EXTERN
#define NET_API
#ifdef __cplusplus
extern "C" {
#endif
void net_predict(const net_input inputs[NET_INPUTS], net_real outputs[NET_OUTPUTS]);

/* -- head of beginning with classes for a class -- */
extern const char *const net_classes[NET_OUTPUTS];
int net_predict_class(const net_input inputs[NET_INPUTS]);

/* -- template -- */
#if KIND == 1
/* -- head of beginning for training and a classifier -- */
int net_train(const net_input inputs[NET_INPUTS], int target, net_real learning_rate);
/* -- template -- */
#else
/* -- head of targets for training and a network -- */
int net_train(
    const net_input inputs[NET_INPUTS],
    const net_real targets[NET_OUTPUTS],
    net_real learning_rate);
/* -- template -- */
#endif
#if KIND == 2
/* -- head of targets for training and a regressor -- */
int net_train(
    const net_input inputs[NET_INPUTS],
    const net_real targets[NET_OUTPUTS],
    net_real learning_rate);
/* -- template -- */
#endif

/* -- head of beginning with a self-test for a self-test -- */
#ifdef NET_SELFTEST
int net_selftest(void);
#endif

/* -- head of body for all -- */
#ifdef __cplusplus
}
#endif
#else
#define NET_API static inline
#endif

#if defined NET_IMPLEMENTATION || !defined NET_EXTERN

/* -- head of flash for no training -- */

/* An AVR keeps constants in flash, where they are read by instructions of their own. */
#ifdef __AVR__
#if __SIZEOF_DOUBLE__ != 4
#error "expected numbers of 4 bytes, which is the default of avr-gcc"
#endif
#define NET_FLASH PROGMEM
#define NET_READ(place) pgm_read_float(place)
#endif

/* -- head of memory for all -- */

#ifndef NET_FLASH
#define NET_FLASH
#define NET_READ(place) (*(place))
#endif

/* -- static -- */
#ifndef NET_IMPLEMENTATION
static
#endif

/* -- head of labels for a class -- */
const char *const net_classes[NET_OUTPUTS] = {"no", "yes"};

/* -- code of input scales for inputs -- */
static const net_input net_input_means[NET_INPUTS] NET_FLASH = {0.0, 1.0};
static const net_real net_input_deviations[NET_INPUTS] NET_FLASH = {1.0, 2.0};

/* -- code of target scales for outputs -- */
static const net_real net_target_means[NET_OUTPUTS] NET_FLASH = {0.0, 1.0};
static const net_real net_target_deviations[NET_OUTPUTS] NET_FLASH = {1.0, 2.0};

/* -- code of layers for all -- */
static net_real net_weights_0[2 * 2] = {0.5, -1.5, 0.25, 1.0};
static net_real net_biases_0[2] = {-0.0, -0.0};

/* -- code of layer for no int8 -- */

/* outputs[j] = the sum of inputs[i] * weights[i][j], from left to right, plus its bias. */
static inline void net_layer(
    const net_real *inputs, int m, net_real *outputs, int n,
    const net_real *weights, const net_real *biases)
{
    for (int j = 0; j < n; j++) {
        outputs[j] = -0.0; /* adding to it changes nothing, not even the sign of -0.0 */
    }
    const net_real *weight = weights;
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            /* alone in a statement, so that clang does not fuse it with the sum */
            const net_real product = inputs[i] * NET_READ(weight);
            outputs[j] += product;
            weight++;
        }
    }
    for (int j = 0; j < n; j++) {
        outputs[j] += NET_READ(&biases[j]);
    }
}

/* -- code of layer for int8 -- */

#ifdef __AVR__
#define NET_READ_BYTE(place) ((int8_t)pgm_read_byte(place))
#else
#define NET_READ_BYTE(place) (*(place))
#endif

/* outputs[j] = the sum of inputs[i] * weights[i][j], times its scale, plus its bias. */
static inline void net_layer_of_bytes(
    const net_real *inputs, int m, net_real *outputs, int n,
    const int8_t *weights, const net_real *scales, const net_real *biases)
{
    for (int j = 0; j < n; j++) {
        outputs[j] = -0.0; /* adding to it changes nothing, not even the sign of -0.0 */
    }
    const int8_t *weight = weights;
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            /* alone in a statement, so that clang does not fuse it with the sum */
            const net_real product = inputs[i] * (net_real)NET_READ_BYTE(weight);
            outputs[j] += product;
            weight++;
        }
    }
    for (int j = 0; j < n; j++) {
        const net_real scaled = outputs[j] * NET_READ(&scales[j]);
        outputs[j] = scaled + NET_READ(&biases[j]);
    }
}

/* -- code of standardize for inputs -- */

/* Standardize each input: subtract its mean, and divide by its deviation. */
static inline void net_standardize(const net_input *inputs, net_real *outputs)
{
    for (int i = 0; i < NET_INPUTS; i++) {
        const net_real off = (net_real)(inputs[i] - NET_READ(&net_input_means[i]));
        outputs[i] = off / NET_READ(&net_input_deviations[i]);
    }
}

/* -- activation -- */

static inline void net_activation(net_real *values, int n)
{
    for (int j = 0; j < n; j++) {
        values[j] = FORMULA(values[j]);
    }
}

/* -- softmax -- */

static inline void net_softmax(net_real *values, int n)
{
    net_real largest = values[0];
    net_real total = 0.0;
    for (int j = 1; j < n; j++) {
        largest = (values[j] > largest) ? values[j] : largest;
    }
    for (int j = 0; j < n; j++) {
        values[j] = exp(values[j] - largest);
        total += values[j];
    }
    for (int j = 0; j < n; j++) {
        values[j] /= total;
    }
}

/* -- template -- */
#if 0
/* -- code of copy for training and no inputs and no network -- */

/* Copy the inputs, which are not standardized. */
static inline void net_standardize(const net_input *inputs, net_real *outputs)
{
    for (int i = 0; i < NET_INPUTS; i++) {
        outputs[i] = inputs[i];
    }
}

/* -- template -- */
#endif
/* -- code of activations for all -- */

/* -- code of scale back for outputs -- */

/* Bring outputs back to the scale of the targets. */
static inline void net_scale_back(net_real *outputs)
{
    for (int j = 0; j < NET_OUTPUTS; j++) {
        const net_real scaled = outputs[j] * NET_READ(&net_target_deviations[j]);
        outputs[j] = scaled + NET_READ(&net_target_means[j]);
    }
}

/* -- activation slope -- */

/* Multiply errors by the activation's slope, taken from its outputs. */
static inline void net_activation_slope(net_real *errors, const net_real *outputs, int n)
{
    for (int j = 0; j < n; j++) {
        const net_real slope = SLOPE(outputs[j]);
        errors[j] *= slope;
    }
}

/* -- softmax slope -- */

/* Each output depends on every sum: errors become outputs * (errors - the mean error). */
static inline void net_softmax_slope(net_real *errors, const net_real *outputs, int n)
{
    net_real mean = -0.0;
    for (int j = 0; j < n; j++) {
        const net_real product = errors[j] * outputs[j];
        mean += product;
    }
    for (int j = 0; j < n; j++) {
        errors[j] = outputs[j] * (errors[j] - mean);
    }
}

/* -- code of linear for training -- */

/* The activation that changes nothing; its slope is 1, or that of the loss cancels it. */
static inline void net_linear(net_real *values, int n)
{
    (void)values;
    (void)n;
}

static inline void net_linear_slope(net_real *errors, const net_real *outputs, int n)
{
    (void)errors;
    (void)outputs;
    (void)n;
}

/* -- code of train for training -- */

#define NET_LAYERS DEPTH
#define NET_NEURONS COUNT

/* A layer: m inputs, n neurons, and what computes them and goes back. */
typedef struct {
    int m;
    int n;
    net_real *weights;
    net_real *biases;
    void (*activate)(net_real *values, int n);
    void (*multiply_by_slope)(net_real *errors, const net_real *outputs, int n);
} net_stage;

static const net_stage net_stages[NET_LAYERS] = {
    ROWS
};

/* errors[i] = the sum of deltas[j] * weights[i][j], from left to right. */
static inline void net_send_back(
    const net_real *deltas, int n, net_real *errors, int m, const net_real *weights)
{
    const net_real *weight = weights;
    for (int i = 0; i < m; i++) {
        errors[i] = -0.0;
        for (int j = 0; j < n; j++) {
            const net_real product = deltas[j] * *weight;
            errors[i] += product;
            weight++;
        }
    }
}

/* Add inputs[i] * deltas[j] * learning_rate to weights[i][j] if `moves`. Return 1 if one of them
   would not be finite, else 0. */
static inline int net_move(
    const net_real *inputs, int m, const net_real *deltas, int n,
    net_real *weights, net_real learning_rate, int moves)
{
    net_real *weight = weights;
    int failed = 0;
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            const net_real gradient = inputs[i] * deltas[j];
            const net_real step = gradient * learning_rate;
            const net_real moved = *weight + step;
            failed = ((moved - moved) == 0.0) ? failed : 1; /* not of infinity or NaN */
            *weight = (moves != 0) ? moved : *weight;
            weight++;
        }
    }
    return failed;
}

/* Learn a row of the network's own inputs and targets in one step: add to each weight its input,
   times the delta behind it, times learning_rate. A delta is minus the slope of the loss by the
   weighted input of a neuron. Return 0; or 1, and change nothing, if a weight would not be
   finite. */
static inline int net_learn(const net_real *row, const net_real *targets, net_real learning_rate)
{
    const net_real one[1] = {1.0}; /* the input of biases */
    net_real values[NET_NEURONS];
    net_real deltas[NET_NEURONS];
    const net_real *below = row;
    int at = 0; /* the layer's first neuron, of all neurons */
    int failed = 0;
    for (int k = 0; k < NET_LAYERS; k++) {
        net_stage layer = net_stages[k];
        net_layer(below, layer.m, &values[at], layer.n, layer.weights, layer.biases);
        layer.activate(&values[at], layer.n);
        below = &values[at];
        at += layer.n;
    }
    for (int j = 0; j < NET_OUTPUTS; j++) {
        deltas[NET_NEURONS - NET_OUTPUTS + j] = targets[j] - below[j];
    }
    for (int k = NET_LAYERS - 1; k >= 0; k--) {
        net_stage layer = net_stages[k];
        at -= layer.n;
        layer.multiply_by_slope(&deltas[at], &values[at], layer.n);
        if (k > 0) {
            net_send_back(&deltas[at], layer.n, &deltas[at - layer.m], layer.m, layer.weights);
        }
    }
    for (int moves = 0; (moves < 2) && (failed == 0); moves++) {
        below = row;
        for (int k = 0; k < NET_LAYERS; k++) {
            net_stage layer = net_stages[k];
            failed |= net_move(
                below, layer.m, &deltas[at], layer.n, layer.weights, learning_rate, moves);
            failed |= net_move(
                one, BIASED, &deltas[at], layer.n, layer.biases, learning_rate, moves);
            below = &values[at];
            at += layer.n;
        }
        at = 0;
    }
    return failed;
}

/* -- template -- */
#if KIND == 0
/* -- code of train for training and a network -- */

/* Learn the targets of a row in one step. Return 0; or 1, and change nothing, if a weight would not
   be finite. */
NET_API int net_train(
    const net_input inputs[NET_INPUTS],
    const net_real targets[NET_OUTPUTS],
    net_real learning_rate)
{
    return net_learn(inputs, targets, learning_rate);
}

/* -- template -- */
#elif KIND == 1
/* -- code of train for training and a classifier -- */

/* Learn in one step that a row has the class net_classes[target]. Return 0; or 1, and change
   nothing, if a weight would not be finite, or if there is no such class. */
NET_API int net_train(const net_input inputs[NET_INPUTS], int target, net_real learning_rate)
{
    net_real row[NET_INPUTS];
    net_real targets[NET_OUTPUTS];
    int failed = 1;
    net_standardize(inputs, row);
    for (int j = 0; j < NET_OUTPUTS; j++) {
        targets[j] = (j == target) ? 1.0 : 0.0;
    }
    if ((target >= 0) && (target < NET_OUTPUTS)) {
        failed = net_learn(row, targets, learning_rate);
    }
    return failed;
}

/* -- template -- */
#else
/* -- code of train for training and a regressor -- */

/* Learn the targets of a row in one step. Return 0; or 1, and change nothing, if a weight would not
   be finite. */
NET_API int net_train(
    const net_input inputs[NET_INPUTS],
    const net_real targets[NET_OUTPUTS],
    net_real learning_rate)
{
    net_real row[NET_INPUTS];
    net_real wanted[NET_OUTPUTS];
    net_standardize(inputs, row);
    for (int j = 0; j < NET_OUTPUTS; j++) {
        wanted[j] = (targets[j] - net_target_means[j]) / net_target_deviations[j];
    }
    return net_learn(row, wanted, learning_rate);
}

/* -- template -- */
#endif

/* -- code of predict for all -- */

NET_API void net_predict(const net_input inputs[NET_INPUTS], net_real outputs[NET_OUTPUTS])
{
    BUFFERS;
    net_standardize(inputs, even); // for inputs
    STEPS;
    net_scale_back(outputs); // for outputs
}

/* -- code of classes for a class -- */

/* Return the index in net_classes of the most probable class, the first if tied. */
NET_API int net_predict_class(const net_input inputs[NET_INPUTS])
{
    net_real outputs[NET_OUTPUTS];
    int best = 0;
    net_predict(inputs, outputs);
    for (int j = 1; j < NET_OUTPUTS; j++) {
        best = (outputs[j] > outputs[best]) ? j : best;
    }
    return best;
}

/* -- template -- */
#define NET_SELFTEST
/* -- tail of example for a self-test -- */
#ifdef NET_SELFTEST
static const net_input net_example[NET_INPUTS] = {0.0, 0.0};
static const net_real net_example_outputs[NET_OUTPUTS] = {0.5, 0.5};

/* -- tail of self-test for a self-test -- */

/* Return 0 if this machine gives the model's own answer for a row, else the number, counted from 1,
   of the first output that differs. */
NET_API int net_selftest(void)
{
    net_real outputs[NET_OUTPUTS];
    int wrong = 0;
    net_predict(net_example, outputs);
    for (int j = NET_OUTPUTS; j > 0; j--) {
        const net_real expected = net_example_outputs[j - 1];
        const net_real tolerance = (sizeof(net_real) < 8u) ? 1.0e-3 : 1.0e-9;
        const net_real limit = tolerance * (1.0 + fabs(expected));
        wrong = (fabs(outputs[j - 1] - expected) <= limit) ? wrong : j; /* NaN is wrong, too */
    }
    return wrong;
}
#endif

/* -- tail of end for all -- */

#endif /* NET_EXTERN */

#endif /* NET_H */
