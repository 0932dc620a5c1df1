import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import type {Value} from '../../../ir/value.js'
import {dtypeOf} from '../../../ops/operand.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {normalizationPattern} from '../patterns/normalization-pattern.js'
import {haveSameShape} from '../patterns/same-shape.js'
import {uniformValue} from '../patterns/uniform-value.js'
import {bypass} from '../redirect.js'
import type {Rule} from '../rule.js'

/** The operand that changes nothing; `left`: on either side. */
const NEUTRAL: Readonly<Record<string, {value: number; left: boolean}>> = {
  Add: {value: 0, left: true},
  Sub: {value: 0, left: false},
  Mul: {value: 1, left: true},
  Div: {value: 1, left: false},
  Pow: {value: 1, left: false},
  Or: {value: 0, left: true},
  And: {value: 1, left: true},
}
/** Operators that normalize, behind which scale and offset stand. */
const ROOTS: ReadonlySet<string> = new Set(['Div', 'Mul'])
/** Before this version the second operand was aligned by an attribute. */
const BROADCASTS_BOTH_WAYS = 7

/** Removes Add 0, Sub 0, Mul 1, Div 1, Pow 1, Or false and And true, where the constant does not stretch the other operand. */
export const removeNeutralOperand: Rule = {
  name: 'remove-neutral-operand',
  create: ({opsetOf}) =>
    nodeRule({
      name: 'remove-neutral-operand',
      types: Object.keys(NEUTRAL),
      attempt: (node) => (opsetOf(node) < BROADCASTS_BOTH_WAYS ? undefined : attempt(node)),
    }),
}

function attempt(node: Node): Outcome {
  const kept = keptOperand(node)
  if (!kept) return undefined
  if (endsNormalization(node, kept)) return 'it ends a normalization, which the runtime recognizes only whole'
  const [output] = node.outputs
  if (dtypeOf(kept) !== dtypeOf(output) || !haveSameShape(kept, output))
    return 'the constant may stretch the other operand'
  return bypass(node, kept) ?? DONE
}

function keptOperand(node: Node): Value | undefined {
  const neutral = ownEntry(NEUTRAL, node.opType)
  const [left, right] = node.inputs
  if (neutral && left && uniformValue(right) === neutral.value) return left
  return neutral?.left && right && uniformValue(left) === neutral.value ? right : undefined
}

/** Whether the node is the scale of ones or the offset of zeros of a decomposed normalization: untrained models have them. */
function endsNormalization(node: Node, kept: Value): boolean {
  const before = kept.producer
  const roots = [before, ...(before?.inputs ?? []).map((value) => value?.producer)]
  return roots.some((root) => {
    const pattern = root && ROOTS.has(root.opType) ? normalizationPattern(root) : undefined
    return typeof pattern === 'object' && pattern.nodes.includes(node)
  })
}
