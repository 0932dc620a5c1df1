import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {isClose, numberOf, numberOperation} from './number-operand.js'

/** `0.5·x·(1 + erf(x/√2))`, or its approximation `0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`, as separate nodes. */
export interface GeluPattern {
  readonly data: Value
  readonly approximate: 'none' | 'tanh'
}

const CUBIC = 0.044715

/** The pattern whose last multiplication or division is this node; undefined when it is none. */
export function geluPattern(last: Node): GeluPattern | undefined {
  const result = last.outputs[0]
  const whole = result && termOf(result, true)
  if (!whole || !isClose(whole.number, 0.5) || whole.factors.length !== 2) return undefined
  for (const gate of whole.factors) {
    const data = whole.factors.find((value) => value !== gate)
    const approximate = data && gateOf(gate, data)
    if (approximate) return {data, approximate}
  }
  return undefined
}

/** `number · factor · factor …`: a tree of multiplications taken apart. */
interface Term {
  readonly number: number
  readonly factors: readonly Value[]
}

/** Takes apart what only this term reads; `isRoot`: the value itself may have any readers. */
function termOf(value: Value, isRoot = false): Term {
  const whole = {number: 1, factors: [value]}
  const node = value.producer
  if (node?.domain !== '' || (!isRoot && value.uses.size !== 1)) return whole
  if (node.opType === 'Pow') return powerOf(node) ?? whole
  const scaled = numberOperation(node)
  if (node.opType === 'Div' && scaled?.slot === 0) return scale(termOf(scaled.data), 1 / scaled.number)
  if (node.opType !== 'Mul') return whole
  if (scaled) return scale(termOf(scaled.data), scaled.number)
  const [left, right] = node.inputs as [Value, Value]
  if (left === right) return {number: 1, factors: [left, right]}
  const [a, b] = [termOf(left), termOf(right)]
  return {number: a.number * b.number, factors: [...a.factors, ...b.factors]}
}

function powerOf(node: Node): Term | undefined {
  const exponent = numberOf(node.inputs[1])
  const [base] = node.inputs
  return base && (exponent === 2 || exponent === 3)
    ? {number: 1, factors: new Array<Value>(exponent).fill(base)}
    : undefined
}

function scale({number, factors}: Term, by: number): Term {
  return {number: number * by, factors}
}

/** Which `1 + f(x)` a value is. */
function gateOf(gate: Value, data: Value): GeluPattern['approximate'] | undefined {
  const sum = gate.uses.size === 1 && gate.producer?.opType === 'Add' ? numberOperation(gate.producer) : undefined
  const curve = sum?.number === 1 ? sum.data.producer : undefined
  const inner = curve?.inputs[0]
  if (!sum || !inner || sum.data.uses.size !== 1) return undefined
  if (curve.opType === 'Erf') return isTimes(termOf(inner), Math.SQRT1_2, data) ? 'none' : undefined
  return curve.opType === 'Tanh' && isCubic(termOf(inner), data) ? 'tanh' : undefined
}

function isTimes(term: Term, number: number, data: Value): boolean {
  return isClose(term.number, number) && term.factors.length === 1 && term.factors[0] === data
}

/** `√(2/π)·(x + 0.044715·x³)` or `√(2/π)·x·(1 + 0.044715·x²)`. */
function isCubic({number, factors}: Term, data: Value): boolean {
  if (!isClose(number, Math.sqrt(2 / Math.PI))) return false
  const inner = factors.find((value) => value !== data)
  const add = inner?.uses.size === 1 && inner.producer?.opType === 'Add' ? inner.producer : undefined
  if (!add || factors.length > 2) return false
  const isFactored = factors.length === 2
  const start = add.inputs.find((value) => (isFactored ? numberOf(value) === 1 : value === data))
  const rest = add.inputs.find((value) => value !== start)
  const term = rest && termOf(rest)
  const degree = isFactored ? 2 : 3
  return start !== undefined && term !== undefined && isClose(term.number, CUBIC) && isPower(term.factors, degree, data)
}

/** Whether factors multiply to `data` to a power; a power of it may be shared, and is then no tree of its own. */
function isPower(factors: readonly Value[], degree: number, data: Value): boolean {
  return factors.length === degree && factors.every((value) => value === data)
}
