import type {Dim} from '../ir/dim.js'
import type {Value} from '../ir/value.js'

/** Sizes of what an output has for one sample; undefined where nothing is known of them. */
export function rowOf(output: Value): readonly Dim[] | undefined {
  return shapeOf(output)?.slice(1)
}

/** All sizes; the first counts the samples. */
export function shapeOf({type}: Value): readonly Dim[] | undefined {
  return type?.kind === 'tensor' ? type.shape : undefined
}

/** `[N, 10]`, for messages. */
export function shapeText(output: Value): string {
  return `[${
    shapeOf(output)
      ?.map((size) => size ?? '?')
      .join(', ') ?? '?'
  }]`
}

/** It has one number for each sample. */
export function isOneNumber(output: Value): boolean {
  return rowOf(output)?.every((size) => size === 1) ?? false
}
