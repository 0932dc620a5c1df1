import {floorDivDims, mulDims} from '../../ir/dim.js'
import {dtypeCode} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {AxisTie, GradientRule} from '../op-spec.js'
import {operand} from '../operand.js'
import {sizeOf, tieRuns} from '../ties.js'
import {movement} from './move.js'

/** SpaceToDepth knows one of the two orders of channels; the other goes by position. */
const depthToSpaceGradient: GradientRule = (build, node, gradients) => {
  const [d] = gradients
  if (d && node.string('mode', 'DCR') === 'DCR') {
    return [build.op('SpaceToDepth', [d], {blocksize: node.int('blocksize', 1)})]
  }
  const positions = depthToSpacePositions(build, node)
  return d ? [build.scatterBack(d, positions, node.inputs[0] as Value)] : []
}

/** DepthToSpace takes floats only: positions up to 2^53 go through it as float64. */
function depthToSpacePositions(build: GradientBuilder, node: Node): Value {
  const wide = build.op('Cast', [build.positions(node.inputs[0] as Value)], {to: dtypeCode('float64')})
  return build.op('Cast', [build.again(node, [wide])], {to: dtypeCode('int64')})
}

/** Blocks of b·b channels become b × b positions, and back. ONNX DepthToSpace-1, 11, 13; SpaceToDepth-1, 13. */
export const depthToSpace = movement({
  type: 'DepthToSpace',
  sinceOpset: 1,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    const block = node.int('blocksize', 1)
    if (!shape) return [{dtype, shape}]
    const [n, c, h, w] = shape
    return [{dtype, shape: [n, floorDivDims(c, block * block), mulDims(h, block), mulDims(w, block)]}]
  },
  gradient: depthToSpaceGradient,
  prune: tieDepth,
})

export const spaceToDepth = movement({
  type: 'SpaceToDepth',
  sinceOpset: 1,
  infer(node) {
    const {dtype, shape} = operand(node, 0)
    const block = node.int('blocksize', 1)
    if (!shape) return [{dtype, shape}]
    const [n, c, h, w] = shape
    return [{dtype, shape: [n, mulDims(c, block * block), floorDivDims(h, block), floorDivDims(w, block)]}]
  },
  gradient: (build, node, [d]) => (d ? [build.op('DepthToSpace', [d], {blocksize: node.int('blocksize', 1)})] : []),
  prune: tieSpace,
})

/** Channel c of the output is spread over block² channels of the input: one in each block, or side by side (CRD). */
function tieDepth(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const block = node.int('blocksize', 1) ** 2
  const place = node.string('mode', 'DCR') === 'CRD' ? {each: block} : {copies: block}
  return tieRuns(sizeOf(y, 1), [
    {value: x, axis: 1, ...place},
    {value: y, axis: 1},
  ])
}

function tieSpace(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  return tieRuns(sizeOf(x, 1), [
    {value: x, axis: 1},
    {value: y, axis: 1, copies: node.int('blocksize', 1) ** 2},
  ])
}
