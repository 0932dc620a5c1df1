import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'

/** What a loss is attached to: an output, or the scores that its last activation turns into probabilities. */
export interface Scores {
  readonly value: Value
  /** What made probabilities of the scores; undefined when the output is taken as it is. */
  readonly activation: 'softmax' | 'sigmoid' | undefined
  /** Of the classes, counted from 0, when a softmax names it and the rank is known. */
  readonly axis: number | undefined
}

/** They only hand on what they get. */
const COPYING: ReadonlySet<string> = new Set(['Identity', 'Dropout'])

const ACTIVATIONS: Readonly<Record<string, Scores['activation']>> = {
  Softmax: 'softmax',
  LogSoftmax: 'softmax',
  Sigmoid: 'sigmoid',
}

/**
 * Finds the scores behind an output of probabilities: a loss on them is exact where probabilities round to 0 or 1.
 *
 * @param output of a graph of opset 13 or later, where a softmax has one axis.
 */
export function scoresOf(output: Value): Scores {
  const {producer} = output
  const activation = producer?.domain === '' ? ACTIVATIONS[producer.opType] : undefined
  const input = producer?.inputs[0]
  if (producer && activation && input) return {value: input, activation, axis: axisOf(producer, output)}
  if (producer && input && producer.domain === '' && COPYING.has(producer.opType)) {
    const behind = scoresOf(input)
    if (behind.activation) return behind
  }
  return {value: output, activation: undefined, axis: undefined}
}

function axisOf(node: Node, output: Value): number | undefined {
  const rank = output.type?.kind === 'tensor' ? output.type.shape?.length : undefined
  if (node.opType === 'Sigmoid' || rank === undefined) return undefined
  return axisFromStart(node.int('axis', -1), rank)
}
