import {type Form, hasPackedWeight, writerOf} from './form.js'
import type {Choice, Edit, Plan} from './plan.js'
import {weightCount} from './safer-forms.js'

const [FEW, MANY] = [4, 8]

/**
 * Gives 8 bits to as many of a plan's 4-bit layers as an average of bits per weight allows.
 *
 * @param bits 4..8, over the weights of these layers; scales not counted.
 * @param harm what 4 bits in a layer do to the answers, where that was measured: those with most per weight get 8 bits first, else the
 *   smallest layers.
 */
export function mixedBits({choices}: Plan, bits: number, harm?: (choice: Choice) => number): Edit[] {
  const packed = [...choices.values()].filter(({form}) => hasPackedWeight(form))
  const urgency = (choice: Choice) => (harm ? harm(choice) : 1) / Math.max(1, weightCount(choice.node))
  let spare = (bits - FEW) * packed.reduce((sum, choice) => sum + weightCount(choice.node), 0)
  const because = `${bits} bits on average`
  return [...packed]
    .sort((a, b) => urgency(b) - urgency(a))
    .flatMap((choice): Edit[] => {
      const cost = (MANY - FEW) * weightCount(choice.node)
      if (cost > spare) return []
      spare -= cost
      const to: Form = `${writerOf(choice.form) as 'stored' | 'blocks'}-int8`
      return [{match: {nodes: new Set([choice.node.name])}, to, because}]
    })
}
