import type {Dim} from '../ir/dim.js'
import type {DType, TypedArray} from '../ir/dtype.js'

/** How pixels become numbers: `y = (x · scale − mean) / std`, one value or one per channel. */
export interface PreprocessSpec {
  /** height, width */
  readonly resize?: readonly [number, number]
  readonly channels?: 'gray' | 'rgb' | 'bgr'
  readonly layout?: 'nchw' | 'nhwc'
  readonly scale?: number
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

/** Where samples come from, as plain data: it crosses the process border and the child opens the files itself. */
export interface DataSpec {
  readonly path: string
  /** A labels file (IDX or npy) when labels are not in the data. */
  readonly labels?: string
  /** array name → input name */
  readonly map?: Readonly<Record<string, string>>
  readonly preprocess?: PreprocessSpec
  readonly seed: number
  readonly shuffle?: boolean
  readonly offset?: number
  readonly limit?: number
}

/** An input of the model the samples are for. */
export interface InputPort {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly Dim[] | undefined
}

export interface BatchInput {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: TypedArray
}

export interface Batch {
  readonly inputs: Readonly<Record<string, BatchInput>>
  /** Real samples; rows after them repeat the last one to fill a fixed batch. */
  readonly size: number
}

/** Samples that fit the model's inputs, already typed and preprocessed. Memory is bounded by the batch, not by the set. */
export interface Dataset {
  readonly sampleCount: number
  /** One integer class or one float target per sample, in the order of the batches. */
  readonly labels: Float64Array | undefined
  /** Things worth telling the user: ignored arrays, default scale. */
  readonly notes: readonly string[]
  batches(batchSize: number): AsyncIterable<Batch>
}
