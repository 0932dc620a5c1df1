import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {uniformValue} from '../patterns/uniform-value.js'
import {removeUnread} from '../remove-unread.js'

/** Input slots of the states that are zeros when absent: initial_h, and initial_c of the LSTM. */
const STATES: Readonly<Record<string, readonly number[]>> = {LSTM: [5, 6], GRU: [5], RNN: [5]}

/** Leaves out initial states of LSTM, GRU and RNN that are zeros, with the arithmetic of their shape: absent means zeros. */
export const removeZeroState: Pass = nodeRule({name: 'remove-zero-state', types: Object.keys(STATES), attempt})

function attempt(node: Node): Outcome {
  const zeros = (ownEntry(STATES, node.opType) ?? []).filter((slot) => isZeros(node.inputs[slot]))
  if (zeros.length === 0) return undefined
  for (const slot of zeros) {
    const state = node.inputs[slot] as Value
    node.graph.setInput(node, slot, undefined)
    removeUnread(state)
  }
  return DONE
}

function isZeros(value: Value | undefined): boolean {
  if (value?.constant) return uniformValue(value) === 0
  const node = value?.producer
  if (node?.opType === 'Expand' && node.domain === '') return isZeros(node.inputs[0])
  if (node?.opType !== 'ConstantOfShape' || node.domain !== '') return false
  const filler = node.tensor('value')
  return !filler || (filler.dtype === 'float32' && (filler.read() as Float32Array)[0] === 0)
}
