import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import {type AxisGroup, axisGroup} from '../../groups/axis-group.js'
import type {Change, Pass, PassReport, Skip} from '../../pass.js'
import {channelLayout} from '../numbers/channel-layout.js'

/** Channels one vector instruction of ONNX Runtime's integer depthwise kernel takes; a rest is done one by one, twice as slow. */
const VECTOR = 16
/** More padding than this share costs more than the vector kernel gains. */
const MOST_PADDING = 0.15

/**
 * Pads the channels of depthwise convolutions to a multiple of 16 with zeros, in every weight tied to them. The new channels
 * are read by zero weights only, so the result is the same. For integer kernels: float ones do not gain.
 */
export function padDepthwise({specOf}: {specOf: SpecOf}): Pass {
  return {name: 'pad-depthwise', run: (graph) => run(graph, specOf)}
}

function run(graph: Graph, specOf: SpecOf): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  for (const node of graph.nodes()) {
    const channels = depthwiseChannels(node)
    const output = node.outputs[0]
    if (channels === undefined || channels % VECTOR === 0 || !output) continue
    const padded = Math.ceil(channels / VECTOR) * VECTOR
    const group = axisGroup(graph, {value: output, axis: 1}, specOf)
    const reason = group.blocked ?? whyNot(group, channels, padded)
    if (reason) {
      skipped.push({node: node.name, op: node.opType, reason: `its ${channels} channels stay as they are: ${reason}`})
      continue
    }
    pad(group, padded)
    changed.push({rule: 'pad-depthwise', node: node.name, op: node.opType, from: `${channels}`, to: `${padded}`})
  }
  return {changed, skipped}
}

/** The channels of a depthwise Conv, one filter each; undefined for other nodes. */
function depthwiseChannels(node: Node): number | undefined {
  const shape = node.inputs[1]?.constant?.shape
  const [channels, perGroup] = shape ?? []
  if (node.opType !== 'Conv' || node.domain !== '' || channels === undefined || perGroup !== 1) return undefined
  return channels > 1 && node.int('group', 1) === channels ? channels : undefined
}

function whyNot({constants, activations}: AxisGroup, channels: number, padded: number): string | undefined {
  if ((padded - channels) / channels > MOST_PADDING) return 'padding would cost more than it gains'
  for (const {node, index, axis} of constants) {
    const tensor = node.inputs[index]?.constant
    if (tensor?.dtype !== 'float32') return `'${node.inputs[index]?.name}' is not float32`
    if (tensor.shape[axis] !== channels) return `'${node.inputs[index]?.name}' has another size`
  }
  const other = activations.find(({value, axis}) => sizeOf(value, axis) !== channels)
  return other && `'${other.value.name}' has another size`
}

function sizeOf(value: Value, axis: number): unknown {
  return value.type?.kind === 'tensor' ? value.type.shape?.[axis] : undefined
}

function pad({constants, activations, nodes}: AxisGroup, size: number): void {
  for (const {node, index, axis} of constants) {
    const value = node.inputs[index] as Value
    const tensor = value.constant as Tensor
    node.graph.setInput(node, index, node.graph.constant(paddedTensor(tensor, axis, size), value.name))
    if (value.uses.size === 0) value.graph.removeConstant(value)
  }
  for (const node of nodes) if (depthwiseChannels(node) === undefined && isGrouped(node)) node.set('group', size)
  for (const {value, axis} of activations) {
    if (value.type?.kind === 'tensor' && value.type.shape) {
      value.type = {...value.type, shape: value.type.shape.with(axis, size)}
    }
  }
}

/** A depthwise Conv whose weight is padded already and whose `group` is not. */
function isGrouped(node: Node): boolean {
  return node.opType === 'Conv' && node.int('group', 1) > 1
}

/** The tensor with zeros behind the last index of an axis; computed when read. */
function paddedTensor(tensor: Tensor, axis: number, size: number): Tensor {
  const {outer, channels, inner} = channelLayout(tensor.shape, axis)
  return derivedTensor('float32', tensor.shape.with(axis, size), () => {
    const source = readFloat32(tensor)
    const target = new Float32Array(outer * size * inner)
    for (let o = 0; o < outer; o++) {
      target.set(source.subarray(o * channels * inner, (o + 1) * channels * inner), o * size * inner)
    }
    return target
  })
}
