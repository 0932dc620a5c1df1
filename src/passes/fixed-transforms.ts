import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'

/** Operators whose constants are a transform: products and sums of the input. */
const LINEAR: ReadonlySet<string> = new Set(['Conv', 'MatMul', 'Gemm'])

/** What stands between a signal and the logarithm of its power, besides. */
const BETWEEN: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'Reshape', 'Flatten', 'Transpose', 'Squeeze', 'Unsqueeze', 'Slice', 'Split', 'Concat', 'Pad'],
  ...['Gather', 'Expand', 'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Sqrt', 'Abs', 'Max', 'Min', 'Clip', 'Neg'],
  ...['ReduceSum', 'ReduceSumSquare', 'ReduceMean', 'ReduceMax', 'ReduceL2', 'If'],
])

/**
 * Layers that are none: fixed transforms of a signal, such as a Fourier transform written as a convolution and a mel filter bank, in
 * front of a Log. Nothing learned stands before them, and the logarithm makes an error relative to the loudest band one of the faintest:
 * a wake-word detector whose spectrogram was rounded to 8 bits heard 2 of 11 words at 38 dB of noise.
 *
 * @returns the nodes with the reason to leave them alone.
 */
export function fixedTransforms(graph: Graph): Map<Node, string> {
  const found = new Map<Node, string>()
  for (const log of graph.allNodes()) {
    if (log.opType !== 'Log' || log.domain !== '') continue
    for (const node of transformsBefore(log, graph) ?? []) found.set(node, `a fixed transform before Log '${log.name}'`)
  }
  return found
}

/** Layers between the inputs and a Log; undefined when anything else is there. */
function transformsBefore(log: Node, graph: Graph): Node[] | undefined {
  const nodes: Node[] = []
  const waiting: Value[] = inputsOf(log)
  const seen = new Set<Value>(waiting)
  for (let value = waiting.pop(); value; value = waiting.pop()) {
    if (value.constant || graph.inputs.includes(value)) continue
    const node = value.producer
    if (node && LINEAR.has(node.opType)) nodes.push(node)
    else if (!node || !(BETWEEN.has(node.opType) || isShape(node))) return undefined
    for (const input of inputsOf(node)) {
      if (!seen.has(input)) waiting.push(input)
      seen.add(input)
    }
  }
  return nodes
}

/** Sizes, which are no part of the signal. */
function isShape({opType}: Node): boolean {
  return opType === 'Shape' || opType === 'ConstantOfShape' || opType === 'Range'
}

function inputsOf(node: Node): Value[] {
  return node.inputs.filter((value) => value !== undefined)
}
