import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import type {AxisTie} from './op-spec.js'
import {shapeOf} from './operand.js'

/** Every axis of every input is the same axis of the first output, sizes of 1 that are stretched excepted. */
export function tieBroadcast(node: Node): AxisTie[] {
  const output = node.outputs[0]
  const rank = shapeOf(output)?.length
  if (!output || rank === undefined) return []
  return Array.from({length: rank}, (_, axis): AxisTie => {
    const inputs = node.inputs.flatMap((input) => axisOf(input, axis - rank))
    return [...inputs, [output, axis]]
  })
}

/** Axis for axis, from input 0 to output 0. */
export function tieFirst(node: Node): AxisTie[] {
  const [input, output] = [node.inputs[0], node.outputs[0]]
  const rank = shapeOf(input)?.length
  if (!input || !output || rank === undefined) return []
  return Array.from(
    {length: rank},
    (_, axis): AxisTie => [
      [input, axis],
      [output, axis],
    ],
  )
}

/** The axis counted from the end, if the value reaches that far and is not stretched there. */
function axisOf(value: Value | undefined, fromEnd: number): [Value, number][] {
  const shape = shapeOf(value)
  const axis = shape ? shape.length + fromEnd : -1
  return value && shape && axis >= 0 && shape[axis] !== 1 ? [[value, axis]] : []
}
