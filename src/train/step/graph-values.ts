import {UsageError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'

/** An output of the original by its name, the first for undefined. @throws UsageError for an unknown one. */
export function chooseOutput(outputs: ReadonlyMap<string, Value>, wanted: string | undefined): Value {
  const names = [...outputs.keys()]
  const output = outputs.get(wanted ?? names[0] ?? '')
  if (output) return output
  throw new UsageError(`output '${wanted ?? ''}': the model has no such output`, {
    hint: `Its outputs: ${names.join(', ')}`,
  })
}

/** An output, or a value inside. @throws UsageError when there is neither. */
export function chooseValue(graph: Graph, outputs: ReadonlyMap<string, Value>, wanted: string | undefined): Value {
  const inside = graph.nodes().flatMap((node) => node.outputs)
  return (
    inside.find((value) => value && !outputs.has(value.name) && value.name === wanted) ?? chooseOutput(outputs, wanted)
  )
}

/** What only other outputs need. @param kept a value that nobody uses yet. */
export function removeUnused(graph: Graph, kept?: Value): void {
  for (const node of graph.nodes().reverse()) {
    if (node.outputs.every((value) => !value || (value !== kept && value.uses.size === 0))) graph.remove(node)
  }
  for (const value of graph.constants()) if (value.uses.size === 0) graph.removeConstant(value)
}

/** The input has the name and the readers that the constant had. */
export function becomeInput(graph: Graph, constant: Value): void {
  const input = graph.addInput(constant.name, constant.type)
  graph.replaceUses(constant, input)
  graph.removeConstant(constant)
  // the constant's name went with it: the input has it now
  graph.names.claim(input.name)
}
