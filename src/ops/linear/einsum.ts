import {ShapeError} from '../../errors.js'
import {conflict, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operandOf} from '../operand.js'
import {NO_GRADIENT_YET, NO_INTEGER_KERNEL, NO_TIES_YET} from '../slots.js'

/** Einsum: sums of products as Einstein writes them; the ellipsis is left unknown. ONNX Einsum-12. */
export const einsum: OpSpec = {
  type: 'Einsum',
  sinceOpset: 12,
  infer: inferEinsum,
  parameters: NO_PARAMETERS,
  gradient: NO_GRADIENT_YET,
  quantize: NO_INTEGER_KERNEL,
  prune: NO_TIES_YET,
  macs: (node) => product(lettersOf(node)?.sizes),
}

function inferEinsum(node: Node): readonly Inferred[] {
  const dtype = operandOf(node.inputs[0]).dtype
  const letters = lettersOf(node)
  return [{dtype, shape: letters && [...letters.output].map((letter) => letters.sizes.get(letter))}]
}

/** The size of every letter, and the letters of the output; undefined with an ellipsis. @throws ShapeError when sizes of one letter differ. */
function lettersOf(node: Node): {sizes: Map<string, Dim>; output: string} | undefined {
  const equation = node.string('equation', '').replaceAll(' ', '')
  const [left = '', right] = equation.split('->')
  if (equation.includes('.')) return undefined
  const sizes = new Map<string, Dim>()
  left.split(',').forEach((term, index) => {
    const shape = operandOf(node.inputs[index]).shape
    if (shape && shape.length !== term.length) {
      throw new ShapeError(node, {expected: `rank ${term.length} for '${term}'`, got: `${shape.length}`})
    }
    ;[...term].forEach((letter, axis) => {
      sizes.set(letter, sharedSize(node, letter, sizes.get(letter), shape?.[axis]))
    })
  })
  return {sizes, output: right ?? implicitOutput(left)}
}

/** Sizes of 1 stretch. */
function sharedSize(node: Node, letter: string, a: Dim, b: Dim): Dim {
  if (a === undefined || a === 1) return b ?? a
  if (b !== undefined && b !== 1 && conflict(a, b))
    throw new ShapeError(node, {expected: `${letter} to be ${a}`, got: `${b}`})
  return a
}

/** Letters that appear once, in alphabetical order. */
function implicitOutput(left: string): string {
  const letters = [...left.replaceAll(',', '')]
  return letters
    .filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter))
    .sort()
    .join('')
}

function product(sizes: ReadonlyMap<string, Dim> | undefined): number | undefined {
  if (!sizes) return undefined
  let result = 1
  for (const size of sizes.values()) {
    if (typeof size !== 'number') return undefined
    result *= size
  }
  return result
}
