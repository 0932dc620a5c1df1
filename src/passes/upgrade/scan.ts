import {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {tensorType, type ValueType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {replaceNode} from './replace-node.js'
import {notUpgradable} from './upgrade.js'

/** Scan 9: the batch, until then axis 0 of everything, is gone: a Scan over the batch, around one over the sequence, does the same. */
export function scanBatches(node: Node): boolean {
  const [lengths, ...operands] = node.inputs as [Value | undefined, ...Value[]]
  const body = node.subgraph('body')
  if (lengths) throw notUpgradable(node, 'its sequences have lengths of their own, which opset 9 took back')
  if (!body) throw notUpgradable(node, 'it has no body')
  const batch = new Graph(`${body.name}_of_batch`, node.graph)
  const inputs = operands.map((value) =>
    batch.addInput(batch.names.fresh(`${value.name}_of_batch`), typeOfElement(value.type)),
  )
  const directions = node.ints('directions', undefined)
  const scan = batch.append({
    opType: 'Scan',
    inputs,
    outputs: node.outputs.length,
    attributes: {
      body,
      num_scan_inputs: node.int('num_scan_inputs', 1),
      ...(directions && {scan_input_directions: directions}),
    },
  })
  for (const value of scan.outputs) if (value) batch.addOutput(value)
  replaceNode(node, {
    opType: 'Scan',
    inputs: operands,
    attributes: {body: batch, num_scan_inputs: operands.length},
  })
  return true
}

function typeOfElement(type: ValueType | undefined): ValueType | undefined {
  return type?.kind === 'tensor' ? tensorType(type.dtype, type.shape?.slice(1)) : undefined
}
