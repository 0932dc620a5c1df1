import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'

/**
 * Why the readers of `from` cannot read `to` instead. The outputs of a graph keep their names, so `to` has to take the name over,
 * which an input, a constant, or another output cannot.
 */
export function whyNotRedirect(from: Value, to: Value): string | undefined {
  if (!from.isOutput) return undefined
  const canRename = to.graph === from.graph && to.producer !== undefined && !to.isOutput
  return canRename ? undefined : 'it names a graph output'
}

/**
 * Every reader of `from` reads `to`. Where `from` is a graph output, the producer of `to` takes its name instead, and the old producer
 * of `from` must be removed by the caller. Mutates the graph.
 *
 * @returns the one of the two that lives on.
 */
export function redirect(from: Value, to: Value): Value {
  const {producer} = to
  if (!from.isOutput || !producer) {
    from.graph.replaceUses(from, to)
    return to
  }
  to.graph.replaceUses(to, from)
  to.graph.moveOutput(from, producer, producer.outputs.indexOf(to))
  return from
}

/** Makes `results` stand for the outputs of a node that is about to go; through an Identity where a graph output must keep its name. */
export function takeOver(node: Node, results: readonly Value[]): void {
  const survivors = new Map<Value, Value>()
  node.outputs.forEach((value, slot) => {
    const result = results[slot]
    if (!value || !result) return
    const current = survivors.get(result) ?? result
    if (whyNotRedirect(value, current) === undefined) survivors.set(result, redirect(value, current))
    else node.graph.moveOutput(value, node.graph.insertBefore(node, identityOf(current)), 0)
  })
}

function identityOf(value: Value) {
  return {opType: 'Identity', inputs: [value], outputs: 0}
}

/** Takes a node out whose output `slot` is the same as one of its inputs. @returns a reason when it has to stay. */
export function bypass(node: Node, input: Value, slot = 0): string | undefined {
  const output = node.outputs[slot] as Value
  const reason = whyNotRedirect(output, input)
  if (reason) return reason
  redirect(output, input)
  for (let index = 0; index < node.inputs.length; index++) node.graph.setInput(node, index, undefined)
  node.graph.remove(node)
  return undefined
}
