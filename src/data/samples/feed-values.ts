import {DataError, UsageError} from '../../errors.js'
import type {Dim} from '../../ir/dim.js'
import type {arrayTypeOf, TypedArray} from '../../ir/dtype.js'
import {ownEntry} from '../../ir/own-entry.js'
import {elementCount} from '../../ir/tensor.js'
import {openNpy} from '../arrays/npy.js'
import {openDataFile} from '../bytes/file-kind.js'
import type {BatchInput, Feeds, FeedValue, InputPort} from '../dataset.js'
import {castTo} from './cast.js'
import {describeShape} from './fit-shape.js'
import {sampleOrder} from './sample-order.js'

/**
 * Understands what `--feed NAME=VALUE` says: a number, numbers with commas, `zeros`, `ones`, `true`, `false`, or an .npy file.
 * @throws UsageError, FileError or DataError.
 */
export async function readFeeds(texts: Readonly<Record<string, string>> | undefined): Promise<Feeds> {
  const feeds: Record<string, FeedValue> = Object.create(null)
  for (const [name, text] of Object.entries(texts ?? {})) feeds[name] = await readFeed(name, text.trim())
  return feeds
}

const WORDS: Readonly<Record<string, number>> = {zeros: 0, ones: 1, false: 0, true: 1}

async function readFeed(name: string, text: string): Promise<FeedValue> {
  const word = ownEntry(WORDS, text.toLowerCase())
  if (word !== undefined) return {dtype: 'uint8', shape: [], data: Uint8Array.of(word)}
  if (/\.npy$/i.test(text)) return readNpy(text)
  const items = text.split(',').map((item) => item.trim())
  const shape = items.length === 1 ? [] : [items.length]
  if (items.every((item) => /^[-+]?\d+$/.test(item))) return {dtype: 'int64', shape, data: integersOf(name, items)}
  const numbers = Float64Array.from(items, (item) => (item === '' ? Number.NaN : Number(item)))
  if (numbers.every(Number.isFinite)) return {dtype: 'float64', shape, data: numbers}
  throw new UsageError(
    `--feed ${name}: expected a number, numbers with commas, zeros, ones or an .npy file, got '${text}'`,
  )
}

function integersOf(name: string, items: readonly string[]): BigInt64Array {
  const values = items.map((item) => BigInt(item))
  if (values.every((value) => BigInt.asIntN(64, value) === value)) return BigInt64Array.from(values)
  throw new UsageError(`--feed ${name}: expected integers of 64 bits, got ${items.join(',')}`)
}

async function readNpy(path: string): Promise<FeedValue> {
  const {kind, bytes} = await openDataFile(path)
  if (kind !== 'npy') throw new DataError(`${path}: expected an .npy array`)
  const {dtype, shape, open, verify} = await openNpy(bytes, path)
  await verify?.()
  const [rows] = shape
  const reader = await open(sampleOrder(rows ?? 1, {seed: 0}, path))
  try {
    return {dtype, shape, data: await reader.read(0, rows ?? 1)}
  } finally {
    await reader.close()
  }
}

/** @throws UsageError when a value is fed to an input the model does not have. */
export function checkFeedNames(feeds: Feeds, inputs: readonly {readonly name: string}[]): void {
  const names = inputs.map(({name}) => name)
  for (const name of Object.keys(feeds)) {
    if (names.includes(name)) continue
    throw new UsageError(`--feed ${name}: the model has no such input`, {hint: `Its inputs: ${names.join(', ')}`})
  }
}

/**
 * The shape a value takes in its input: fixed sizes as they are, named ones as in the other inputs, what is left as in the value.
 *
 * @param sizes of named dimensions.
 * @param rows of this run, for a free first dimension that nothing else decides.
 */
export function fedShape(
  feed: FeedValue,
  shape: readonly Dim[] | undefined,
  sizes: ReadonlyMap<string, number>,
  rows: number,
): readonly number[] {
  if (!shape) return feed.shape
  return shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim
    const known = dim === undefined ? undefined : sizes.get(dim)
    const own = feed.shape[axis - shape.length + feed.shape.length]
    return known ?? (own !== undefined && own !== 1 ? own : axis === 0 ? rows : 1)
  })
}

/**
 * A value in its input's type, stretched to a shape by NumPy's rules of broadcasting.
 * @throws DataError when it does not fit, or the type cannot hold it.
 */
export function fedInput(
  {name, dtype, shape: declared}: InputPort,
  feed: FeedValue,
  shape: readonly number[],
): BatchInput {
  const lead = shape.length - feed.shape.length
  const fits = lead >= 0 && feed.shape.every((size, axis) => size === 1 || size === shape[axis + lead])
  if (!fits) {
    throw new DataError(
      `--feed ${name}: expected a value for ${describeShape(declared)} ${dtype}, here [${shape.join(', ')}], got [${feed.shape.join(', ')}] ${feed.dtype}`,
      {hint: 'A single number, zeros and ones fit everywhere; sizes of 1 are repeated'},
    )
  }
  const own = castTo(
    feed.dtype,
    dtype,
    name,
  )(feed.data.slice() as TypedArray, (element, expected, got) => {
    throw new DataError(`--feed ${name}, element ${element}: expected ${expected}, got ${got}`)
  })
  return {dtype, shape, data: stretched(own, feed.shape, shape)}
}

function stretched(data: TypedArray, from: readonly number[], to: readonly number[]): TypedArray {
  const count = elementCount(to)
  if (count === data.length) return data
  const out = new (data.constructor as ReturnType<typeof arrayTypeOf>)(count)
  const lead = to.length - from.length
  for (let element = 0; element < count; element++) {
    let [rest, source, stride] = [element, 0, 1]
    for (let axis = to.length - 1; axis >= lead; axis--) {
      const [size, own] = [to[axis] as number, from[axis - lead] as number]
      if (own !== 1) source += (rest % size) * stride
      stride *= own
      rest = Math.floor(rest / size)
    }
    out[element] = data[source] as never
  }
  return out
}
