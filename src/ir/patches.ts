import type {AttributeLike} from './attribute.js'
import type {GraphBuilder} from './build.js'
import {derivedTensor, elementCount} from './tensor.js'
import type {Value} from './value.js'

/** What a convolution sees of its input at once. */
export interface PatchWindow {
  /** `[…spatial]` */
  readonly kernel: readonly number[]
  /** Strides, dilations and paddings, as the convolution has them; those that are absent have ONNX's defaults. */
  readonly attributes: Readonly<Record<string, AttributeLike>>
}

/**
 * What each result of a convolution is made of: every number of its window in a channel of its own, paddings as zeros. A depthwise
 * convolution whose kernels pick one number each, so it costs places² products per channel and position.
 *
 * @param value `[N, channels, …spatial]`, float32.
 * @returns `[N, channels · places, …]`, laid out as a kernel's weights are.
 */
export function patches(build: GraphBuilder, value: Value, channels: number, window: PatchWindow): Value {
  const {kernel, attributes} = window
  const places = elementCount(kernel)
  if (places === 1 && Object.keys(attributes).length === 0) return value
  const picks = derivedTensor('float32', [channels * places, 1, ...kernel], () =>
    Float32Array.from({length: channels * places * places}, (_, i) =>
      i % places === Math.floor(i / places) % places ? 1 : 0,
    ),
  )
  return build.op('Conv', [value, build.constant(picks)], {...attributes, kernel_shape: [...kernel], group: channels})
}
