/* The fixed parts of a header in whole numbers, which compile unchanged: see c_integer.py.

   They are used as those of template.h. FACTOR, OFFSET and SHIFT become the numbers of the inputs,
   or the reading of one, STEPS the loops over the layers, and ACTIVATION the call of the last one. */

#include <stdint.h>

#define NET_API static inline
#define NET_INPUTS 2
#define NET_OUTPUTS 2
#define NET_READ(place) (*(place))
#define FACTOR 2
#define OFFSET 3
#define SHIFT 0
#define BUFFERS uint16_t even[NET_INPUTS]
#define STEPS sums[0] = even[0]
#define ACTIVATION
#define TABLE

typedef float net_real;
typedef uint8_t net_input;

static const uint16_t net_table[129] = {0};
static const net_real net_worth[NET_OUTPUTS] = {1.0f, 1.0f};
static const net_real net_terms[NET_OUTPUTS] = {0.0f, 0.0f};

/* -- whole of limits for all -- */

#ifdef __AVR__
#define NET_INT8(place) ((int8_t)pgm_read_byte(place))
#define NET_INT32(place) ((int32_t)pgm_read_dword(place))
#define NET_UINT8(place) pgm_read_byte(place)
#define NET_UINT16(place) pgm_read_word(place)
#else
#define NET_INT8(place) (*(place))
#define NET_INT32(place) (*(place))
#define NET_UINT8(place) (*(place))
#define NET_UINT16(place) (*(place))
#endif

/* The largest output of a layer. */
#define NET_LARGEST 32767

/* -- whole of layers for all -- */

/* -- whole of sum for all -- */

/* Return the bias plus the sum of m inputs times weights, which fits into 32 bits. */
static inline int32_t net_sum(const uint16_t *inputs, int m, const int8_t *weights, int32_t bias)
{
    const uint16_t *const end = &inputs[m];
    const uint16_t *input = inputs;
    const int8_t *weight = weights;
    int32_t sum = bias;
#ifndef __AVR__ /* where it is slower to take four at once */
    const uint16_t *const last = &inputs[m - (m % 4)];
    while (input != last) {
        sum += (int32_t)input[0] * (int32_t)NET_INT8(&weight[0]);
        sum += (int32_t)input[1] * (int32_t)NET_INT8(&weight[1]);
        sum += (int32_t)input[2] * (int32_t)NET_INT8(&weight[2]);
        sum += (int32_t)input[3] * (int32_t)NET_INT8(&weight[3]);
        input = &input[4];
        weight = &weight[4];
    }
#endif
    while (input != end) {
        sum += (int32_t)*input * (int32_t)NET_INT8(weight);
        input++;
        weight++;
    }
    return sum;
}

/* Return sum * factor / 2^(16 + shift), rounded, half away from 0. Nothing negative is shifted. */
static inline int32_t net_scaled(int32_t sum, uint32_t factor, uint8_t shift)
{
    const uint32_t size = (sum < 0) ? (0u - (uint32_t)sum) : (uint32_t)sum;
    const uint32_t product = ((size >> 16) * factor) + (((size & 0xffffu) * factor) >> 16);
    const uint32_t rounded = (product + (((uint32_t)1 << shift) >> 1)) >> shift;
    return (sum < 0) ? -(int32_t)rounded : (int32_t)rounded;
}

/* -- whole of ramp for ramp -- */

static inline uint16_t net_ramp(int32_t value)
{
    const int32_t positive = (value < 0) ? 0 : value;
    return (uint16_t)((positive > NET_LARGEST) ? NET_LARGEST : positive);
}

/* -- whole of line for line -- */

/* Return zero + value; a negative value is first multiplied by slope / 2^(16 + shift). Scaled values
   stay so far from the ends of 32 bits that the sum fits. */
static inline uint16_t net_line(int32_t value, int32_t zero, uint32_t slope, uint8_t shift)
{
    const int32_t line = zero + ((value < 0) ? net_scaled(value, slope, shift) : value);
    const int32_t positive = (line < 0) ? 0 : line;
    return (uint16_t)((positive > NET_LARGEST) ? NET_LARGEST : positive);
}

/* -- whole of curve for curve -- */

#define NET_HALF 16383 /* what stands for 1 */

/* tanh from 0 to 8, in steps of 1/16. */
TABLE
/* Return 1 + tanh in steps of 1 / NET_HALF. A value is in steps of `stride` / 4096, up to the last
   of them in the table; for a sigmoid, it is half of the weighted input. */
static inline uint16_t net_curve(int32_t value, uint32_t stride, uint32_t last)
{
    const uint32_t size = (value < 0) ? (0u - (uint32_t)value) : (uint32_t)value;
    const uint32_t place = ((size > last) ? last : size) * stride;
    const uint32_t low = NET_UINT16(&net_table[place >> 8]);
    const uint32_t high = NET_UINT16(&net_table[(place >> 8) + 1u]);
    const uint32_t tanh_of = low + ((((high - low) * (place & 255u)) + 128u) >> 8);
    const int32_t curve = NET_HALF + ((value < 0) ? -(int32_t)tanh_of : (int32_t)tanh_of);
    return (uint16_t)curve;
}

/* -- whole of scales for all -- */

/* -- whole of inputs for whole inputs -- */

/* Standardize whole inputs; those out of range become the smallest or the largest. */
static inline void net_quantize(const net_input *inputs, uint16_t *outputs)
{
    for (int i = 0; i < NET_INPUTS; i++) {
        const int32_t product = (int32_t)inputs[i] * (int32_t)FACTOR;
        const int32_t value = product + OFFSET;
        const uint32_t whole = (value < 0) ? 0u : ((uint32_t)value >> SHIFT);
        outputs[i] = (uint16_t)((whole > (uint32_t)NET_LARGEST) ? (uint32_t)NET_LARGEST : whole);
    }
}

/* -- whole of inputs for no whole inputs -- */

/* Standardize the inputs to whole numbers; those out of range become the smallest or the largest,
   and NaN the smallest. */
static inline void net_quantize(const net_input *inputs, uint16_t *outputs)
{
    for (int i = 0; i < NET_INPUTS; i++) {
        /* alone in a statement, so that clang does not fuse it with the sum */
        const net_input product = inputs[i] * FACTOR;
        const net_input value = product + OFFSET;
        const net_input positive = (value > (net_input)0) ? value : (net_input)0;
        outputs[i] =
            (positive < (net_input)NET_LARGEST) ? (uint16_t)positive : (uint16_t)NET_LARGEST;
    }
}

/* -- whole of activations for all -- */

/* -- whole of outputs for all -- */

/* -- template -- */
#if 0
/* -- loop -- */
for (int j = 0; j < COUNT; j++) {
        const int32_t sum =
            net_sum(SOURCE, WIDTH, &net_weights_K[WIDTH * j], NET_INT32(&net_biases_K[j]));
/* -- scaled -- */
        const int32_t value =
            net_scaled(sum, NET_UINT16(&net_factors_K[j]), NET_UINT8(&net_shifts_K[j]));
/* -- template -- */
#endif

/* -- whole of predict for all -- */

/* Compute the last layer in whole numbers. */
static inline void net_sums(const net_input *inputs, int32_t *sums)
{
    BUFFERS;
    net_quantize(inputs, even);
    STEPS;
}

NET_API void net_predict(const net_input inputs[NET_INPUTS], net_real outputs[NET_OUTPUTS])
{
    int32_t sums[NET_OUTPUTS];
    net_sums(inputs, sums);
    for (int j = 0; j < NET_OUTPUTS; j++) {
        const net_real product = (net_real)sums[j] * NET_READ(&net_worth[j]);
        outputs[j] = product + NET_READ(&net_terms[j]);
    }
    ACTIVATION;
}

/* -- whole of classes for a class -- */

/* Return the index in net_classes of the most probable class, the first if tied. */
NET_API int net_predict_class(const net_input inputs[NET_INPUTS])
{
    int32_t sums[NET_OUTPUTS];
    int best = 0;
    net_sums(inputs, sums);
    for (int j = 1; j < NET_OUTPUTS; j++) {
        best = (sums[j] > sums[best]) ? j : best;
    }
    return best;
}
