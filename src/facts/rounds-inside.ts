import type {Graph} from '../ir/graph.js'

/** Whether activations are rounded to integers while the model runs: kernels that do so in another order give other results. */
export function roundsInside(graph: Graph): boolean {
  return graph.allNodes().some(({opType}) => /Quantize|QLinear|Integer|QGemm|QAttention/.test(opType))
}
