import {UnsupportedError} from '../../errors.js'
import type {Value} from '../../ir/value.js'

/** @throws UnsupportedError when a size is not known. */
export function knownShape(value: Value): readonly number[] {
  const shape = value.type?.kind === 'tensor' ? value.type.shape : undefined
  if (shape?.every((size) => typeof size === 'number')) return shape as readonly number[]
  throw new UnsupportedError(`'${value.name}': training needs its sizes, got [${shape?.join(', ') ?? 'unknown'}]`, {
    hint: 'Give the sizes of the inputs with --input-shape',
  })
}
