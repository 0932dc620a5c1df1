import {fromFloat16, toFloat16} from '../ir/float16.js'
import type {Graph} from '../ir/graph.js'
import {elementCount, readFloat32Slices} from '../ir/tensor.js'

/** Fewer elements say nothing of where a file comes from. */
const WEIGHT = 128

/** Whether every float32 weight of a graph is a float16 number already, as those of many mobile exports are: 16 bits then lose nothing. */
export function holdsHalves(graph: Graph): boolean {
  const weights = [graph, ...graph.allNodes().flatMap(({subgraphs}) => subgraphs)]
    .flatMap((scope) => scope.constants())
    .flatMap(({constant}) =>
      constant?.dtype === 'float32' && elementCount(constant.shape) >= WEIGHT ? [constant] : [],
    )
  return weights.length > 0 && weights.every((tensor) => everySlice(readFloat32Slices(tensor)))
}

/** Stops at the first number that is none. */
function everySlice(slices: Iterable<Float32Array>): boolean {
  for (const slice of slices) if (!slice.every((value) => fromFloat16(toFloat16(value)) === value)) return false
  return true
}
