import type {InferenceSession} from 'onnxruntime-node'
import type {InputPort} from '../../data/dataset.js'
import {UnsupportedError} from '../../errors.js'
import {BITS, type DType} from '../../ir/dtype.js'
import {ownEntry} from '../../ir/own-entry.js'

/**
 * The inputs of a loaded model. Free dimensions get their sizes here: onnxruntime-node 1.30 accepts `freeDimensionOverrides` and
 * ignores them.
 *
 * @param dims free dimension name → size
 * @throws UnsupportedError for an input that is not a tensor.
 */
export function inputPorts(session: InferenceSession, dims: Readonly<Record<string, number>> = {}): InputPort[] {
  return session.inputMetadata.map((port) => {
    if (!port.isTensor) {
      throw new UnsupportedError(`input '${port.name}': only tensors can be fed, and it is a sequence, map or optional`)
    }
    const shape = port.shape.map(namedDim).map((dim) => (typeof dim === 'string' ? (ownEntry(dims, dim) ?? dim) : dim))
    return {name: port.name, dtype: dtypeOf(port.type), shape}
  })
}

/** The outputs of a loaded model that are tensors of numbers; others cannot be fetched or compared. */
export function outputPorts(session: InferenceSession): InputPort[] {
  return session.outputMetadata.flatMap((port) => {
    if (!port.isTensor || port.type === 'string') return []
    return [{name: port.name, dtype: dtypeOf(port.type), shape: port.shape.map(namedDim)}]
  })
}

/** Names of the outputs that are tensors, strings too. */
export function comparableNames(session: InferenceSession): string[] {
  return session.outputMetadata.filter(({isTensor}) => isTensor).map(({name}) => name)
}

/** The runtime names an unnamed free dimension ''. */
function namedDim(size: number | string): number | string | undefined {
  return size === '' ? undefined : size
}

function dtypeOf(type: string): DType {
  if (type in BITS) return type as DType
  throw new UnsupportedError(`ONNX Runtime names a type '${type}' that mopt does not know`)
}
