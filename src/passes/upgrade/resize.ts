import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {elementCount, float32, readNumbers} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {replaceNode} from './replace-node.js'
import {notUpgradable} from './upgrade.js'

/** Upsample 7: one factor per axis, in place of height and width, and `bilinear` is called `linear`. */
export function scalesPerAxis(node: Node): boolean {
  const [height, width] = [node.float('height_scale', 1), node.float('width_scale', 1)]
  node.set('scales', {type: 'floats', value: [1, 1, height, width]})
  if (node.string('mode', 'nearest') === 'bilinear') node.set('mode', 'linear')
  node.attributes.delete('height_scale')
  return node.attributes.delete('width_scale')
}

/** Upsample 9: `scales` became an input. */
export function scalesToInput(node: Node): boolean {
  const scales = float32(node.floats('scales', []))
  node.graph.setInput(node, 1, new GraphBuilder(node.graph).constant(scales, `${node.name}_scales`))
  return node.attributes.delete('scales')
}

/** Upsample ends with 9; Resize 10 is the same operator, for shrinking too. */
export function upsampleToResize(node: Node): boolean {
  replaceNode(node, {opType: 'Resize'})
  return true
}

/**
 * Resize 11: the rules of coordinates and rounding, fixed before, became attributes with other defaults, and `scales` moved behind
 * the new input `roi`. Up to 10 ONNX Runtime takes the source coordinate `x / scale`, rounded down when growing and up when shrinking
 * (its `NearestMode::SIMPLE`); scales that are computed are taken to grow.
 */
export function nameCoordinates(node: Node): boolean {
  const [, scales] = node.inputs
  const nearest = node.string('mode', 'nearest') === 'nearest'
  const rounding = nearest ? roundingOf(node, scales) : undefined
  node.set('coordinate_transformation_mode', 'asymmetric')
  if (rounding) node.set('nearest_mode', rounding)
  node.graph.setInput(node, 2, scales)
  node.graph.setInput(node, 1, new GraphBuilder(node.graph).floats([], [0], `${node.name}_roi`))
  return true
}

function roundingOf(node: Node, scales: Value | undefined): 'floor' | 'ceil' {
  const factors = scales?.constant ? readNumbers(scales.constant) : []
  const shrinks = factors.some((factor) => factor < 1)
  if (shrinks && factors.some((factor) => factor > 1)) {
    throw notUpgradable(node, 'it grows one axis and shrinks another, which up to opset 10 are rounded differently')
  }
  return shrinks ? 'ceil' : 'floor'
}

/** Resize 13: what is not used is left out instead of empty, and the mode `tf_half_pixel_for_nn` is gone. */
export function leaveOutEmpty(node: Node): boolean {
  const renamed = renameNearestRule(node)
  const empty = [1, 2].filter((slot) => isEmpty(node.inputs[slot]))
  for (const slot of empty) dropInput(node, slot)
  return renamed || empty.length > 0
}

/** `tf_half_pixel_for_nn` lies half a pixel above `half_pixel`: another rounding makes up for it, `floor(x + ½)` or `ceil(x + ½ - ½)`. */
function renameNearestRule(node: Node): boolean {
  const mode = node.string('coordinate_transformation_mode', 'half_pixel')
  if (mode !== 'tf_half_pixel_for_nn') return false
  const equal: Readonly<Record<string, string>> = {floor: 'round_prefer_ceil', round_prefer_floor: 'ceil'}
  const rounding = equal[node.string('nearest_mode', 'round_prefer_floor')]
  if (node.string('mode', 'nearest') !== 'nearest' || !rounding) {
    throw notUpgradable(node, `the mode ${mode}, used like this, has no equal from opset 13 on`)
  }
  node.set('coordinate_transformation_mode', 'half_pixel').set('nearest_mode', rounding)
  return true
}

function isEmpty(value: Value | undefined): boolean {
  return value?.constant !== undefined && elementCount(value.constant.shape) === 0
}

function dropInput(node: Node, slot: number): void {
  const value = node.inputs[slot]
  node.graph.setInput(node, slot, undefined)
  if (value?.constant && value.uses.size === 0) value.graph.removeConstant(value)
}
