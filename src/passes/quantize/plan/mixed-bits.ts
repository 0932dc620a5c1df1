import {elementCount} from '../../../ir/tensor.js'
import {type Form, weightTypeOf, writerOf} from './form.js'
import type {Choice, Edit, Plan} from './plan.js'

const [FEW, MANY] = [4, 8]

/**
 * Gives 8 bits to as many of a plan's 4-bit layers as an average of bits per weight allows.
 *
 * @param bits 4..8, over the weights of these layers; scales not counted.
 * @param harm what 4 bits in a layer do to the answers, where that was measured: those with most per weight get 8 bits first, else the
 *   smallest layers.
 */
export function mixedBits({choices}: Plan, bits: number, harm?: (choice: Choice) => number): Edit[] {
  const packed = [...choices.values()].filter(({form}) => weightTypeOf(form)?.dtype.endsWith('4'))
  const urgency = (choice: Choice) => (harm ? harm(choice) : 1) / Math.max(1, weightsOf(choice))
  let spare = (bits - FEW) * packed.reduce((sum, choice) => sum + weightsOf(choice), 0)
  const because = `${bits} bits on average`
  return [...packed]
    .sort((a, b) => urgency(b) - urgency(a))
    .flatMap((choice): Edit[] => {
      const cost = (MANY - FEW) * weightsOf(choice)
      if (cost > spare) return []
      spare -= cost
      const to: Form = `${writerOf(choice.form) as 'stored' | 'blocks'}-int8`
      return [{match: {nodes: new Set([choice.node.name])}, to, because}]
    })
}

function weightsOf({node: {inputs}}: Choice): number {
  return inputs.reduce((sum, value) => sum + (value?.constant ? elementCount(value.constant.shape) : 0), 0)
}
