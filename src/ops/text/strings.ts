import {broadcast} from '../broadcast.js'
import {operand} from '../operand.js'
import {record} from '../record.js'
import {NO_CHANNELS, NO_GRADIENT, NOT_FLOAT} from '../slots.js'

const slots = {gradient: NO_GRADIENT, quantize: NOT_FLOAT, prune: NO_CHANNELS}

/** StringNormalizer: words [C] or [1, C] without the stop words, in one case; how many stay is seen at run time. ONNX StringNormalizer-10. */
export const stringNormalizer = record({
  type: 'StringNormalizer',
  sinceOpset: 10,
  infer(node) {
    const {shape} = operand(node, 0)
    const keepsAll = node.strings('stopwords', []).length === 0
    return [{dtype: 'string', shape: keepsAll || !shape ? shape : [...shape.slice(0, -1), undefined]}]
  },
  ...slots,
})

/** StringConcat: two texts joined, element by element, broadcast. ONNX StringConcat-20. */
export const stringConcat = record({
  type: 'StringConcat',
  sinceOpset: 20,
  infer: (node) => [{dtype: 'string', shape: broadcast(node, [operand(node, 0).shape, operand(node, 1).shape])}],
  ...slots,
})

/** StringSplit: the parts of each text, padded with '' to the longest list, and how many there are. ONNX StringSplit-20. */
export const stringSplit = record({
  type: 'StringSplit',
  sinceOpset: 20,
  infer(node) {
    const {shape} = operand(node, 0)
    return [
      {dtype: 'string', shape: shape && [...shape, undefined]},
      {dtype: 'int64', shape},
    ]
  },
  ...slots,
})

/** RegexFullMatch: whether each text matches as a whole. ONNX RegexFullMatch-20. */
export const regexFullMatch = record({
  type: 'RegexFullMatch',
  sinceOpset: 20,
  infer: (node) => [{dtype: 'bool', shape: operand(node, 0).shape}],
  ...slots,
})
