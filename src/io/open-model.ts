import {endianness} from 'node:os'
import {MachineError, ModelError, type MoptError} from '../errors.js'
import type {Model} from '../ir/model.js'
import {decode} from '../proto/decode.js'
import type {ModelProto} from '../proto/messages.js'
import {WireError} from '../proto/wire-error.js'
import {DataFiles} from './data-files.js'
import {FileBytes} from './file-bytes.js'
import {fileKind} from './file-signature.js'
import {fileSource} from './file-source.js'
import {type ReadOptions, readModel} from './read-model.js'

/** Protobuf's own limit: sizes are signed 32-bit numbers in most of its readers. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1

const RETRY = 'Download or export it again'
/** As many first bytes as it takes to recognize another kind of file. */
const START_BYTES = 64

export interface OpenedModel {
  readonly model: Model
  readonly path: string
  /** The model file and its external data. */
  readonly sizeBytes: number
  /** The model file, then its data files. None of them may be overwritten while the model is open. */
  readonly files: readonly string[]
  /** Lets go of the files, once the last tensor has been read. */
  close(): void
}

/**
 * Opens an ONNX file. Weights stay in their files until a tensor's `read()`.
 *
 * @throws FileError when a file is missing or unreadable, ModelError when it is no valid model, UnsupportedError when it is too new.
 */
export async function openModel(path: string, options: ReadOptions = {}): Promise<OpenedModel> {
  if (endianness() !== 'LE') throw new MachineError('mopt needs a little-endian machine, like the data in ONNX files')
  const file = new FileBytes(path)
  const data = new DataFiles(path)
  const close = (): void => {
    file.close()
    data.close()
  }
  try {
    const model = readModel(decodeFile(file, data), path, options)
    const all = [file, ...data.files]
    const sizeBytes = all.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0)
    return {model, path, sizeBytes, files: all.map((one) => one.path), close}
  } catch (error) {
    close()
    throw error
  }
}

function decodeFile(file: FileBytes, data: DataFiles): ModelProto {
  if (file.sizeBytes === 0)
    throw new ModelError(`${file.path}: expected an ONNX model, but the file is empty`, {hint: RETRY})
  if (file.sizeBytes > MAX_MODEL_BYTES) {
    const hint = 'Save the model with external data'
    throw new ModelError(`${file.path}: expected at most 2 GiB, the limit of the format, got ${file.sizeBytes} bytes`, {
      hint,
    })
  }
  const source = fileSource(file)
  try {
    const proto = decode('ModelProto', source, {onTensor: (tensor) => data.attach(tensor)})
    if (!proto.irVersion && !proto.graph) throw new WireError('no ONNX model', 0)
    return proto
  } catch (error) {
    source.load(0, Math.min(START_BYTES, file.sizeBytes))
    throw error instanceof WireError ? notAModel(file, source.bytes.subarray(0, START_BYTES), error) : error
  }
}

function notAModel({path, sizeBytes}: FileBytes, start: Uint8Array, cause: WireError): MoptError {
  const kind = fileKind(start)
  if (kind) return new ModelError(`${path}: expected an ONNX model, got ${kind.kind}`, {hint: kind.hint, cause})
  // every exporter writes the IR version, field 1, first
  if (start[0] !== 8)
    return new ModelError(`${path}: expected an ONNX model, got something else`, {hint: 'Pass an ONNX file', cause})
  const reason = `the file (${sizeBytes} bytes) is cut short or damaged: ${cause.message}`
  return new ModelError(`${path}: expected a whole ONNX model, but ${reason}`, {hint: RETRY, cause})
}
