import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {knownCount} from '../count.js'
import {matMul, matMulShape, tieProduct} from '../linear/matmul.js'
import {type AxisTie, refuse} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {FUSED_FORM} from '../slots.js'
import {inMicrosoftDomain} from './contrib.js'

/** FusedMatMul: alpha · A' · B', either transposed in its last two axes, or by its batch axes too. */
export const fusedMatMul = inMicrosoftDomain({
  ...matMul,
  type: 'FusedMatMul',
  gradient: FUSED_FORM,
  infer(node) {
    const [a, b] = [operand(node, 0), operand(node, 1)]
    return [{dtype: a.dtype, shape: matMulShape(node, turned(node, a.shape, 'A'), turned(node, b.shape, 'B'))}]
  },
  quantize: refuse('ONNX Runtime fuses integer products from MatMul only'),
  prune: tieFused,
  macs(node) {
    const [outputs, inner] = [knownCount(node.outputs[0]), turned(node, shapeOf(node.inputs[0]), 'A')?.at(-1)]
    return outputs === undefined || typeof inner !== 'number' ? undefined : outputs * inner
  },
})

/** TransposeMatMul: the name FusedMatMul had first. */
export const transposeMatMul = {...fusedMatMul, type: 'TransposeMatMul'}

/** transBatch moves the first axis behind the other batch axes; trans swaps the last two. */
function turned(node: Node, shape: Shape | undefined, side: 'A' | 'B'): Shape | undefined {
  if (!shape || shape.length < 2) return shape
  const batch = node.int(`transBatch${side}`, 0) === 1
  const moved = batch ? [...shape.slice(1, -1), ...shape.slice(0, 1), ...shape.slice(-1)] : shape
  if (node.int(`trans${side}`, 0) === 0) return moved
  return [...moved.slice(0, -2), ...moved.slice(-1), ...moved.slice(-2, -1)]
}

function tieFused(node: Node): AxisTie[] {
  if (node.int('transBatchA', 0) === 1 || node.int('transBatchB', 0) === 1) return []
  return tieProduct(node, [node.int('transA', 0) === 1, node.int('transB', 0) === 1])
}
