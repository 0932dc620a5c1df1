import type {Graph} from '../../ir/graph.js'
import type {ValueType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import type {InferContext} from '../op-spec.js'
import {commonType} from './common-type.js'

/** Each round forgets at least one size of one value, so few are needed; a body that needs more stays unknown. */
const MAX_ROUNDS = 16

/**
 * Types that hold in every round of a loop: what a carried value is before and after, widened until nothing changes.
 * What one round inferred is taken back before the next, or sizes of the first round would pass for those of all.
 *
 * @param states the body's inputs, their types set to what enters the loop.
 * @param results the body's outputs that become those inputs in the next round.
 */
export function settle(ctx: InferContext, body: Graph, states: readonly Value[], results: readonly Value[]): void {
  const stated = typesIn(body)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    ctx.inferGraph(body)
    const widened = states.map((state, index) => commonType(state.type, results[index]?.type))
    if (states.every((state, index) => isSameType(state.type, widened[index]))) return
    restore(stated)
    states.forEach((state, index) => {
      state.type = widened[index]
    })
  }
  for (const state of states) state.type = undefined
  ctx.inferGraph(body)
}

/** What the file states of the values computed in a body, before anything is inferred. */
function typesIn(body: Graph): Map<Value, ValueType | undefined> {
  const values = body
    .allNodes()
    .flatMap((node) => [...node.outputs, ...node.subgraphs.flatMap((graph) => graph.inputs)])
  return new Map(values.flatMap((value) => (value ? [[value, value.type] as const] : [])))
}

function restore(stated: ReadonlyMap<Value, ValueType | undefined>): void {
  for (const [value, type] of stated) value.type = type
}

function isSameType(a: ValueType | undefined, b: ValueType | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
