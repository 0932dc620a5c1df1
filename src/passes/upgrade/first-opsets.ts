import {GraphBuilder} from '../../ir/build.js'
import {DTYPE_BY_CODE} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {dropConsumedInputs} from './drop-attributes.js'
import {intsToInput} from './ints-to-input.js'
import {setDefault} from './set-default.js'
import {notUpgradable} from './upgrade.js'

/** Cast 6: the element type, until then a name, became its number. */
export function castToCode(node: Node): boolean {
  const name = node.string('to', '').toLowerCase()
  const spelling: Readonly<Record<string, string>> = {float: 'float32', double: 'float64'}
  const code = DTYPE_BY_CODE.findIndex((dtype) => dtype === (spelling[name] ?? name))
  if (code < 1) throw notUpgradable(node, `'${name}' names no element type`)
  node.set('to', code)
  return true
}

/** Reshape 5: the shape became an input. */
export function shapeToInput(node: Node): boolean {
  dropConsumedInputs(node)
  if (!node.attributes.has('shape')) throw notUpgradable(node, 'it does not say which shape')
  // a scalar's shape is the empty list
  if (node.ints('shape', []).length === 0) node.graph.setInput(node, 1, new GraphBuilder(node.graph).ints([]))
  else intsToInput('shape', 1)(node)
  node.attributes.delete('shape')
  return true
}

/** LpPool and GlobalLpPool 2: the exponent became an integer. */
export function integerExponent(node: Node): boolean {
  const exponent = node.float('p', undefined)
  if (exponent === undefined) return false
  if (!Number.isInteger(exponent)) throw notUpgradable(node, `its exponent ${exponent} is no integer`)
  node.set('p', exponent)
  return true
}

/** Selu 6: more digits in the defaults. */
export function seluConstants(node: Node): boolean {
  dropConsumedInputs(node)
  const alpha = setDefault('alpha', {type: 'float', value: 1.6732000112533569})(node)
  const gamma = setDefault('gamma', {type: 'float', value: 1.0506999492645264})(node)
  return alpha || gamma
}
