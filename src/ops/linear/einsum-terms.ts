import {ShapeError} from '../../errors.js'
import {conflict, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {broadcast} from '../broadcast.js'
import {shapeOf} from '../operand.js'

const ELLIPSIS = '...'

/** An equation with the sizes that its letters and its ellipsis stand for. */
export interface EinsumTerms {
  readonly sizes: ReadonlyMap<string, Dim>
  /** The axes behind the ellipsis, broadcast over all terms; undefined while a rank is not known. */
  readonly rest: Shape | undefined
  readonly output: string
}

/** @throws ShapeError when an input has another rank than its term, or sizes of one letter differ. */
export function einsumTerms(node: Node): EinsumTerms {
  const [left = '', right] = node.string('equation', '').replaceAll(' ', '').split('->')
  const sizes = new Map<string, Dim>()
  const rests: (Shape | undefined)[] = []
  left.split(',').forEach((term, index) => {
    const shape = shapeOf(node.inputs[index])
    const [front = '', back] = term.split(ELLIPSIS)
    const letters = [...front, ...(back ?? '')]
    checkRank(node, term, letters.length, shape)
    const middle = shape ? shape.length - letters.length : 0
    letters.forEach((letter, place) => {
      const axis = place < front.length ? place : place + middle
      sizes.set(letter, sharedSize(node, letter, sizes.get(letter), shape?.[axis]))
    })
    if (back !== undefined) rests.push(shape?.slice(front.length, front.length + middle))
  })
  return {sizes, rest: broadcast(node, rests), output: right ?? implicitOutput(left)}
}

/** The shape of the output; unknown while the ellipsis is. */
export function einsumShape({sizes, rest, output}: EinsumTerms): Shape | undefined {
  const [front = '', back] = output.split(ELLIPSIS)
  const sizesOf = (letters: string) => [...letters].map((letter) => sizes.get(letter))
  if (back === undefined) return sizesOf(front)
  return rest && [...sizesOf(front), ...rest, ...sizesOf(back)]
}

/** Which axis each letter stands for, term by term, the output last; a letter that stands twice in a term is left out. */
export function lettersOf(
  node: Node,
): {readonly value: Value | undefined; readonly letters: ReadonlyMap<string, number>}[] {
  const [left = '', right] = node.string('equation', '').replaceAll(' ', '').split('->')
  const terms = [...left.split(','), right ?? implicitOutput(left)]
  return terms.map((term, index) => {
    const value = index < terms.length - 1 ? node.inputs[index] : node.outputs[0]
    const [front = '', back = ''] = term.split(ELLIPSIS)
    const rank = shapeOf(value)?.length ?? front.length + back.length
    const places = [...front].map((letter, place) => [letter, place] as const)
    const behind = [...back].map((letter, place) => [letter, rank - back.length + place] as const)
    const once = [...places, ...behind].filter(([letter]) => term.indexOf(letter) === term.lastIndexOf(letter))
    return {value, letters: new Map(once)}
  })
}

function checkRank(node: Node, term: string, letters: number, shape: Shape | undefined): void {
  if (!shape) return
  const fits = term.includes(ELLIPSIS) ? shape.length >= letters : shape.length === letters
  if (!fits) throw new ShapeError(node, {expected: `rank ${letters} for '${term}'`, got: `${shape.length}`})
}

/** Sizes of 1 stretch. */
function sharedSize(node: Node, letter: string, a: Dim, b: Dim): Dim {
  if (a === undefined || a === 1) return b ?? a
  if (b !== undefined && b !== 1 && conflict(a, b))
    throw new ShapeError(node, {expected: `${letter} to be ${a}`, got: `${b}`})
  return a
}

/** The axes behind an ellipsis, then the letters that appear once, in alphabetical order. */
function implicitOutput(left: string): string {
  const letters = [...left.replaceAll(',', '').replaceAll('.', '')]
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort()
  return (left.includes(ELLIPSIS) ? ELLIPSIS : '') + once.join('')
}
