import {closeSync, openSync, writeSync} from 'node:fs'
import {basename} from 'node:path'
import {UnsupportedError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import type {TaskContext} from '../../runtime/child/task-context.js'
import type {Rows} from '../../runtime/inputs/batch-axis.js'
import {openSource} from '../../runtime/inputs/feeds.js'
import {inputPorts} from '../../runtime/session/ports.js'
import {createSession, runSession} from '../../runtime/session/session.js'
import {toFloat32} from '../../runtime/session/to-float32.js'
import {ScoresOfProbabilities} from '../step/scores-of-probabilities.js'
import type {TeacherReply, TeacherRequest, WantedValue} from './teacher-request.js'

/** Runs a teacher over all samples, in the child process, and writes what it gives into a file, a row per sample. */
export async function runTeacher(request: TeacherRequest, context: TaskContext): Promise<TeacherReply> {
  const {path, settings, data, batch, values, file} = request
  // the file is a copy in a temporary folder: nobody knows it by that path
  const teacher = `the teacher ${basename(path)}`
  const session = await createSession(path, settings, {}, teacher)
  const source = await openSource({kind: 'data', spec: data}, inputPorts(session, settings.dims), batch)
  const rows = new RowWriter(values, basename(path))
  const target = openSync(file, 'w')
  let samples = 0
  try {
    for await (const {feeds, size, fed} of source.batches()) {
      const names = values.map(({name}) => name)
      const results = await runSession(session, feeds, names, teacher)
      const outputs = names.map((name) => {
        const tensor = results[name]
        if (!tensor) throw new TypeError(`the runtime gave no '${name}'`)
        return {data: toFloat32(tensor), dims: tensor.dims}
      })
      writeAll(target, rows.join(outputs, {size, fed}))
      samples += size
      context.progress(samples, source.total)
    }
  } finally {
    closeSync(target)
  }
  const {shapes, probabilities} = rows
  const {labels, notes} = source
  return {samples, shapes, probabilities, labels, notes}
}

interface Output {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** Puts the values of each sample behind each other. */
class RowWriter {
  /** Of a single sample, per value; empty before the first batch. */
  shapes: (readonly number[])[] = []
  readonly #scores: readonly ScoresOfProbabilities[]

  constructor(
    private readonly values: readonly WantedValue[],
    private readonly teacher: string,
  ) {
    this.#scores = values.map(({kind}) => new ScoresOfProbabilities(kind))
  }

  /** Which values turned out to be probabilities. */
  get probabilities(): boolean[] {
    return this.#scores.map(({isProbability}) => isProbability)
  }

  join(outputs: readonly Output[], {size, fed}: Rows): Float32Array {
    const shapes = outputs.map(({dims}, index) => this.#rowShape(index, dims, fed))
    const lengths = shapes.map(elementCount)
    const total = lengths.reduce((sum, length) => sum + length, 0)
    const rows = new Float32Array(size * total)
    let start = 0
    outputs.forEach(({data}, index) => {
      const length = lengths[index] as number
      const scores = this.#scores[index]?.of(data.subarray(0, size * length), shapes[index] ?? []) ?? data
      for (let row = 0; row < size; row++) {
        rows.set(scores.subarray(row * length, (row + 1) * length), row * total + start)
      }
      start += length
    })
    return rows
  }

  #rowShape(index: number, dims: readonly number[], fed: number): readonly number[] {
    const [rows, ...rest] = dims
    const known = this.shapes[index]
    const name = this.values[index]?.name
    if (rows !== fed) {
      throw new UnsupportedError(
        `${this.teacher}: '${name}': expected a row for each of ${fed} samples, got [${dims.join(', ')}]`,
        {hint: 'Choose a value whose first axis is the samples'},
      )
    }
    if (known && known.join() !== rest.join()) {
      throw new UnsupportedError(
        `${this.teacher}: '${name}': expected rows of shape [${known.join(', ')}] from all samples, got [${rest.join(', ')}]`,
      )
    }
    this.shapes[index] = rest
    return rest
  }
}

function writeAll(file: number, rows: Float32Array): void {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
