import {ShapeError, UsageError} from '../errors.js'
import {canonicalDim, conflict, type Dim, evaluateDim} from '../ir/dim.js'
import type {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import {tensorType} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {shapeText} from './merge-type.js'
import {operandOf} from './operand.js'

export interface BindOptions {
  /** Input name to its whole shape. */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>> | undefined
  /** Name of a free size to its value. */
  readonly dims?: Readonly<Record<string, number>> | undefined
}

/** What exporters write for a size without a name; two of them need not be equal. */
const NAMELESS: ReadonlySet<string> = new Set(['', '?', '-1', 'None', 'none', 'unknown'])

/**
 * Gives every named size in the model its number, where one is given, and writes the others canonically.
 *
 * @throws ShapeError when a shape contradicts the model's or another one; UsageError when there is no such input.
 */
export function bindSizes(model: Model, options: BindOptions): void {
  const bindings: Record<string, number> = Object.assign(Object.create(null), options.dims)
  for (const [name, shape] of Object.entries(options.inputShapes ?? {})) bindInput(model, name, shape, bindings)
  rewriteShapes(model.graph, (size) => bound(size, bindings))
}

function bindInput(model: Model, name: string, shape: readonly number[], bindings: Record<string, number>): void {
  const input = model.graph.inputs.find((value) => value.name === name)
  if (!input) {
    const names = model.graph.inputs.map((value) => value.name).join(', ')
    throw new UsageError(`input '${name}' has a shape but the model has no such input`, {
      hint: `Its inputs are: ${names}`,
    })
  }
  const {dtype, shape: declared} = operandOf(input)
  const sizes = (declared ?? shape).map((size) => bound(size, bindings))
  if (sizes.length !== shape.length || sizes.some((size, axis) => conflict(size, shape[axis]))) {
    throw new ShapeError(
      {name, opType: 'Input'},
      {expected: `a shape that fits ${shapeText(declared)}`, got: shapeText(shape)},
    )
  }
  sizes.forEach((size, axis) => {
    if (typeof size === 'string') bindings[size] = shape[axis] as number
  })
  input.type = tensorType(dtype, shape)
}

function bound(size: Dim, bindings: Readonly<Record<string, number>>): Dim {
  if (typeof size !== 'string') return size
  if (Object.hasOwn(bindings, size)) return bindings[size]
  return NAMELESS.has(size) ? undefined : evaluateDim(canonicalDim(size), bindings)
}

function rewriteShapes(graph: Graph, rewrite: (size: Dim) => Dim): void {
  const produced = graph.nodes().flatMap((node) => node.outputs.filter((value) => value !== undefined))
  for (const value of [...graph.inputs, ...produced]) rewriteShape(value, rewrite)
  for (const subgraph of graph.nodes().flatMap((node) => node.subgraphs)) rewriteShapes(subgraph, rewrite)
}

function rewriteShape(value: Value, rewrite: (size: Dim) => Dim): void {
  const {dtype, shape} = operandOf(value)
  if (shape) value.type = tensorType(dtype, shape.map(rewrite))
}
