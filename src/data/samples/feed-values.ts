import {DataError, UsageError} from '../../errors.js'
import {ownEntry} from '../../ir/own-entry.js'
import {openNpy} from '../arrays/npy.js'
import {openDataFile} from '../bytes/file-kind.js'
import type {Feeds, FeedValue} from '../dataset.js'
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
