import {UsageError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import type {Batch, Dataset, Round} from '../dataset.js'
import {type Augment, augmentFor} from '../images/augment.js'
import {batchesOf} from './batches.js'
import type {FedInputs} from './fed-inputs.js'
import type {InputFeed} from './input-feed.js'
import {roundOf, type SampleOrder} from './sample-order.js'

/** What an order of samples is read with. */
export interface Samples {
  readonly feeds: readonly InputFeed[]
  readonly fixedBatch: number | undefined
  readonly notes: readonly string[]
  /** Inputs that get the same value in every run. */
  readonly fed: FedInputs
  readonly signal: AbortSignal | undefined
  /** Of one sample. */
  readonly labelShape: readonly number[]
  /** What messages call the data. */
  readonly path: string
}

/** Samples in an order. */
export class OpenedSamples implements Dataset {
  constructor(
    private readonly samples: Samples,
    private readonly order: SampleOrder,
    readonly labels: Float64Array | undefined,
    private readonly augments: readonly (Augment | undefined)[] = [],
  ) {}

  get sampleCount(): number {
    return this.order.count
  }

  get fixedBatch(): number | undefined {
    return this.samples.fixedBatch
  }

  get labelShape(): readonly number[] {
    return this.samples.labelShape
  }

  get notes(): readonly string[] {
    return this.samples.notes
  }

  keptAt(position: number): number {
    return this.order.keptAt(position)
  }

  batches(batchSize: number, {reuse}: {readonly reuse?: boolean} = {}): AsyncIterable<Batch> {
    return batchesOf(this.samples.feeds, this.order, {...this.samples, batchSize, augments: this.augments, reuse})
  }

  round(round: Round): Dataset {
    const order = roundOf(this.order, round)
    const shuffled = this.labels && labelsOf(order, this.labels, elementCount(this.labelShape))
    return new OpenedSamples(this.samples, order, shuffled, this.#augments(round))
  }

  #augments({augment: kinds = [], seed, skip}: Round): readonly (Augment | undefined)[] {
    if (kinds.length === 0) return []
    const {feeds, path} = this.samples
    const augments = feeds.map(({input, rowShape}) => augmentFor(input, rowShape, {kinds, seed, skip}))
    if (augments.some(Boolean)) return augments
    const shapes = feeds.map(({input, rowShape}) => `'${input.name}' [N, ${rowShape.join(', ')}]`).join(', ')
    throw new UsageError(
      `${path}: expected images to augment, [N, channels, height, width] or [N, height, width, channels], got ${shapes}`,
      {
        hint: 'Leave out --augment',
      },
    )
  }
}

/** @param each labels of a sample. */
function labelsOf(order: SampleOrder, labels: Float64Array, each: number): Float64Array {
  const shuffled = new Float64Array(order.count * each)
  for (let position = 0; position < order.count; position++) {
    const from = order.keptAt(position) * each
    shuffled.set(labels.subarray(from, from + each), position * each)
  }
  return shuffled
}
