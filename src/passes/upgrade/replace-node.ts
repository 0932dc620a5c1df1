import type {AttributeLike} from '../../ir/attribute.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'

interface Replacement {
  readonly opType: string
  readonly inputs?: readonly (Value | undefined)[]
  /** In place of the old node's attributes. */
  readonly attributes?: Readonly<Record<string, AttributeLike>>
}

/** Puts another operator in a node's place. Its name, outputs and, unless given, inputs and attributes stay. */
export function replaceNode(node: Node, {opType, inputs, attributes}: Replacement): Node {
  const {graph, name, namedInFile} = node
  graph.names.releaseNode(name)
  const replacement = graph.insertBefore(node, {
    opType,
    domain: node.domain,
    ...(namedInFile && {name}),
    inputs: inputs ?? node.inputs,
    outputs: 0,
    attributes: attributes ?? Object.fromEntries(node.attributes),
  })
  node.outputs.forEach((value, index) => {
    if (value) graph.moveOutput(value, replacement, index)
  })
  node.attributes.clear()
  graph.remove(node)
  // the old node gave the name free on leaving
  if (namedInFile) graph.names.nodeName(name, opType)
  replacement.wire = node.wire
  return replacement
}
