import type {Node} from '../../ir/node.js'
import {replaceNode} from './replace-node.js'

/** Scatter 11 is called ScatterElements. */
export function scatterToScatterElements(node: Node): boolean {
  replaceNode(node, {opType: 'ScatterElements'})
  return true
}

/** GridSample 20: the modes got names that fit any number of axes. */
export function renameGridModes(node: Node): boolean {
  const names: Readonly<Record<string, string>> = {bilinear: 'linear', bicubic: 'cubic'}
  const renamed = names[node.string('mode', 'bilinear')]
  if (renamed) node.set('mode', renamed)
  return renamed !== undefined
}
