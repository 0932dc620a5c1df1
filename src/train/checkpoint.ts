import {createHash} from 'node:crypto'
import {closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync} from 'node:fs'
import {FileError, UsageError} from '../errors.js'
import type {TrainRequest} from './train-request.js'
import type {TrainProgress, TrainState} from './train-state.js'

const MAGIC = 'mopt checkpoint 1\n'

/** The first bytes of a checkpoint after the magic line, as one line of JSON; float32 arrays follow it, in `arraysOf`'s order. */
interface Header {
  /** What must be the same for a training to go on as if it had not been interrupted. */
  readonly training: string
  readonly progress: TrainProgress
  readonly lengths: readonly number[]
}

/**
 * Writes all that changes during a training: weights, moments, the best weights, where it is. Atomic: the file of before stays
 * until the new one is complete, so a killed run leaves one that can be read.
 *
 * @throws FileError when the file cannot be written.
 */
export function writeCheckpoint(path: string, request: TrainRequest, state: TrainState): void {
  const arrays = arraysOf(state)
  const header: Header = {
    training: identityOf(request),
    progress: state.progress,
    lengths: arrays.map(({length}) => length),
  }
  // one name for all: what a killed run left is written over, or removed when the training goes on
  const temporary = partialOf(path)
  try {
    const file = openSync(temporary, 'w')
    try {
      writeAll(file, Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`))
      for (const {buffer, byteOffset, byteLength} of arrays)
        writeAll(file, new Uint8Array(buffer, byteOffset, byteLength))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, {force: true})
    throw new FileError(`${path}: the checkpoint cannot be written: ${reasonOf(cause)}`, {
      hint: 'Check the folder and the free space',
      cause,
    })
  }
}

/**
 * Reads a checkpoint into a state.
 *
 * @param state a fresh one, modified in place.
 * @returns false when there is no such file; the state is then as it was.
 * @throws FileError for a file that is no checkpoint, or damaged; UsageError for one of another training.
 */
export function readCheckpoint(path: string, request: TrainRequest, state: TrainState): boolean {
  const bytes = readFile(path)
  rmSync(partialOf(path), {force: true})
  if (!bytes) return false
  const end = bytes.indexOf('\n', MAGIC.length)
  if (end < 0 || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw notACheckpoint(path)
  const {training, progress, lengths} = headerOf(path, bytes.toString('utf8', MAGIC.length, end))
  if (training !== identityOf(request)) {
    throw new UsageError(`${path}: the checkpoint is of another training: its model, data or settings differ`, {
      hint: 'Give the settings it was started with, or remove it to start anew',
    })
  }
  const arrays = arraysOf(state)
  const sizeBytes = arrays.reduce((sum, {byteLength}) => sum + byteLength, 0)
  if (bytes.length !== end + 1 + sizeBytes || lengths.join() !== arrays.map(({length}) => length).join()) {
    throw notACheckpoint(path)
  }
  let start = end + 1
  for (const {buffer, byteOffset, byteLength} of arrays) {
    new Uint8Array(buffer, byteOffset, byteLength).set(bytes.subarray(start, start + byteLength))
    start += byteLength
  }
  Object.assign(state.progress, progress)
  return true
}

function partialOf(path: string): string {
  return `${path}.partial`
}

function arraysOf({weights, best, optimizer}: TrainState): Float32Array[] {
  return [...weights, ...best, ...optimizer.moments.flat()]
}

/** More epochs are welcome: that is how a training is prolonged, at a constant rate without any difference. */
function identityOf(request: TrainRequest): string {
  const {data, inputs, labels, recipe, batch, seed, augment, update, parameters, initial, epochs} = request
  const {kind} = update.schedule
  const length = kind === 'constant' && !update.sparsity ? undefined : epochs
  const hash = createHash('sha256')
  hash.update(JSON.stringify({data, inputs, labels, recipe, batch, seed, augment, update, parameters, length}))
  for (const {buffer, byteOffset, byteLength} of initial) hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  return hash.digest('hex')
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}

function readFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new FileError(`${path}: the checkpoint cannot be read: ${reasonOf(cause)}`, {cause})
  }
}

function headerOf(path: string, line: string): Header {
  try {
    return JSON.parse(line) as Header
  } catch {
    throw notACheckpoint(path)
  }
}

function notACheckpoint(path: string): FileError {
  return new FileError(`${path}: expected a checkpoint of mopt, found something else or a damaged file`, {
    hint: 'Remove it, or choose another path',
  })
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
