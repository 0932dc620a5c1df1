import type {OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {record} from '../record.js'
import {NO_CHANNELS, NO_GRADIENT} from '../slots.js'
import {statedDtype} from '../stated-dtype.js'

const slots = {gradient: NO_GRADIENT, prune: NO_CHANNELS}

/** Numbers drawn at run time, in a shape given by an attribute. ONNX RandomNormal-1, 22; RandomUniform-1, 22. */
export const random: readonly OpSpec[] = ['RandomNormal', 'RandomUniform'].map((type) =>
  record({
    type,
    sinceOpset: 1,
    infer: (node) => [{dtype: statedDtype(node, 'dtype', 'float32'), shape: node.ints('shape', undefined)}],
    ...slots,
  }),
)

/** Numbers drawn in the shape, and unless `dtype` says otherwise the type, of the input. ONNX RandomNormalLike-1, 22; Bernoulli-15, 22. */
export const randomLike: readonly OpSpec[] = [
  ['RandomNormalLike', 1] as const,
  ['RandomUniformLike', 1] as const,
  ['Bernoulli', 15] as const,
].map(([type, sinceOpset]) =>
  record({
    type,
    sinceOpset,
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      return [{dtype: statedDtype(node, 'dtype', dtype), shape}]
    },
    ...slots,
  }),
)

/** Multinomial: [N, sample_size] classes drawn by their log probabilities. ONNX Multinomial-7, 22. */
export const multinomial = record({
  type: 'Multinomial',
  sinceOpset: 7,
  infer: (node) => [
    {dtype: statedDtype(node, 'dtype', 'int32'), shape: [operand(node, 0).shape?.[0], node.int('sample_size', 1)]},
  ],
  ...slots,
})
