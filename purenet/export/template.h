/* The fixed parts of an exported header, which compile unchanged: see c.py.

   The exporter cuts this file at the comments with a name between dashes, and takes the parts that
   a model needs. In them, net_ becomes the header's own prefix, net_real and net_input its types of
   numbers, FORMULA(x) the formula of an activation, and STEPS the calls of the layers. In single
   precision, an f is added to numbers and functions. */

#ifndef NET_H
#define NET_H

#include <math.h>
#include <stdint.h>

#define NET_INPUTS 2
#define NET_OUTPUTS 2
#define FORMULA(z) tanh(z)
#define TOLERANCE 1.0e-9
#define STEPS net_standardize(inputs, outputs)

typedef double net_real;
typedef double net_input;

static const net_input net_means[NET_INPUTS] = {0.0, 1.0};
static const net_real net_deviations[NET_INPUTS] = {1.0, 2.0};
static const net_real net_weights_0[2 * 2] = {0.5, -1.5, 0.25, 1.0};
static const net_real net_biases_0[2] = {-0.0, -0.0};
static const net_input net_example[NET_INPUTS] = {0.0, 0.0};
static const net_real net_example_outputs[NET_OUTPUTS] = {0.5, 0.5};

/* -- layer -- */

/* outputs[j] = the sum of inputs[i] * weights[i][j], from left to right, plus its bias. */
static inline void net_layer(
    const net_real *inputs, int m, net_real *outputs, int n,
    const net_real *weights, const net_real *biases)
{
    for (int j = 0; j < n; j++) {
        outputs[j] = -0.0; /* adding to it changes nothing, not even the sign of -0.0 */
    }
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            /* alone in a statement, so that clang does not fuse it with the sum */
            const net_real product = inputs[i] * *weights++;
            outputs[j] += product;
        }
    }
    for (int j = 0; j < n; j++) {
        outputs[j] += biases[j];
    }
}

/* -- layer of bytes -- */

/* outputs[j] = the sum of inputs[i] * weights[i][j], times its scale, plus its bias. */
static inline void net_layer_of_bytes(
    const net_real *inputs, int m, net_real *outputs, int n,
    const int8_t *weights, const net_real *scales, const net_real *biases)
{
    for (int j = 0; j < n; j++) {
        outputs[j] = -0.0; /* adding to it changes nothing, not even the sign of -0.0 */
    }
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            /* alone in a statement, so that clang does not fuse it with the sum */
            const net_real product = inputs[i] * (net_real)*weights++;
            outputs[j] += product;
        }
    }
    for (int j = 0; j < n; j++) {
        const net_real scaled = outputs[j] * scales[j];
        outputs[j] = scaled + biases[j];
    }
}

/* -- standardize -- */

/* Standardize each input: subtract its mean, and divide by its deviation. */
static inline void net_standardize(const net_input *inputs, net_real *outputs)
{
    for (int i = 0; i < NET_INPUTS; i++) {
        outputs[i] = (net_real)(inputs[i] - net_means[i]) / net_deviations[i];
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
    net_real largest = values[0], total = 0.0;
    for (int j = 1; j < n; j++) {
        largest = values[j] > largest ? values[j] : largest;
    }
    for (int j = 0; j < n; j++) {
        values[j] = exp(values[j] - largest);
        total += values[j];
    }
    for (int j = 0; j < n; j++) {
        values[j] /= total;
    }
}

/* -- predict -- */

static inline void net_predict(const net_input *inputs, net_real *outputs)
{
    STEPS;
}

/* -- classes -- */

/* Return the index in net_classes of the most probable class, the first if tied. */
static inline int net_predict_class(const net_input *inputs)
{
    net_real outputs[NET_OUTPUTS];
    int best = 0;
    net_predict(inputs, outputs);
    for (int j = 1; j < NET_OUTPUTS; j++) {
        best = outputs[j] > outputs[best] ? j : best;
    }
    return best;
}

/* -- self-test -- */

/* Return 0 if this machine gives the model's own answer for a row, else the number, counted from 1,
   of the first output that differs. */
static inline int net_selftest(void)
{
    net_real outputs[NET_OUTPUTS];
    net_predict(net_example, outputs);
    for (int j = 0; j < NET_OUTPUTS; j++) {
        const net_real off = fabs(outputs[j] - net_example_outputs[j]);
        if (!(off <= TOLERANCE * (1.0 + fabs(net_example_outputs[j])))) {
            return j + 1;
        }
    }
    return 0;
}

/* -- end -- */

#endif /* NET_H */
