import {dtypeCode} from '../../../ir/dtype.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'

/** A constant that a file keeps in 16 bits and turns into floats wherever it is read. */
export interface StoredHalf {
  readonly value: Value
  /** The nodes that read it. */
  readonly casts: readonly Node[]
}

/** Finds the constants of a graph that stand as `Cast(float16)`; those that anyone reads as they are compute in 16 bits. */
export function storedHalves(graph: Graph): StoredHalf[] {
  return graph.constants().flatMap((value) => {
    const casts = value.consumers
    const isStored =
      value.constant?.dtype === 'float16' && !value.isOutput && casts.length > 0 && casts.every(isUnpacking)
    return isStored ? [{value, casts}] : []
  })
}

function isUnpacking(node: Node): boolean {
  return node.domain === '' && node.opType === 'Cast' && node.int('to', 0) === dtypeCode('float32')
}
