import {closeSync, openSync, readSync} from 'node:fs'
import type {BatchInput} from '../../data/dataset.js'
import {MachineError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import type {TeacherPort} from '../step/step-loss.js'

/** What a teacher gave for every sample, in a file: float32 rows, one per sample, the values of a sample behind each other. */
export interface TeacherCache {
  readonly path: string
  readonly samples: number
  readonly values: readonly TeacherValue[]
}

export interface TeacherValue {
  readonly name: string
  /** Of one sample. */
  readonly shape: readonly number[]
}

/** As much is held in memory; what is larger is read as it is needed. */
const MEMORY_LIMIT_BYTES = 256 * 2 ** 20

/** Bytes of all rows. */
export function bytesOf({samples, values}: TeacherCache): number {
  return samples * values.reduce((sum, {shape}) => sum + elementCount(shape), 0) * Float32Array.BYTES_PER_ELEMENT
}

/** Whether a training holds the rows in memory, or reads them from the file as it needs them. */
export function isHeld(cache: TeacherCache, limitBytes = MEMORY_LIMIT_BYTES): boolean {
  return bytesOf(cache) <= limitBytes
}

/** All of the first value, in the order of the samples. */
export function readTeacher(cache: TeacherCache): Float32Array {
  const length = cache.values.reduce((sum, {shape}) => sum + elementCount(shape), 0)
  const kept = elementCount(cache.values[0]?.shape ?? [])
  const file = openSync(cache.path, 'r')
  try {
    const all = new Float32Array(cache.samples * kept)
    for (let sample = 0; sample < cache.samples; sample++)
      all.set(readFloats(file, sample * length, kept), sample * kept)
    return all
  } finally {
    closeSync(file)
  }
}

/** The first value for some samples, evenly spread over all. */
export function readSomeRows(cache: TeacherCache, samples: number): Float32Array {
  const length = cache.values.reduce((sum, {shape}) => sum + elementCount(shape), 0)
  const kept = elementCount(cache.values[0]?.shape ?? [])
  const count = Math.min(samples, cache.samples)
  const file = openSync(cache.path, 'r')
  try {
    const some = new Float32Array(count * kept)
    for (let index = 0; index < count; index++) {
      const sample = Math.floor((index * cache.samples) / count)
      some.set(readFloats(file, sample * length, kept), index * kept)
    }
    return some
  } finally {
    closeSync(file)
  }
}

/** Hands out what a teacher gave for the samples of a batch. */
export class TeacherRows {
  readonly #file: number
  readonly #rowElements: number
  readonly #offsets: ReadonlyMap<string, {start: number; length: number}>
  readonly #all: Float32Array | undefined

  /**
   * @param limitBytes as much is held in memory.
   * @throws MachineError for a file that is cut short.
   */
  constructor(
    private readonly cache: TeacherCache,
    private readonly ports: readonly TeacherPort[],
    limitBytes = MEMORY_LIMIT_BYTES,
  ) {
    let start = 0
    const offsets = cache.values.map(({name, shape}): [string, {start: number; length: number}] => {
      const place = {start, length: elementCount(shape)}
      start += place.length
      return [name, place]
    })
    this.#rowElements = start
    this.#offsets = new Map(offsets)
    this.#file = openSync(cache.path, 'r')
    this.#all = isHeld(cache, limitBytes) ? readFloats(this.#file, 0, cache.samples * start) : undefined
  }

  /** The inputs that stand for the teacher. @param samples places of the samples in the file. */
  feeds(samples: readonly number[]): Record<string, BatchInput> {
    const rows = samples.map((sample) => this.#row(sample))
    const entries = this.ports.map((port): [string, BatchInput] => {
      const {start, length} = this.#placeOf(port)
      const data = new Float32Array(samples.length * length)
      rows.forEach((row, index) => {
        data.set(row.subarray(start, start + length), index * length)
      })
      return [port.name, {dtype: 'float32', shape: [samples.length, ...port.shape.slice(1)], data}]
    })
    return Object.fromEntries(entries)
  }

  close(): void {
    closeSync(this.#file)
  }

  #placeOf({value}: TeacherPort): {start: number; length: number} {
    const place = this.#offsets.get(value ?? this.cache.values[0]?.name ?? '')
    if (!place) throw new TypeError(`the teacher's '${value}' was not kept`)
    return place
  }

  #row(sample: number): Float32Array {
    const start = sample * this.#rowElements
    return this.#all?.subarray(start, start + this.#rowElements) ?? readFloats(this.#file, start, this.#rowElements)
  }
}

/** @param start in elements. */
function readFloats(file: number, start: number, length: number): Float32Array {
  const row = new Float32Array(length)
  const bytes = new Uint8Array(row.buffer)
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(file, bytes, done, bytes.length - done, start * Float32Array.BYTES_PER_ELEMENT + done)
    if (count === 0) throw new MachineError('the outputs of the teacher that were kept on disk are cut short')
    done += count
  }
  return row
}
