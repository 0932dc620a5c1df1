import {createHash} from 'node:crypto'
import {closeSync, fsyncSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync} from 'node:fs'
import {FileError, MachineError, UsageError} from '../../errors.js'
import type {TrainRequest} from './train-request.js'
import type {TrainProgress, TrainState} from './train-state.js'

const MAGIC = 'mopt checkpoint 2\n'

/** SHA-256 in hexadecimal, and the end of its line. */
const DIGEST_LENGTH = 65

/**
 * What follows the magic line and the digest of all the rest, as one line of JSON; float32 arrays follow it, in `arraysOf`'s order.
 */
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
 * @throws FileError when the file cannot be written, MachineError when the disk is full.
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
      const parts = [Buffer.from(`${JSON.stringify(header)}\n`), ...arrays.map(bytesOf)]
      writeAll(file, Buffer.from(`${MAGIC}${digestOf(parts)}\n`))
      for (const part of parts) writeAll(file, part)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, {force: true})
    const message = `${path}: the checkpoint cannot be written: ${reasonOf(cause)}`
    if (isFull(cause)) throw new MachineError(message, {hint: 'Free some space or choose another disk', cause})
    throw new FileError(message, {hint: 'Choose another place with --checkpoint', cause})
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
  const start = MAGIC.length + DIGEST_LENGTH
  const digest = bytes.toString('latin1', MAGIC.length, start - 1)
  if (!startsLikeOne(bytes) || digest !== digestOf([bytes.subarray(start)])) throw notACheckpoint(path)
  const end = bytes.indexOf('\n', start)
  const {training, progress, lengths} = JSON.parse(bytes.toString('utf8', start, end)) as Header
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
  let next = end + 1
  for (const array of arrays) {
    bytesOf(array).set(bytes.subarray(next, next + array.byteLength))
    next += array.byteLength
  }
  Object.assign(state.progress, progress)
  return true
}

/** Whether a file begins like a checkpoint; what stands behind that is not looked at. */
export function isCheckpoint(path: string): boolean {
  const start = Buffer.alloc(MAGIC.length)
  const file = openSync(path, 'r')
  try {
    readSync(file, start)
    return startsLikeOne(start)
  } finally {
    closeSync(file)
  }
}

function startsLikeOne(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, MAGIC.length) === MAGIC
}

function digestOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function bytesOf({buffer, byteOffset, byteLength}: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
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
  for (const array of initial) hash.update(bytesOf(array))
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

function notACheckpoint(path: string): FileError {
  return new FileError(`${path}: expected a checkpoint of mopt, found something else or a damaged file`, {
    hint: 'Remove it, or choose another path',
  })
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
