import {rmSync} from 'node:fs'
import {basename} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {InterruptedError, UnsupportedError, UsageError} from '../errors.js'
import type {Model} from '../ir/model.js'
import {type Bytes, isSpan} from '../proto/byte-span.js'
import {type Encoded, encode} from '../proto/encode.js'
import {checkOutput, dataPathOf, isAnyOf} from './check-output.js'
import {ExternalPlan} from './external-plan.js'
import {modelProto} from './model-proto.js'
import {MAX_MODEL_BYTES} from './open-model.js'
import {ownsDataFile} from './owns-data-file.js'
import {TemporaryFile} from './temporary-file.js'
import {TemporaryFolder} from './temporary-folder.js'

export interface WriteOptions {
  /** Overwrite what is there. */
  readonly force: boolean
  /** `auto`: only when the model would pass 2 GiB. */
  readonly externalData: 'auto' | 'always' | 'never'
  /** Files the model is still read from: never overwritten. */
  readonly inputs?: readonly string[]
  readonly signal?: AbortSignal
}

export interface WrittenModel {
  /** All files together. */
  readonly sizeBytes: number
  /** The model file, then its data file if there is one. */
  readonly files: string[]
}

/** Between two looks at the signal, and between two turns of the event loop. */
const BREATH_BYTES = 32 * 2 ** 20

/** A model that is complete on disk, but not yet under its name. */
export interface StagedModel extends WrittenModel {
  /** Where it can be loaded until it is published. */
  readonly temporaryPath: string
  /** Gives it its name, in place of what `force` allows to replace. @throws FileError when something came in the way. */
  publish(): void
  /** Removes what was not published. */
  discard(): void
}

/**
 * Writes a model: weights one after the other past the encoder, under a temporary name until all is there.
 * The same model gives the same bytes.
 *
 * @throws FileError when the output is in the way or cannot be written, MachineError when the disk is full,
 * UsageError when 2 GiB are not enough and external data is forbidden, InterruptedError when the signal is aborted.
 */
export async function writeModel(model: Model, path: string, options: WriteOptions): Promise<WrittenModel> {
  const staged = await stageModel(model, path, options)
  try {
    staged.publish()
  } finally {
    staged.discard()
  }
  return {sizeBytes: staged.sizeBytes, files: staged.files}
}

/** As `writeModel`, but the model stays in a hidden folder beside its place, where it can be tried, until it is published. */
export async function stageModel(model: Model, path: string, options: WriteOptions): Promise<StagedModel> {
  checkOutput(path, options)
  const {encoded, external} = layOut(model, path, options)
  const dataPath = dataPathOf(path)
  if (external) checkOutput(dataPath, options)
  const replaces = await ownsDataFile(path)
  const contents = [...(external ? [{path: dataPath, encoded: external}] : []), {path, encoded}]
  const folder = new TemporaryFolder(path)
  const files: TemporaryFile[] = []
  const discard = (): void => {
    for (const file of files) file.discard()
    folder.remove()
  }
  try {
    for (const {path, encoded} of contents) {
      const file = new TemporaryFile(path, folder.path)
      files.push(file)
      await writeParts(file, encoded.parts, options.signal)
      file.close()
    }
  } catch (error) {
    discard()
    throw error
  }
  return {
    sizeBytes: contents.reduce((sum, {encoded}) => sum + encoded.byteLength, 0),
    files: contents.map((content) => content.path).reverse(),
    temporaryPath: (files.at(-1) as TemporaryFile).temporaryPath,
    publish() {
      checkOutput(path, options)
      publish(files, path, {replaces, inputs: options.inputs ?? []})
    },
    discard,
  }
}

/** Bytes the model takes in a file of its own, nothing being written. */
export function encodedSize(model: Model): number {
  return encode('ModelProto', modelProto(model)).byteLength
}

/**
 * Data before model. A process that dies in between leaves new data: no model may stand beside it that was made for the old data,
 * because nothing would tell that its weights are wrong. Old data that no model needs any more goes last.
 */
function publish(files: readonly TemporaryFile[], path: string, {replaces, inputs}: Replacement): void {
  const dataPath = dataPathOf(path)
  const hasData = files.length > 1
  if (replaces && hasData) rmSync(path, {force: true})
  for (const file of files) file.publish()
  if (replaces && !hasData && !isAnyOf(dataPath, inputs)) rmSync(dataPath, {force: true})
}

interface Replacement {
  /** The model that is there has a data file of its own. */
  readonly replaces: boolean
  readonly inputs: readonly string[]
}

/** Decides what goes into which file. No tensor of size is read yet. */
function layOut(model: Model, path: string, {externalData}: WriteOptions): {encoded: Encoded; external?: Encoded} {
  if (externalData !== 'always') {
    const encoded = encode('ModelProto', modelProto(model))
    if (encoded.byteLength <= MAX_MODEL_BYTES) return {encoded}
    if (externalData === 'never') {
      throw new UsageError(
        `${path}: the model takes ${encoded.byteLength} bytes, more than the 2 GiB one file may hold`,
        {
          hint: 'Use --external-data auto',
        },
      )
    }
  }
  const external = new ExternalPlan(basename(dataPathOf(path)))
  const encoded = encode('ModelProto', modelProto(model, external))
  if (encoded.byteLength > MAX_MODEL_BYTES) {
    throw new UnsupportedError(
      `${path}: the graph alone takes ${encoded.byteLength} bytes, more than the 2 GiB of the format`,
    )
  }
  return external.byteLength > 0 ? {encoded, external} : {encoded}
}

async function writeParts(file: TemporaryFile, parts: readonly Bytes[], signal?: AbortSignal): Promise<void> {
  let sinceBreath = 0
  for (const part of parts) {
    for (const piece of piecesOf(part)) {
      file.write(piece)
      sinceBreath += piece.length
      if (sinceBreath < BREATH_BYTES) continue
      sinceBreath = 0
      await setImmediate()
      if (signal?.aborted) throw new InterruptedError()
    }
  }
}

function piecesOf(part: Bytes): Iterable<Uint8Array> {
  if (!isSpan(part)) return [part]
  return part.slices?.() ?? [part.read()]
}
