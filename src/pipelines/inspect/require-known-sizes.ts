import {UsageError} from '../../errors.js'
import type {Model} from '../../ir/model.js'

/** @throws UsageError when `--dim` names a size that no input of the model leaves free: a typing mistake would pass in silence. */
export function requireKnownSizes(model: Model, dims: Readonly<Record<string, number>>): void {
  const shapes = model.graph.inputs.map(({type}) => (type?.kind === 'tensor' ? (type.shape ?? []) : []))
  const free = [...new Set(shapes.flat().filter((size) => typeof size === 'string'))]
  const unknown = Object.keys(dims).find((name) => !free.includes(name))
  if (unknown === undefined) return
  const hint = free.length > 0 ? `The free sizes are ${free.join(', ')}` : 'All sizes of the inputs are fixed'
  throw new UsageError(`--dim: expected a free size of the model, got '${unknown}'`, {hint})
}
