import type {Node} from '../../../ir/node.js'

const RANDOM: ReadonlySet<string> = new Set([
  ...['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike', 'Multinomial', 'Bernoulli'],
])

/** Whether two runs of the node on the same inputs may differ. Dropout counts only when it can be in training mode. */
export function isRandom(node: Node): boolean {
  if (node.domain !== '') return false
  return (
    RANDOM.has(node.opType) || (node.opType === 'Dropout' && (node.inputs[2] !== undefined || !node.int('is_test', 1)))
  )
}
