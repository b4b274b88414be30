/* The fixed parts of an exported header, which compile unchanged: see c_header.py.

   The exporter cuts this file at the comments with a name between dashes, and takes the parts that
   a model needs. In them, net_ becomes the header's own prefix, net_real and net_input its types of
   numbers, FORMULA(x) the formula of an activation, and STEPS the calls of the layers. In single
   precision, an f is added to numbers and functions. */

#define FORMULA(z) tanh(z)
#define TOLERANCE 1.0e-9
#define STEPS net_standardize(inputs, outputs)

typedef double net_real;
typedef double net_input;

/* -- begin -- */

#ifndef NET_H
#define NET_H

#include <math.h>
#include <stdint.h>
#ifdef __AVR__
#include <avr/pgmspace.h>
#endif

#define NET_INPUTS 2
#define NET_OUTPUTS 2

/* Each file that includes this has a copy of its own. To share one copy, define NET_IMPLEMENTATION
   before the #include in one file, and NET_EXTERN before it in the others. */
#if defined NET_IMPLEMENTATION || defined NET_EXTERN
#define NET_API
#ifdef __cplusplus
extern "C" {
#endif
void net_predict(const net_input inputs[NET_INPUTS], net_real outputs[NET_OUTPUTS]);

/* -- begin with classes -- */
extern const char *const net_classes[NET_OUTPUTS];
int net_predict_class(const net_input inputs[NET_INPUTS]);

/* -- begin with a self-test -- */
#ifdef NET_SELFTEST
int net_selftest(void);
#endif

/* -- body -- */
#ifdef __cplusplus
}
#endif
#else
#define NET_API static inline
#endif

#if defined NET_IMPLEMENTATION || !defined NET_EXTERN

/* -- flash -- */

/* An AVR keeps constants in flash, where they are read by instructions of their own. */
#ifdef __AVR__
#if __SIZEOF_DOUBLE__ != 4
#error "expected numbers of 4 bytes, which is the default of avr-gcc"
#endif
#define NET_FLASH PROGMEM
#define NET_READ(place) pgm_read_float(place)
#endif

/* -- memory -- */

#ifndef NET_FLASH
#define NET_FLASH
#define NET_READ(place) (*(place))
#endif

/* -- static -- */

#ifndef NET_IMPLEMENTATION
static
#endif
/* -- numbers of this template -- */
const char *const net_classes[NET_OUTPUTS] = {"no", "yes"};
static const net_input net_means[NET_INPUTS] NET_FLASH = {0.0, 1.0};
static const net_real net_deviations[NET_INPUTS] NET_FLASH = {1.0, 2.0};
static const net_real net_weights_0[2 * 2] NET_FLASH = {0.5, -1.5, 0.25, 1.0};
static const net_real net_biases_0[2] NET_FLASH = {-0.0, -0.0};
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

/* -- layer of bytes -- */

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

/* -- standardize -- */

/* Standardize each input: subtract its mean, and divide by its deviation. */
static inline void net_standardize(const net_input *inputs, net_real *outputs)
{
    for (int i = 0; i < NET_INPUTS; i++) {
        outputs[i] = (net_real)(inputs[i] - NET_READ(&net_means[i])) / NET_READ(&net_deviations[i]);
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

/* -- predict -- */

NET_API void net_predict(const net_input inputs[NET_INPUTS], net_real outputs[NET_OUTPUTS])
{
    STEPS;
}

/* -- classes -- */

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

/* -- self-test -- */

/* Return 0 if this machine gives the model's own answer for a row, else the number, counted from 1,
   of the first output that differs. */
NET_API int net_selftest(void)
{
    net_real outputs[NET_OUTPUTS];
    int wrong = 0;
    net_predict(net_example, outputs);
    for (int j = NET_OUTPUTS; j > 0; j--) {
        const net_real expected = net_example_outputs[j - 1];
        const net_real limit = TOLERANCE * (1.0 + fabs(expected));
        wrong = (fabs(outputs[j - 1] - expected) <= limit) ? wrong : j; /* NaN is wrong, too */
    }
    return wrong;
}

/* -- end -- */

#endif /* NET_EXTERN */

#endif /* NET_H */
