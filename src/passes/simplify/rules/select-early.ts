import {axisFromStart} from '../../../ir/axis-from-start.js'
import type {Node} from '../../../ir/node.js'
import {int64, readNumbers, scalar} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {type Route, selectionRoute} from '../patterns/selection-route.js'

/**
 * A Gather of one position moves in front of what computed all of them: `f(x)[i]` becomes `f(x[i])`, as far up as nobody else reads the
 * others. A classifier that reads the first token of an encoder then computes that token alone in the last layer.
 */
export const selectEarly: Pass = nodeRule({name: 'select-early', types: ['Gather'], attempt})

function attempt(gather: Node): Outcome {
  const [, indices] = gather.inputs
  const tensor = indices?.constant
  if (!tensor || tensor.dtype === 'string' || readNumbers(tensor).length !== 1) return undefined
  // one constant for all
  const keepsAxis = tensor.shape.length === 1
  const selections = new Selections(
    keepsAxis ? indices : gather.graph.constant(int64(readNumbers(tensor)), indices.name),
  )
  const pending = [gather]
  let moves = 0
  for (const one of pending) {
    const more = one.graph.has(one) ? moveAhead(one, selections) : undefined
    if (!more) continue
    moves++
    pending.push(...more)
  }
  if (selections.position.uses.size === 0) gather.graph.removeConstant(selections.position)
  return moves > 0 ? DONE : undefined
}

/** The Gathers that one selection has become: one per value and axis, right behind the value. */
class Selections {
  readonly #made = new Map<Value, Map<number, Node>>()

  constructor(readonly position: Value) {}

  /** A new one, or the one there is. */
  of(input: Value, axis: number, reader: Node): Node {
    const known = this.#made.get(input)?.get(axis)
    if (known) return known
    const {graph} = reader
    const parts = {opType: 'Gather', inputs: [input, this.position], attributes: {axis}}
    const {producer} = input
    const made = producer?.graph === graph ? graph.insertAfter(producer, parts) : graph.insertBefore(reader, parts)
    this.#made.set(input, (this.#made.get(input) ?? new Map()).set(axis, made))
    return made
  }
}

/** @returns the Gathers that took the place of this one; undefined when it stays where it is. */
function moveAhead(gather: Node, selections: Selections): Node[] | undefined {
  const [data] = gather.inputs
  const rank = shapeOf(data)?.length
  const maker = data?.producer
  if (!data || !maker || rank === undefined || maker.graph !== gather.graph) return undefined
  const axis = axisFromStart(gather.int('axis', 0), rank)
  if (shapeOf(data)?.[axis] === 1 || data.uses.size !== 1 || data.isOutput) return undefined
  const route = maker.outputs.filter(Boolean).length === 1 ? selectionRoute(maker, axis) : undefined
  if (!route) return undefined
  const made = select(maker, route, selections)
  takeResult(gather, maker, axis)
  return made
}

/** The node computes one position only. It stays the node it is, under its name. */
function select(maker: Node, route: Route, selections: Selections): Node[] {
  return [...route.entries()].flatMap(([slot, axis]) => {
    const input = maker.inputs[slot]
    if (!input || axis === undefined) return []
    const gather = selections.of(input, axis, maker)
    maker.graph.setInput(maker, slot, gather.outputs[0])
    return [gather]
  })
}

function takeResult(gather: Node, maker: Node, axis: number): void {
  const {graph} = gather
  const result = gather.outputs[0] as Value
  graph.setInput(gather, 0, undefined)
  if (gather.inputs[1]?.constant?.shape.length === 1) {
    graph.moveOutput(result, maker, 0)
    graph.remove(gather)
    return
  }
  // up to here the axis is there, of size 1
  const kept = graph.newValue(graph.names.fresh(`${result.name}_kept`))
  graph.moveOutput(kept, maker, 0)
  graph.setInput(gather, 0, kept)
  graph.setInput(gather, 1, graph.constant(scalar('int64', 0), 'first'))
  gather.set('axis', axis)
}
