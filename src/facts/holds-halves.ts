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

/** Whether a graph computes in float16: a node other than a Cast gives such values. What its author ran so needs no check of ranges. */
export function computesHalves(graph: Graph): boolean {
  return graph.allNodes().some(({opType, outputs}) => {
    return (
      opType !== 'Cast' && outputs.some((value) => value?.type?.kind === 'tensor' && value.type.dtype === 'float16')
    )
  })
}

/** Stops at the first number that is none. */
function everySlice(slices: Iterable<Float32Array>): boolean {
  for (const slice of slices) if (!slice.every((value) => fromFloat16(toFloat16(value)) === value)) return false
  return true
}
