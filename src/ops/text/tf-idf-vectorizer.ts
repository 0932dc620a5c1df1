import {operand} from '../operand.js'
import {record} from '../record.js'
import {NO_CHANNELS, NO_GRADIENT} from '../slots.js'

/** TfIdfVectorizer: [C] or [N, C] words to weights of n-grams, one column more than the largest of `ngram_indexes`. ONNX TfIdfVectorizer-9. */
export const tfIdfVectorizer = record({
  type: 'TfIdfVectorizer',
  sinceOpset: 9,
  infer(node) {
    const {shape} = operand(node, 0)
    // vocabularies are long: not spread into arguments
    const columns = node.ints('ngram_indexes', []).reduce((most, index) => Math.max(most, index + 1), 0)
    return [{dtype: 'float32', shape: shape && [...shape.slice(0, -1), columns]}]
  },
  gradient: NO_GRADIENT,
  prune: NO_CHANNELS,
})
