import {sizeBytes, type Tensor} from '../ir/tensor.js'
import type {Bytes} from '../proto/byte-span.js'
import {EXTERNAL, type TensorProto} from '../proto/messages.js'
import {rawTensorProto} from './tensor-proto.js'

/** Smaller tensors stay in the model, where shape inference needs them; onnx's own writer draws the same line. */
const MIN_EXTERNAL_BYTES = 1024
/** Tensors from this size on start on a page, so that a runtime can map them into memory. */
const PAGE_ALIGNED_BYTES = 2 ** 20
const PAGE_BYTES = 4096
/** Every other tensor starts where any element type is aligned. */
const ELEMENT_ALIGNMENT = 16

/** Which tensors go to the data file, and where in it. */
export class ExternalPlan {
  /** Contents of the data file in order, gaps included. */
  readonly parts: Bytes[] = []
  byteLength = 0

  /** @param location name of the data file, relative to the model's folder. */
  constructor(private readonly location: string) {}

  takes(tensor: Tensor): boolean {
    return tensor.dtype !== 'string' && sizeBytes(tensor) >= MIN_EXTERNAL_BYTES
  }

  /** Gives the tensor its place in the data file. @returns the message without the data. */
  place(tensor: Tensor, proto: TensorProto): TensorProto {
    const {rawData, ...rest} = rawTensorProto(tensor, proto)
    this.#align(rawData.byteLength >= PAGE_ALIGNED_BYTES ? PAGE_BYTES : ELEMENT_ALIGNMENT)
    const entries = {location: this.location, offset: `${this.byteLength}`, length: `${rawData.byteLength}`}
    this.#append(rawData)
    const externalData = Object.entries(entries).map(([key, value]) => ({key, value}))
    return {...rest, externalData, dataLocation: EXTERNAL}
  }

  #align(bytes: number): void {
    const gap = (bytes - (this.byteLength % bytes)) % bytes
    if (gap > 0) this.#append(new Uint8Array(gap))
  }

  #append(part: Bytes): void {
    this.parts.push(part)
    this.byteLength += part.byteLength
  }
}
