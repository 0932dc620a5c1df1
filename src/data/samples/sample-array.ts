import type {DType, TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {SampleOrder} from './sample-order.js'

/** A named array of a data file; its first axis counts the samples. */
export interface SampleArray {
  readonly name: string
  /** File, and member if it is in an archive, for messages. */
  readonly where: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** The format says that these are the pixels of images. */
  readonly isPixels: boolean
  /** Rows are certainly `[height, width, channels]`; else the sizes decide. */
  readonly channelsLast?: boolean
  /** Where the user finds a sample: a file, or a line of one. `sample N` when absent. */
  placeOf?(sample: number): string
  open(order: SampleOrder): Promise<RowReader>
  /** Goes through the data once, in little memory, where its format has checksums or lengths. @throws DataError when they do not fit. */
  verify?(signal?: AbortSignal): Promise<void>
}

/** Reads samples by their position in the order it was opened with. Ask in rising order. */
export interface RowReader {
  /**
   * @param into where the caller wants it, if that saves memory; as long as what is read.
   * @returns `[count, ...row]`, fresh or `into`: the caller may modify it.
   */
  read(from: number, count: number, into?: TypedArray): Promise<TypedArray>
  close(): Promise<void>
}

export function rowShapeOf(array: SampleArray): readonly number[] {
  return array.shape.slice(1)
}

export function rowElementsOf(array: SampleArray): number {
  return elementCount(rowShapeOf(array))
}

/** `[300, 28, 28] uint8`, for messages. */
export function describeArray(array: SampleArray): string {
  return `[${array.shape.join(', ')}] ${array.dtype}`
}
