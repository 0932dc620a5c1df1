import type {Dim} from '../ir/dim.js'
import type {DType, TypedArray} from '../ir/dtype.js'
import type {Augmentation} from './images/augment.js'

/** Pillow's resampling filters. */
export type ResampleFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'

/** How pixels become numbers: resized, cropped, then `y = (x · scale − mean) / std`, one value or one per channel. */
export interface PreprocessSpec {
  /** height, width; or the length of the shorter side, the other one in proportion */
  readonly resize?: readonly [number, number] | {readonly shortestEdge: number} | undefined
  /** bilinear when absent */
  readonly resample?: ResampleFilter | undefined
  /** height, width around the centre; zeros where the image is smaller */
  readonly crop?: readonly [number, number] | undefined
  readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
  readonly layout?: 'nchw' | 'nhwc' | undefined
  readonly scale?: number | undefined
  readonly mean?: readonly number[] | undefined
  readonly std?: readonly number[] | undefined
}

/** A constant given with `--feed`, as written; it is cast and stretched to its input. */
export interface FeedValue {
  readonly dtype: DType
  /** `[]` for a single number */
  readonly shape: readonly number[]
  readonly data: TypedArray
}

export type Feeds = Readonly<Record<string, FeedValue>>

/** Where samples come from, as plain data: it crosses the process border and the child opens the files itself. */
export interface DataSpec {
  readonly path: string
  /** A labels file (IDX or npy) when labels are not in the data. */
  readonly labels?: string
  /** array name → input name */
  readonly map?: Readonly<Record<string, string>>
  /** What the flags say; over what `preprocessFile` says. */
  readonly preprocess?: PreprocessSpec
  /** A preprocessor_config.json of Hugging Face. */
  readonly preprocessFile?: string
  /** The array that holds labels, when it has none of the usual names. */
  readonly labelColumn?: string
  /** input name → what it gets in every run; such inputs take nothing from the data. */
  readonly feeds?: Feeds
  /** Checksums and lengths of all arrays were found right before: no need to go through them again. */
  readonly isVerified?: boolean
  /** These are held-out samples to judge on: images without labels are refused. */
  readonly isEval?: boolean
  readonly seed: number
  /** When absent: class folders are shuffled, everything else is taken in order. */
  readonly shuffle?: boolean
  readonly offset?: number
  readonly limit?: number
}

/** One round of a training. */
export interface Round {
  /** Decides the order of the samples, and how images change. */
  readonly seed: number
  /** Samples at its beginning that are left out: they were used before an interruption. */
  readonly skip: number
  readonly augment?: readonly Augmentation[] | undefined
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
  /** One integer class or one float target per sample or position, in the order of the batches. */
  readonly labels: Float64Array | undefined
  /** Sizes of one sample's labels: empty where it has one, or none. */
  readonly labelShape: readonly number[]
  /** The only batch size the model takes, by the inputs that samples feed; constants have none. */
  readonly fixedBatch: number | undefined
  /** Things worth telling the user: ignored arrays, default scale. */
  readonly notes: readonly string[]
  /** Where the sample at a position of the batches stands without the round: what was computed of it before is found there. */
  keptAt(position: number): number
  /** @param options `reuse`: the arrays of a batch may be those of the batch before the last one, written anew. */
  batches(batchSize: number, options?: {readonly reuse?: boolean}): AsyncIterable<Batch>
  /** The same samples in another order. @throws UsageError when images are to be augmented, and no input takes any. */
  round(round: Round): Dataset
}
