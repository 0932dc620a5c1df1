import type {Graph} from '../ir/graph.js'
import type {Value} from '../ir/value.js'

/** Whether two models take the same inputs by name and give the same outputs by name and size, so that one can stand for the other. */
export function hasSamePorts(reference: Graph, other: Graph): boolean {
  const names = (values: readonly Value[]): string =>
    values
      .filter((value) => !value.constant)
      .map(({name}) => name)
      .sort()
      .join('\n')
  if (names(reference.inputs) !== names(other.inputs)) return false
  return reference.outputs.every((output) => {
    const twin = other.outputs.find(({name}) => name === output.name)
    return twin !== undefined && fits(output, twin)
  })
}

function fits(output: Value, twin: Value): boolean {
  const [own, others] = [output, twin].map(({type}) => (type?.kind === 'tensor' ? type.shape : undefined))
  if (!own || !others) return true
  const isSame = (size: unknown, other: unknown): boolean => {
    return typeof size !== 'number' || typeof other !== 'number' || size === other
  }
  return own.length === others.length && own.every((size, axis) => isSame(size, others[axis]))
}
