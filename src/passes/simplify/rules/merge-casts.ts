import {BITS, DTYPE_BY_CODE, type DType} from '../../../ir/dtype.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {dtypeOf} from '../../../ops/operand.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'

/** Cast after Cast becomes one, when the first loses nothing: int32 to int64 to float is int32 to float. */
export const mergeCasts: Pass = nodeRule({name: 'merge-casts', types: ['Cast'], attempt})

function attempt(node: Node): Outcome {
  const first = node.inputs[0]?.producer
  const origin = first?.inputs[0]
  if (first?.opType !== 'Cast' || first.domain !== '' || !origin) return undefined
  const [from, via] = [dtypeOf(origin), DTYPE_BY_CODE[first.int('to', 0)]]
  const to = DTYPE_BY_CODE[node.int('to', 0)]
  if (!from || !via || !to || to === 'string') return undefined
  if (!keepsEverything(from, via)) return `the Cast before it, from ${from} to ${via}, rounds`
  node.graph.setInput(node, 0, origin)
  removeUnused(first.outputs[0] as Value)
  return DONE
}

/** Bits of a float's significand, the hidden one included: integers up to that many bits are exact. */
const SIGNIFICAND: Partial<Record<DType, number>> = {float16: 11, bfloat16: 8, float32: 24, float64: 53}
/** Integer types: bits of magnitude. */
const MAGNITUDE: Partial<Record<DType, number>> = {
  ...{bool: 1, uint4: 4, int4: 3, uint8: 8, int8: 7, uint16: 16, int16: 15},
  ...{uint32: 32, int32: 31, uint64: 64, int64: 63},
}

/** Whether every value of `from` has an exact counterpart in `to`. */
export function keepsEverything(from: DType, to: DType): boolean {
  if (from === to) return true
  const [integer, otherInteger] = [MAGNITUDE[from], MAGNITUDE[to]]
  const [float, otherFloat] = [SIGNIFICAND[from], SIGNIFICAND[to]]
  if (integer !== undefined && otherInteger !== undefined) {
    return to !== 'bool' && otherInteger >= integer && (!isSigned(from) || isSigned(to))
  }
  if (integer !== undefined && otherFloat !== undefined)
    return integer <= otherFloat && !(to === 'float16' && integer > 11)
  if (float === undefined || otherFloat === undefined || BITS[to] < BITS[from]) return false
  return otherFloat >= float && to !== 'float16' && to !== 'bfloat16'
}

function isSigned(dtype: DType): boolean {
  return dtype.startsWith('int')
}

/** The node that computed a value nobody reads any more. */
function removeUnused(value: Value): void {
  const {producer} = value
  if (producer && value.uses.size === 0) producer.graph.remove(producer)
}
