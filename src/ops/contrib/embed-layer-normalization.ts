import type {DType} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import type {Inferred} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {record} from '../record.js'
import {ALREADY_QUANTIZED, KEPT_FLOAT} from '../slots.js'
import {inMicrosoftDomain} from './contrib.js'

/** EmbedLayerNormalization: word, position and segment embeddings added and normalized; also the mask's lengths and the sum. */
export const embedLayerNormalization = inMicrosoftDomain(
  record({
    type: 'EmbedLayerNormalization',
    sinceOpset: 1,
    infer: (node) => inferEmbed(node, operand(node, 2).dtype),
    parameters: {weights: [2, 3, 4], biases: [5, 6]},
    quantize: KEPT_FLOAT,
  }),
)

/** QEmbedLayerNormalization: the same from 8-bit tables. */
export const qEmbedLayerNormalization = inMicrosoftDomain(
  record({
    type: 'QEmbedLayerNormalization',
    sinceOpset: 1,
    infer: (node) => inferEmbed(node, 'float32').slice(0, 2),
    parameters: {weights: [2, 3, 4], biases: [5, 6]},
    quantize: ALREADY_QUANTIZED,
  }),
)

function inferEmbed(node: Node, dtype: DType | undefined): readonly Inferred[] {
  const ids = shapeOf(node.inputs[0])
  const embedded = {dtype, shape: ids && [...ids, shapeOf(node.inputs[2])?.[1]]}
  return [embedded, {dtype: 'int32', shape: [ids?.[0]]}, embedded]
}
