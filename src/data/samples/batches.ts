import {DataError, InterruptedError, UsageError} from '../../errors.js'
import {arrayTypeOf, type DType, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {Batch, BatchInput} from '../dataset.js'
import type {Augment} from '../images/augment.js'
import type {FedInputs} from './fed-inputs.js'
import type {InputFeed} from './input-feed.js'
import {type RowReader, rowElementsOf} from './sample-array.js'
import type {SampleOrder} from './sample-order.js'

interface BatchOptions {
  readonly batchSize: number
  /** The only batch the model takes; `batchSize` gives way, and the last batch is filled up by repeating its last sample. */
  readonly fixedBatch: number | undefined
  readonly signal: AbortSignal | undefined
  /** Inputs that get the same value in every run. */
  readonly fed: FedInputs
  /** By feed, for those whose images change. */
  readonly augments?: readonly (Augment | undefined)[]
  readonly reuse?: boolean | undefined
}

/** Reads, converts and checks samples, one batch at a time. Files are open only while it runs. */
export async function* batchesOf(
  feeds: readonly InputFeed[],
  order: SampleOrder,
  options: BatchOptions,
): AsyncGenerator<Batch> {
  const step = options.fixedBatch ?? options.batchSize
  if (!(step >= 1)) throw new UsageError(`--batch: expected at least 1, got ${step}`)
  const places = feeds.map(({array, input}) => {
    return {stored: arraysInTurn(array.dtype, options.reuse), prepared: arraysInTurn(input.dtype, options.reuse)}
  })
  const readers: RowReader[] = []
  try {
    for (const {array} of feeds) readers.push(await array.open(order))
    for (let from = 0; from < order.count; from += step) {
      if (options.signal?.aborted) throw interruption(options.signal)
      const size = Math.min(step, order.count - from)
      const rows = options.fixedBatch ?? size
      const inputs: Record<string, BatchInput> = Object.create(null)
      for (const [index, feed] of feeds.entries()) {
        const place = places[index] as (typeof places)[number]
        const stored = await (readers[index] as RowReader).read(
          from,
          size,
          place.stored(size * rowElementsOf(feed.array)),
        )
        const refuse = refuserOf(feed, order, from)
        const prepared = feed.prepare(stored, size, refuse, place.prepared(size * elementCount(feed.rowShape)))
        const data = options.augments?.[index]?.(prepared, from) ?? prepared
        inputs[feed.input.name] = batchInput(feed, padRows(data, size, rows), rows)
      }
      yield {inputs: {...inputs, ...options.fed.at(rows)}, size}
    }
  } finally {
    for (const reader of readers) await reader.close()
  }
}

/** Two arrays that take turns, so that one can be filled while the other is in use; none unless they are wanted. */
function arraysInTurn(dtype: DType, isWanted = false): (length: number) => TypedArray | undefined {
  let [next, last]: (TypedArray | undefined)[] = []
  return (length) => {
    if (!isWanted) return undefined
    const array = next?.length === length ? next : new (arrayTypeOf(dtype))(length)
    ;[next, last] = [last, array]
    return array
  }
}

function interruption({reason}: AbortSignal): InterruptedError {
  return reason instanceof InterruptedError ? reason : new InterruptedError()
}

function batchInput({input, rowShape}: InputFeed, data: TypedArray, rows: number): BatchInput {
  return {dtype: input.dtype, shape: [rows, ...rowShape], data}
}

function padRows(data: TypedArray, size: number, rows: number): TypedArray {
  if (size === rows) return data
  const rowElements = data.length / size
  const padded = new (data.constructor as new (length: number) => TypedArray)(rows * rowElements)
  padded.set(data as never)
  for (let row = size; row < rows; row++)
    padded.copyWithin(row * rowElements, (size - 1) * rowElements, size * rowElements)
  return padded
}

/** Errors name the sample as the file counts it, whatever the order. */
function refuserOf({array, rowShape}: InputFeed, order: SampleOrder, from: number) {
  return (element: number, expected: string, got: string): never => {
    const sample = order.at(from + Math.floor(element / elementCount(rowShape)))
    const place = array.placeOf?.(sample) ?? `sample ${sample}`
    const hint = array.placeOf ? `Repair ${place}` : `Repair sample ${sample} (counted from 0) of ${array.where}`
    throw new DataError(`array '${array.name}', ${place}: expected ${expected}, got ${got}`, {hint})
  }
}
